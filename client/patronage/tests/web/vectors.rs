//! Vectors that both sides are tested with.

use ink::scale::{Decode, Encode};
use patronage::messages::{self, denied};
use patronage_chain::{
    accounts::address,
    funds::{Funds, Needs, Shortfall as FundsShortfall},
    units::{format_amount, format_basis_points, format_duration, format_time, parse_amount, parse_duration, Units},
};
use patronage_interfaces::{
    registry::{Condition, Missing, RegistryError, Shortfall},
    token::TokenError,
    vault::{Asset, VaultError},
};
use serde_json::{json, Value};

use crate::{
    account,
    samples::{units, Sample, Samples},
};

/// Errors with their words, encoded as a contract gives them.
pub fn error_vectors() -> Value {
    let (units, unit) = units();
    let of = |name: &str, bytes: Vec<u8>, words: String| json!([name, hex(&bytes), words]);
    let mut all = Vec::new();
    macro_rules! every {
        ($type:ty, $words:expr) => {
            for zero in [false, true] {
                for Sample { bytes, .. } in Samples::of::<$type>(zero) {
                    let error = <$type>::decode(&mut &bytes[..]).unwrap();
                    #[allow(clippy::redundant_closure_call)]
                    all.push(of(stringify!($type), bytes, $words(&error)));
                }
            }
        };
    }
    every!(TokenError, |error| messages::sale(error, &units));
    every!(VaultError, |error| messages::vault(error, &unit));
    every!(RegistryError, |error| messages::registry(error, &units.native));
    let (token, vault) = (account(1), account(2));
    let ways = vec![
        vec![
            Missing {
                condition: Condition::Holds { token, amount: 9 },
                shortfall: Shortfall::Amount { have: 4, short_by: 5 },
            },
            Missing { condition: Condition::NotBefore { time: 5 }, shortfall: Shortfall::Time { wait: 90_061_000 } },
        ],
        vec![Missing {
            condition: Condition::SubscribedFor { vault, level: 2, lasting: 5 },
            shortfall: Shortfall::Subscription { level: 3, ended: None, wait: 86_400_000 },
        }],
        vec![Missing {
            condition: Condition::Subscribed { vault, level: 2, grace: 5 },
            shortfall: Shortfall::Subscription { level: 1, ended: None, wait: 0 },
        }],
        vec![Missing {
            condition: Condition::Subscribed { vault, level: 2, grace: 5 },
            shortfall: Shortfall::Subscription { level: 3, ended: Some(7), wait: 0 },
        }],
    ];
    json!({ "errors": all, "denied": [hex(&ways.encode()), denied(&ways, &units, &mut |_| unit.clone())] })
}

fn hex(bytes: &[u8]) -> String {
    patronage_chain::hexadecimal(bytes)
}

/// Amounts, durations and times, written and read.
pub fn unit_vectors() -> Value {
    let amounts = [0, 1, 10, 1_500_000_000_000, 1_234_567_890_123_456_789, u128::MAX];
    let decimals = [0, 1, 9, 12, 18];
    let formatted: Vec<_> = amounts
        .iter()
        .flat_map(|amount| {
            decimals.map(|decimals| json!([amount.to_string(), decimals, format_amount(*amount, decimals)]))
        })
        .collect();
    let texts = [
        "0",
        "12",
        "0.05",
        "1200",
        "1.5",
        "1.50",
        "1,5",
        "-1",
        "",
        ".",
        "1.",
        ".5",
        "1.000",
        "0.001",
        "1.500",
        "1_000",
        "abc",
        "1e3",
        "340282366920938463463374607431768211455",
        "340282366920938463463374607431768211456",
        "0.0000000000001",
    ];
    let parsed: Vec<_> = texts
        .iter()
        .flat_map(|text| {
            [0, 9, 12].map(|decimals| match parse_amount(text, decimals) {
                Ok(amount) => json!([text, decimals, { "ok": amount.to_string() }]),
                Err(words) => json!([text, decimals, { "error": words }]),
            })
        })
        .collect();
    let durations = [0, 1, 999, 1_000, 60_000, 90_061_000, 86_400_000, 2_592_000_000, u64::MAX];
    let times = [0, 999, 1_790_000_000_123, 253_402_300_799_999, 253_402_300_800_000, u64::MAX];
    let texts = [
        "30d",
        "12h",
        "90min",
        "1 d 12 h",
        "1w",
        "0d",
        "",
        "5",
        "2m",
        "1mo",
        "1d1d",
        "1h1d",
        "7 days",
        "99999999999999999999d",
    ];
    let (points, bytes) = ([0, 1, 250, 10_000], [0_u8, 1, 0x33, 0xff]);
    json!({
        "formatAmount": formatted,
        "parseAmount": parsed,
        "formatDuration": durations.map(|time| json!([time.to_string(), format_duration(time)])),
        "formatTime": times.map(|time| json!([time.to_string(), format_time(time)])),
        "formatBasisPoints": points.map(|points| json!([points, format_basis_points(points)])),
        "parseDuration": texts.map(|text| match parse_duration(text) {
            Ok(time) => json!([text, { "ok": time.to_string() }]),
            Err(words) => json!([text, { "error": words }]),
        }),
        "addresses": bytes.map(|byte| json!([hex(&[byte; 32]), address(&account(byte))])),
    })
}

/// Calls as the SDK has to encode them, and records of contracts as it has to read them.
pub fn codec_vectors() -> Value {
    use patronage::contracts;
    use patronage_chain::encoded;
    use patronage_interfaces::{
        registry::{Audience, Content, ContentRegistry, Terms},
        token::CreatorToken,
        vault::{Fan, PatronageVault, Share, Stake, Subscription, TierTerms},
    };
    let at = account(9);
    let content = Content { uri: b"a.age".to_vec(), hash: [7; 32], public_key: [8; 32] };
    let rule = vec![
        Condition::Holds { token: account(1), amount: 5 },
        Condition::Subscribed { vault: account(2), level: 2, grace: 3 },
    ];
    let terms = Terms { audience: Audience::AnyOf(vec![rule]), price: Some(4), release: 5, retired: false };
    let tier = TierTerms {
        asset: Asset::Psp22(account(1)),
        price: u128::MAX,
        period: 86_400_000,
        level: 2,
        seats: Some(3),
        minimum_stay: 4,
        uri: b"x".to_vec(),
    };
    let fan = Fan {
        tipped: 5,
        subscription: Some(Subscription {
            tier: 1,
            level: 2,
            since: 3,
            stream: patronage_interfaces::vault::Stream { price: 4, start: 5, end: 6, paid: 7, minimum: 8 },
        }),
        stake: Some(Stake { staked: 1, since: 2, unstaking: 3, ready: 4 }),
    };
    json!({
        "calls": [
            ["token", "buy", hex(&encoded(contracts::sale(at).buy(account(3), 10, Some(account(4)))).1)],
            ["vault", "addTier", hex(&encoded(contracts::vault(at).add_tier(tier)).1)],
            ["vault", "setSplits", hex(&encoded(contracts::vault(at).set_splits(vec![Share { recipient: account(5), bp: 9_000 }], 1_000)).1)],
            ["vault", "tip", hex(&encoded(contracts::vault(at).tip(b"hi".to_vec())).1)],
            ["registry", "publish", hex(&encoded(contracts::registry(at).publish(content, terms)).1)],
        ],
        "fan": hex(&fan.encode()),
    })
}

/// That money is missing, in the command's words.
pub fn funds_vectors() -> Value {
    let (Units { native, .. }, _) = units();
    let cases = [
        (Funds { free: 5, locked: 1 }, Needs::new(100, 20, 30, 10), false),
        (Funds { free: 5, locked: 0 }, Needs::new(100, 0, 0, 10), false),
        (Funds { free: 1_500_000_000_000, locked: 0 }, Needs::new(1_600_000_000_000, 20, 0, 10), false),
    ];
    json!(cases.map(|(funds, needs, unknown_deposit)| {
        let words = FundsShortfall { funds, needs, unknown_deposit, unit: native.clone() }.to_string();
        json!({
            "free": funds.free.to_string(), "kept": funds.locked.to_string(), "value": needs.value.to_string(),
            "fee": needs.fee.to_string(), "deposit": needs.deposit.to_string(), "beside": needs.minimum_left.to_string(), "words": words,
        })
    }))
}

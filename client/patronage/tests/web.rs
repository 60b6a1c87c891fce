//! What the web SDK has from the Rust side: the words for errors, and vectors that both sides are tested with. The files are
//! committed in `web/sdk/vectors`. This test fails where they are not what the code says; with `PATRONAGE_WRITE_VECTORS=1` it
//! writes them.

use std::{collections::BTreeMap, fs, path::PathBuf};

use ink::{
    scale::{Decode, Encode},
    scale_info::{form::PortableForm, MetaType, PortableRegistry, Registry, Type, TypeDef, TypeDefPrimitive, TypeInfo},
};
use patronage::{
    actions::SLIPPAGE_PERCENT,
    explain::{self, denied, missing},
};
use patronage_chain::{
    accounts::address,
    funds::{Funds, Needs, Shortfall as FundsShortfall},
    units::{
        format_amount, format_basis_points, format_duration, format_time, parse_amount, parse_duration, Unit, Units,
    },
    ChainError,
};
use patronage_interfaces::{
    ownable::OwnershipError,
    registry::{Condition, Missing, RegistryError, Shortfall},
    token::TokenError,
    vault::{Asset, VaultError},
    AccountId,
};
use psp22::PSP22Error;
use serde_json::{json, Map, Value};

/// A value that is told from all others in a text, whatever unit it is written in.
#[derive(Clone)]
struct Probe {
    field: String,
    value: u128,
    text: Option<String>,
}

fn units() -> (Units, Unit) {
    let unit = |symbol: &str, decimals| Unit { symbol: symbol.to_owned(), decimals, most: u128::MAX };
    // Decimals that differ, so that a rendering says which unit it was made with.
    (Units { native: unit("NATIVE", 12), token: unit("TOKEN", 9) }, unit("UNIT", 7))
}

/// How `probe` can stand in a text, by the name of the way.
fn renderings(probe: &Probe) -> Vec<(String, String)> {
    let (Units { native, token }, unit) = units();
    let value = probe.value;
    let mut ways = Vec::new();
    let mut way = |name: &str, text: String| ways.push((text, format!("{{{}:{name}}}", probe.field)));
    if let Some(text) = &probe.text {
        way("text", text.clone());
        return ways;
    }
    for (name, unit) in [("native", &native), ("token", &token), ("unit", &unit)] {
        way(name, unit.format(value));
        way(&format!("{name}Plain"), unit.plain(value));
    }
    if let Ok(time) = u64::try_from(value) {
        way("time", format_time(time));
        way("duration", format_duration(time));
    }
    way("percent", format!("{} %", format_amount(value, 2)));
    way("number", value.to_string());
    way("ordinal", (value + 1).to_string());
    ways
}

/// `text` with a placeholder wherever a probe stands in it.
fn template(text: &str, probes: &[Probe]) -> String {
    let mut ways: Vec<_> = probes.iter().flat_map(renderings).collect();
    // Longest first: one can be a part of another.
    ways.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    let mut result = String::new();
    let mut rest = text;
    'next: while let Some(letter) = rest.chars().next() {
        for (text, placeholder) in &ways {
            // Not inside of another number.
            let inside = result.ends_with(|before: char| before.is_ascii_digit());
            if !inside && rest.starts_with(text) {
                result.push_str(placeholder);
                rest = &rest[text.len()..];
                continue 'next;
            }
        }
        assert!(!"{}".contains(letter), "a text has braces: {text}");
        result.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    for (symbol, placeholder) in [("NATIVE", "{:nativeSymbol}"), ("TOKEN", "{:tokenSymbol}"), ("UNIT", "{:unitSymbol}")]
    {
        result = result.replace(symbol, placeholder);
    }
    result
}

/// Encoded values of a type, each with its probes and the path of its variants.
struct Sample {
    path: String,
    bytes: Vec<u8>,
    probes: Vec<Probe>,
}

struct Samples {
    types: PortableRegistry,
    /// What every number is, for the words that are said where it is 0.
    zero: bool,
    next: u128,
}

impl Samples {
    fn of<T: TypeInfo + 'static>(zero: bool) -> Vec<Sample> {
        let mut registry = Registry::new();
        let id = registry.register_type(&MetaType::new::<T>()).id;
        let mut samples = Self { types: registry.into(), zero, next: 0 };
        samples.variants(id)
    }

    fn type_of(&self, id: u32) -> Type<PortableForm> {
        self.types.resolve(id).expect("every type is registered").clone()
    }

    /// Every variant of an enum, and of the enums in it.
    fn variants(&mut self, id: u32) -> Vec<Sample> {
        let TypeDef::Variant(def) = self.type_of(id).type_def else { panic!("an error is an enum") };
        let mut samples = Vec::new();
        for variant in def.variants {
            let nested = variant.fields.first().filter(|field| field.name.is_none()).map(|field| field.ty.id);
            let nested = nested.filter(|id| matches!(self.type_of(*id).type_def, TypeDef::Variant(_)));
            if let Some(inner) = nested {
                for sample in self.variants(inner) {
                    let bytes = [vec![variant.index], sample.bytes].concat();
                    samples.push(Sample { path: format!("{}.{}", variant.name, sample.path), bytes, ..sample });
                }
                continue;
            }
            let (mut bytes, mut probes) = (vec![variant.index], Vec::new());
            for field in &variant.fields {
                let name = camel(field.name.as_deref().unwrap_or("value"));
                bytes.extend(self.field(name, field.ty.id, &mut probes));
            }
            samples.push(Sample { path: variant.name, bytes, probes });
        }
        samples
    }

    fn field(&mut self, field: String, id: u32, probes: &mut Vec<Probe>) -> Vec<u8> {
        self.next += 1;
        let next = self.next;
        let large = |value: u128| if self.zero { 0 } else { value };
        let (value, bytes, text) = match self.type_of(id).type_def {
            TypeDef::Primitive(TypeDefPrimitive::U128) => {
                let value = large(7_418_529_630_741_852_900 + next);
                (value, value.encode(), None)
            }
            TypeDef::Primitive(TypeDefPrimitive::U64) => {
                let value = large(1_790_000_000_123 + next * 90_061_000);
                (value, u64::try_from(value).unwrap().encode(), None)
            }
            TypeDef::Primitive(TypeDefPrimitive::U32) => {
                let value = large(74_000 + next);
                (value, u32::try_from(value).unwrap().encode(), None)
            }
            TypeDef::Primitive(TypeDefPrimitive::U16) => {
                let value = large(7_400 + next);
                (value, u16::try_from(value).unwrap().encode(), None)
            }
            TypeDef::Primitive(TypeDefPrimitive::U8) => {
                let value = large(70 + next % 20);
                (value, vec![u8::try_from(value).unwrap()], None)
            }
            TypeDef::Primitive(TypeDefPrimitive::Str) => (0, "<text>".encode(), Some("<text>".to_owned())),
            other => panic!("{field} is of a type that no error has had: {other:?}"),
        };
        probes.push(Probe { field, value, text });
        bytes
    }
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + &part[..1].to_uppercase() + &part[1..])
}

/// The words of every variant of `T`: a list of cases, of which the first whose fields are all zero where it says so holds.
fn errors<T: TypeInfo + Decode + 'static>(words: impl Fn(&T) -> String) -> Value {
    let read =
        |sample: &Sample| words(&T::decode(&mut &sample.bytes[..]).expect("the sample is encoded as its type says"));
    let mut table = BTreeMap::new();
    for (sample, zero) in Samples::of::<T>(false).into_iter().zip(Samples::of::<T>(true)) {
        let usual = template(&read(&sample), &sample.probes);
        // What the usual words would be with zeros in them.
        let mut expected = usual.clone();
        for (probe, none) in sample.probes.iter().zip(&zero.probes) {
            for ((_, placeholder), (text, _)) in renderings(probe).iter().zip(renderings(none)) {
                expected = expected.replace(placeholder, &text);
            }
        }
        for (symbol, placeholder) in
            [("NATIVE", "{:nativeSymbol}"), ("TOKEN", "{:tokenSymbol}"), ("UNIT", "{:unitSymbol}")]
        {
            expected = expected.replace(placeholder, symbol);
        }
        let with_zeros = read(&zero);
        let mut cases = Vec::new();
        if with_zeros != expected {
            let fields: Vec<_> = zero.probes.iter().map(|probe| probe.field.clone()).collect();
            // Nothing of a zero is in it, or it is left as it is.
            cases.push(json!({ "zero": fields, "text": template(&with_zeros, &[]) }));
        }
        cases.push(json!({ "text": usual }));
        table.insert(sample.path, Value::Array(cases));
    }
    json!(table)
}

fn account(byte: u8) -> AccountId {
    AccountId::from([byte; 32])
}

/// What is missing for access, in each of the ways that the command tells apart.
fn access() -> Value {
    let (token, vault, contract) = (account(1), account(2), account(3));
    let probe = |field: &str, value: u128| Probe { field: field.to_owned(), value, text: None };
    let (have, short_by) = (7_418_529_630_741_852_901, 7_418_529_630_741_852_902);
    let amount = Shortfall::Amount { have, short_by };
    let wait = 5_788_861_000_u64;
    let price = 7_418_529_630_741_852_903;
    let subscribed = Condition::Subscribed { vault, level: 77, grace: 0 };
    let subscription = |level: u8, ended| Shortfall::Subscription { level, ended, wait };
    let cases = [
        ("Tipped", Condition::Tipped { vault, amount: 1 }, amount.clone()),
        ("Staked", Condition::Staked { vault, amount: 1 }, amount.clone()),
        ("HoldsOrStaked", Condition::HoldsOrStaked { token, vault, amount: 1 }, amount.clone()),
        ("Holds", Condition::Holds { token, amount: 1 }, amount),
        ("Subscription.ended", subscribed, subscription(76, Some(1))),
        ("Subscription.none", subscribed, subscription(0, None)),
        ("Subscription.lower", subscribed, subscription(76, None)),
        ("Subscription.wait", subscribed, subscription(77, None)),
        ("Time", Condition::NotBefore { time: 1 }, Shortfall::Time { wait }),
        ("Purchase", Condition::Bought { content: 1 }, Shortfall::Purchase { price: Some(price) }),
        ("Purchase.none", Condition::Bought { content: 1 }, Shortfall::Purchase { price: None }),
        ("NotListed", Condition::Listed { list: 1 }, Shortfall::NotListed),
        ("Unavailable", Condition::Holds { token, amount: 1 }, Shortfall::Unavailable { contract }),
    ];
    let probes = [
        probe("have", have),
        probe("shortBy", short_by),
        probe("wait", wait.into()),
        probe("price", price),
        probe("needed", 77),
        probe("level", 76),
    ];
    let (units, unit) = units();
    let mut table = Map::new();
    for (name, condition, shortfall) in cases {
        let text = missing(&Missing { condition, shortfall }, &units, &mut |_| unit.clone());
        table.insert(name.to_owned(), json!(template(&text, &probes)));
    }
    table.insert("nobody".to_owned(), json!(denied(&[], &units, &mut |_| unit.clone())));
    let way = vec![Missing { condition: Condition::Listed { list: 1 }, shortfall: Shortfall::NotListed }];
    let listed = table["NotListed"].as_str().unwrap().to_owned();
    let two = denied(&[vec![way[0].clone(), way[0].clone()], way], &units, &mut |_| unit.clone());
    let parts: Vec<_> = two.split(&listed).collect();
    let [before, and, or, after] = parts[..] else { panic!("{two}") };
    assert_eq!(after, "");
    table.insert("joins".to_owned(), json!({ "before": before, "and": and, "or": or }));
    Value::Object(table)
}

/// Words for the answers of a chain.
fn chain() -> Value {
    let names = [
        "ContractNotFound",
        "TransferFailed",
        "StorageDepositNotEnoughFunds",
        "StorageDepositLimitExhausted",
        "CodeRejected",
        "DuplicateContract",
        "OutOfGas",
    ];
    let told = |name: &str| explain::chain(&ChainError::Refused(name.to_owned()));
    let mut table: Map<_, _> = names.iter().map(|name| ((*name).to_owned(), json!(told(name)))).collect();
    table.insert("other".to_owned(), json!(told("<name>").replace("<name>", "{name:text}")));
    Value::Object(table)
}

/// That money is missing: words for each combination of what a transaction takes, named by the letters of `value`, `fee`,
/// `deposit` and `stays`.
fn funds() -> Value {
    let (Units { native, .. }, _) = units();
    let mut table = Map::new();
    for bits in 1..16_u128 {
        let part = |bit: u32, amount: u128| if bits & (1 << bit) == 0 { 0 } else { amount };
        let (value, fee, deposit) = (part(0, 7_100_000), part(1, 7_020_000), part(2, 7_003_000));
        let (free, stays) = (5_000, part(3, 7_000_400));
        // Nothing else keeps money in an account here: what a deposit asks beside it is counted among what stays.
        let needs = Needs { value, fee, deposit, beside: 0 };
        let shortfall = FundsShortfall { funds: Funds { free, kept: stays }, needs, more: false, unit: native.clone() };
        let name: String =
            "vfds".chars().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0).map(|(_, letter)| letter).collect();
        if value + fee + deposit == 0 {
            continue;
        }
        let sum = value + fee + deposit;
        let probes: Vec<_> = [
            ("value", value),
            ("fee", fee),
            ("deposit", deposit),
            ("sum", sum),
            ("free", free),
            ("stays", stays),
            ("missing", shortfall.missing()),
        ]
        .into_iter()
        .filter(|(_, value)| *value > 0)
        .map(|(field, value)| Probe { field: field.to_owned(), value, text: None })
        .collect();
        table.insert(name, json!(template(&shortfall.to_string(), &probes)));
    }
    Value::Object(table)
}

fn messages() -> Value {
    let (units, unit) = units();
    json!({
        "slippagePercent": SLIPPAGE_PERCENT,
        "errors": {
            "TokenError": errors::<TokenError>(|error| explain::sale(error, &units)),
            "VaultError": errors::<VaultError>(|error| explain::vault(error, &unit)),
            "RegistryError": errors::<RegistryError>(|error| explain::registry(error, &units.native)),
            "PSP22Error": errors::<PSP22Error>(|error| explain::psp22(error, &unit)),
            "OwnershipError": errors::<OwnershipError>(|error| explain::ownership(error, "<contract>").replace("<contract>", "CONTRACT")),
        },
        "access": access(),
        "chain": chain(),
        "funds": funds(),
    })
}

/// Errors with their words, encoded as a contract gives them.
fn error_vectors() -> Value {
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
    every!(TokenError, |error| explain::sale(error, &units));
    every!(VaultError, |error| explain::vault(error, &unit));
    every!(RegistryError, |error| explain::registry(error, &units.native));
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

fn unit_vectors() -> Value {
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
fn codec_vectors() -> Value {
    use patronage::suite;
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
            ["token", "buy", hex(&encoded(suite::sale(at).buy(account(3), 10, Some(account(4)))).1)],
            ["vault", "addTier", hex(&encoded(suite::vault(at).add_tier(tier)).1)],
            ["vault", "setSplits", hex(&encoded(suite::vault(at).set_splits(vec![Share { recipient: account(5), bp: 9_000 }], 1_000)).1)],
            ["vault", "tip", hex(&encoded(suite::vault(at).tip(b"hi".to_vec())).1)],
            ["registry", "publish", hex(&encoded(suite::registry(at).publish(content, terms)).1)],
        ],
        "fan": hex(&fan.encode()),
    })
}

/// That money is missing, in the command's words.
fn funds_vectors() -> Value {
    let (Units { native, .. }, _) = units();
    let cases = [
        (Funds { free: 5, kept: 1 }, Needs::new(100, 20, 30, 10), false),
        (Funds { free: 5, kept: 0 }, Needs::new(100, 0, 0, 10), false),
        (Funds { free: 1_500_000_000_000, kept: 0 }, Needs::new(1_600_000_000_000, 20, 0, 10), false),
    ];
    json!(cases.map(|(funds, needs, more)| {
        let words = FundsShortfall { funds, needs, more, unit: native.clone() }.to_string();
        json!({
            "free": funds.free.to_string(), "kept": funds.kept.to_string(), "value": needs.value.to_string(),
            "fee": needs.fee.to_string(), "deposit": needs.deposit.to_string(), "beside": needs.beside.to_string(), "words": words,
        })
    }))
}

#[test]
fn the_web_sdk_has_the_words_and_vectors_of_this_side() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../web/sdk/vectors");
    let files = [
        ("messages.json", messages()),
        ("errors.json", error_vectors()),
        ("units.json", unit_vectors()),
        ("codec.json", codec_vectors()),
        ("funds.json", funds_vectors()),
    ];
    for (name, value) in files {
        let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
        let path = folder.join(name);
        if std::env::var_os("PATRONAGE_WRITE_VECTORS").is_some() {
            fs::write(&path, text).unwrap();
        } else {
            let present = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(present, text, "run `scripts/web vectors` and commit web/sdk/vectors/{name}");
        }
    }
}

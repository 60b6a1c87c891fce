//! The words for errors as templates.

use std::collections::BTreeMap;

use ink::{scale::Decode, scale_info::TypeInfo};
use patronage::{
    actions::SLIPPAGE_PERCENT,
    messages::{self, denied, missing},
};
use patronage_chain::{
    funds::{Funds, Needs, Shortfall as FundsShortfall},
    units::Units,
    ChainError,
};
use patronage_interfaces::{
    ownable::OwnershipError,
    registry::{Condition, Missing, RegistryError, Shortfall},
    token::TokenError,
    vault::VaultError,
};
use psp22::PSP22Error;
use serde_json::{json, Map, Value};

use crate::{
    account,
    samples::{renderings, template, units, Probe, Sample, Samples},
};

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
        ("Tipped", Condition::Tipped { vault, amount: 1 }, amount),
        ("Staked", Condition::Staked { vault, amount: 1 }, amount),
        ("HoldsOrStaked", Condition::HoldsOrStaked { token, vault, amount: 1 }, amount),
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
    let two = denied(&[vec![way[0], way[0]], way], &units, &mut |_| unit.clone());
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
    let told = |name: &str| messages::chain(&ChainError::Refused(name.to_owned()));
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
        let needs = Needs { value, fee, deposit, minimum_left: 0 };
        let shortfall = FundsShortfall {
            funds: Funds { free, locked: stays },
            needs,
            unknown_deposit: false,
            unit: native.clone(),
        };
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

/// All words.
pub fn messages() -> Value {
    let (units, unit) = units();
    json!({
        "slippagePercent": SLIPPAGE_PERCENT,
        "errors": {
            "TokenError": errors::<TokenError>(|error| messages::sale(error, &units)),
            "VaultError": errors::<VaultError>(|error| messages::vault(error, &unit)),
            "RegistryError": errors::<RegistryError>(|error| messages::registry(error, &units.native)),
            "PSP22Error": errors::<PSP22Error>(|error| messages::psp22(error, &unit)),
            "OwnershipError": errors::<OwnershipError>(|error| messages::ownership(error, "<contract>").replace("<contract>", "CONTRACT")),
        },
        "access": access(),
        "chain": chain(),
        "funds": funds(),
    })
}

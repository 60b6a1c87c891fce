//! Rows for tests of batches, and what was paid for them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Child,
};

use patronage::deployment::Deployment;
use patronage_chain::{
    accounts::{account, address},
    Chain,
};
use patronage_interfaces::AccountId;

/// Accounts without a key, each with a different amount.
pub fn rows(count: u32) -> Vec<(AccountId, u128)> {
    let row = |number: u32| {
        let account = number.to_le_bytes().repeat(8).try_into().unwrap_or([0; 32]);
        (AccountId::from(account), u128::from(number) + 1)
    };
    (1..=count).map(row).collect()
}

/// The CSV file of `rows`. Amounts are smallest units of a token with 12 decimals.
pub fn csv(rows: &[(AccountId, u128)]) -> String {
    let line = |(account, amount): &(AccountId, u128)| format!("{},0.{amount:012}\n", address(account));
    format!("account,tokens\n{}", rows.iter().map(line).collect::<String>())
}

/// Journals of the batch in `file`.
pub fn journals(file: &Path) -> Vec<PathBuf> {
    let name = file.file_name().and_then(|name| name.to_str()).expect("its name is text");
    let entries = std::fs::read_dir(file.parent().expect("it is in a folder")).expect("it can be read").flatten();
    let ours = |path: &PathBuf| {
        let entry = path.file_name().and_then(|entry| entry.to_str()).unwrap_or_default();
        entry.starts_with(name) && entry.ends_with(".journal")
    };
    entries.map(|entry| entry.path()).filter(ours).collect()
}

/// Asserts by the chain's events that each of `rows` got its amount of `sender`'s tokens exactly once, and that nobody
/// else got any.
#[track_caller]
pub fn assert_paid_once(chain: &mut dyn Chain, deployment: &Deployment, sender: &str, rows: &[(AccountId, u128)]) {
    let sender = account(sender).expect("a name");
    let mut paid: BTreeMap<AccountId, Vec<u128>> = BTreeMap::new();
    for past in chain.history(&[deployment.contracts.token], deployment.block..=u32::MAX).expect("it tells") {
        if let Some(transfer) = past.event.decode::<psp22::Transfer>().filter(|event| event.from == Some(sender)) {
            paid.entry(transfer.to.expect("nothing is burned")).or_default().push(transfer.value);
        }
    }
    let wrong: Vec<_> = rows.iter().filter(|(to, amount)| paid.get(to) != Some(&vec![*amount])).collect();
    assert!(wrong.is_empty(), "{} of {} rows, such as {:?}", wrong.len(), rows.len(), wrong.first());
    assert_eq!(paid.len(), rows.len());
}

/// Kills a process, which gets no chance to clean up.
pub fn kill(mut child: Child) {
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
}

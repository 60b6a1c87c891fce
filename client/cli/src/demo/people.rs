//! Who plays: the accounts of the launch file, and three fans who are none of them.

use std::collections::BTreeMap;

use patronage::launch::Launch;
use patronage_chain::accounts::account;
use patronage_interfaces::AccountId;

/// Names that fans are given, in this order, leaving out those that the launch file uses.
const FAN_NAMES: [&str; 20] = [
    "ana", "ben", "cleo", "dana", "elia", "finn", "gus", "hana", "ivo", "jona", "kim", "lou", "max", "nia", "oto",
    "pia", "rob", "sam", "tess", "uma",
];

/// Everyone in the story.
pub struct People {
    /// The creator.
    pub creator: AccountId,
    /// Collects tokens.
    pub collector: AccountId,
    /// Tips, and subscribes at the highest level for a while.
    pub regular: AccountId,
    /// Subscribes at the lowest level, and cancels.
    pub listener: AccountId,
    /// Who shares the vault's income, the creator among them or not.
    pub recipients: Vec<AccountId>,
    names: BTreeMap<AccountId, String>,
}

impl People {
    /// The cast for `launch`.
    ///
    /// # Errors
    ///
    /// When the launch file leaves no name for a fan.
    pub fn of(launch: &Launch) -> Result<Self, String> {
        let mut names = BTreeMap::new();
        let mut add = |name: &str| -> Result<AccountId, String> {
            let id = account(name)?;
            names.insert(id, capitalised(name));
            Ok(id)
        };
        let creator = add(&launch.creator)?;
        let recipients = launch.recipients.iter().map(|name| add(name)).collect::<Result<Vec<_>, _>>()?;
        let taken = |name: &&&str| **name != launch.creator && !launch.recipients.iter().any(|other| other == **name);
        let mut free = FAN_NAMES.iter().filter(taken);
        let mut fan = || add(free.next().ok_or("the launch file leaves no name for a fan")?);
        let (collector, regular, listener) = (fan()?, fan()?, fan()?);
        Ok(Self { creator, collector, regular, listener, recipients, names })
    }

    /// The fans, in the order they appear.
    pub fn fans(&self) -> [AccountId; 3] {
        [self.collector, self.regular, self.listener]
    }

    /// Everybody, once each.
    pub fn everyone(&self) -> Vec<AccountId> {
        self.names.keys().copied().collect()
    }

    /// Name of `who` for the reader.
    pub fn name(&self, who: &AccountId) -> &str {
        self.names.get(who).map_or("someone", String::as_str)
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

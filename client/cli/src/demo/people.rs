//! The accounts of the demo: those of the launch file, and three other accounts as fans.

use std::collections::BTreeMap;

use patronage::launch::Launch;
use patronage_chain::accounts::account;
use patronage_interfaces::AccountId;

/// Names for fans, in order of preference. Names in the launch file are skipped.
const FAN_NAMES: [&str; 20] = [
    "ana", "ben", "cleo", "dana", "elia", "finn", "gus", "hana", "ivo", "jona", "kim", "lou", "max", "nia", "oto",
    "pia", "rob", "sam", "tess", "uma",
];

/// The accounts of the demo.
pub struct People {
    /// The creator.
    pub creator: AccountId,
    /// A fan who buys tokens.
    pub collector: AccountId,
    /// A fan who tips, and subscribes at the highest level.
    pub regular: AccountId,
    /// A fan who subscribes at the lowest level, and cancels.
    pub listener: AccountId,
    /// The recipients of the vault's income.
    pub recipients: Vec<AccountId>,
    names: BTreeMap<AccountId, String>,
}

impl People {
    /// The accounts for `launch`.
    ///
    /// # Errors
    ///
    /// If the launch file uses all names of fans.
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
        let mut fan = || add(free.next().ok_or("the launch file uses all names of fans: use other names in it")?);
        let (collector, regular, listener) = (fan()?, fan()?, fan()?);
        Ok(Self { creator, collector, regular, listener, recipients, names })
    }

    /// The fans, in order of appearance.
    pub fn fans(&self) -> [AccountId; 3] {
        [self.collector, self.regular, self.listener]
    }

    /// All accounts, without duplicates.
    pub fn everyone(&self) -> Vec<AccountId> {
        self.names.keys().copied().collect()
    }

    /// Name of `who`, for output.
    pub fn name(&self, who: &AccountId) -> &str {
        self.names.get(who).map_or("someone", String::as_str)
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

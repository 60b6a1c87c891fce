//! The creator's offers on the chain, as the server shows them.

use std::sync::Arc;

use patronage::registry_adapter::ChainRegistry;
use patronage_chain::{accounts::address, hexadecimal};
use patronage_gateway::registry::{AccountId, Unreachable};
use patronage_interfaces::{registry::Audience, vault::Asset};
use patronage_server::{
    api::shapes::{Content, Tier},
    creator::CreatorChain,
};

/// A creator on a chain, with names that the chain does not know.
pub struct OnChain {
    pub registry: Arc<ChainRegistry>,
    pub tiers: Vec<String>,
    pub content: Vec<String>,
}

/// The name with this number, if it is known.
fn name(names: &[String], number: u32) -> Option<String> {
    names.get(usize::try_from(number).ok()?).cloned()
}

impl CreatorChain for OnChain {
    fn owner(&self) -> Result<AccountId, Unreachable> {
        self.registry.owner().map(|owner| *owner.as_ref())
    }

    fn may_publish(&self, account: AccountId) -> Result<bool, Unreachable> {
        self.registry.may_publish(account.into())
    }

    fn tiers(&self) -> Result<Vec<Tier>, Unreachable> {
        let tiers = self.registry.tiers()?;
        let shape = |(number, tier): (u32, patronage_interfaces::vault::Tier)| Tier {
            tier: number,
            name: name(&self.tiers, number),
            asset: match &tier.terms.asset {
                Asset::Native => None,
                Asset::Psp22(token) => Some(address(token)),
            },
            price: tier.terms.price.to_string(),
            period: tier.terms.period,
            level: tier.terms.level,
            seats: tier.terms.seats,
            taken: tier.taken,
            minimum_stay: tier.terms.minimum_stay,
            open: tier.open,
            uri: String::from_utf8_lossy(&tier.terms.uri).into_owned(),
        };
        Ok((0..).zip(tiers).map(shape).collect())
    }

    fn content(&self, first: u32, most: u32) -> Result<Vec<Content>, Unreachable> {
        let all = self.registry.contents(first, most)?;
        let shape = |(number, file, terms): (
            u32,
            patronage_interfaces::registry::Content,
            patronage_interfaces::registry::Terms,
        )| Content {
            content: number,
            title: name(&self.content, number),
            uri: String::from_utf8_lossy(&file.uri).into_owned(),
            hash: hexadecimal(&file.hash),
            price: terms.price.map(|price| price.to_string()),
            release: terms.release,
            retired: terms.retired,
            everyone: matches!(terms.audience, Audience::Everyone),
        };
        Ok(all.into_iter().map(shape).collect())
    }
}

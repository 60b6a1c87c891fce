//! A client for the contracts of one creator: a chain, the deployment, and the units of amounts.

use std::collections::BTreeMap;

use ink::scale::{Decode, Encode};
use patronage_chain::{
    accounts::{account, address, NAMES},
    units::{Unit, Units},
    Chain, Message, Messages,
};
use patronage_interfaces::{
    registry::{ContentId, ContentRegistry},
    vault::{Asset, PatronageVault, Tier, TierId},
    AccountId, PatronageEnvironment as Env,
};
use psp22::{PSP22Metadata, PSP22};

use crate::{
    contracts::{self, Contracts},
    deployment::Deployment,
    error::Error,
    foreign,
    references::{self, Kind},
};

/// A chain with a creator's contracts.
pub struct Client<'a> {
    /// The chain.
    pub chain: &'a mut dyn Chain,
    /// The addresses of the contracts, and the names of tiers and content. The chain does not know these names.
    pub deployment: Deployment,
    /// Units of the chain's own token and of the creator token.
    pub units: Units,
    /// Units of other tokens. Each token is queried once.
    foreign: BTreeMap<AccountId, Unit>,
}

impl<'a> Client<'a> {
    /// A client for `deployment` with known `units`. Queries nothing.
    pub fn with_units(chain: &'a mut dyn Chain, deployment: Deployment, units: Units) -> Self {
        Self { chain, deployment, units, foreign: BTreeMap::new() }
    }

    /// A client for `deployment`. Queries the symbol and the decimals of the creator token.
    ///
    /// # Errors
    ///
    /// If one of the contracts is not on the chain, or does not answer.
    pub fn new(chain: &'a mut dyn Chain, deployment: Deployment) -> Result<Self, Error> {
        let Contracts { token, vault, registry } = deployment.contracts;
        for contract in [token, vault, registry] {
            if chain.code_hash_of(&contract)?.is_none() {
                return Err(Error::Request(format!(
                    "there is no contract at {} on this chain: check that --chain is the chain that the creator launched on",
                    patronage_chain::accounts::address(&contract)
                )));
            }
        }
        let native = native_unit(chain);
        let symbol = chain.query(contracts::psp22_metadata(token).token_symbol())?.unwrap_or_default();
        let decimals = chain.query(contracts::psp22_metadata(token).token_decimals())?;
        let token = foreign::own_unit(&symbol, decimals, token, &native);
        Ok(Self::with_units(chain, deployment, Units { native, token }))
    }

    /// Addresses of the contracts.
    pub fn contracts(&self) -> Contracts {
        self.deployment.contracts
    }

    /// Returns the answer of a message that only reads.
    ///
    /// # Errors
    ///
    /// If the contract returns no answer.
    pub fn query<Args: Encode, R: Decode>(&mut self, message: Message<Env, Args, R>) -> Result<R, Error> {
        Ok(self.chain.query(message)?)
    }

    /// Unit of `asset`. A token without metadata is shown in smallest units with its address.
    ///
    /// # Errors
    ///
    /// If the chain can't be queried.
    pub fn unit(&mut self, asset: &Asset) -> Result<Unit, Error> {
        let token = match asset {
            Asset::Native => return Ok(self.units.native.clone()),
            Asset::Psp22(token) if *token == self.contracts().token => return Ok(self.units.token.clone()),
            Asset::Psp22(token) => *token,
        };
        if let Some(known) = self.foreign.get(&token) {
            return Ok(known.clone());
        }
        let unit = foreign::unit_of(self.chain, token)?;
        self.foreign.insert(token, unit.clone());
        Ok(unit)
    }

    /// Unit of the PSP22 token at `token`, as [`unit`](Self::unit). Falls back to smallest units if the chain can't be queried,
    /// so that an event that has already happened can be shown.
    pub fn token_unit(&mut self, token: AccountId) -> Unit {
        self.unit(&Asset::Psp22(token)).unwrap_or_else(|_| foreign::smallest(token))
    }

    /// The tier with this number, and the unit of its price.
    ///
    /// # Errors
    ///
    /// If there is no such tier.
    pub fn tier(&mut self, id: TierId) -> Result<(Tier, Unit), Error> {
        let tier = self.query(contracts::vault(self.contracts().vault).tier(id))?;
        let tier =
            tier.ok_or_else(|| Error::Request(format!("there is no tier #{id}: `patronage tiers` lists them")))?;
        let unit = self.unit(&tier.terms.asset)?;
        Ok((tier, unit))
    }

    /// The tier that `text` refers to. See [`references::resolve`].
    ///
    /// # Errors
    ///
    /// If no tier matches, or more than one does.
    pub fn find_tier(&mut self, text: &str) -> Result<TierId, Error> {
        let count = self.query(contracts::vault(self.contracts().vault).tier_count())?;
        references::resolve(Kind::Tier, text, &self.deployment.tiers, count).map_err(Error::Request)
    }

    /// The content that `text` refers to. See [`references::resolve`].
    ///
    /// # Errors
    ///
    /// If no content matches, or more than one does.
    pub fn find_content(&mut self, text: &str) -> Result<ContentId, Error> {
        let count = self.query(contracts::registry(self.contracts().registry).content_count())?;
        references::resolve(Kind::Content, text, &self.deployment.content, count).map_err(Error::Request)
    }

    /// The number of a tier and its name, if known, such as `#0 "Listener"`.
    pub fn tier_name(&self, id: TierId) -> String {
        references::shown(id, &self.deployment.tiers)
    }

    /// A tier as a shell argument, such as `Listener`.
    pub fn tier_argument(&self, id: TierId) -> String {
        references::argument(id, &self.deployment.tiers)
    }

    /// The number of content and its title, if known. See [`tier_name`](Self::tier_name).
    pub fn content_name(&self, id: ContentId) -> String {
        references::shown(id, &self.deployment.content)
    }

    /// Content as a shell argument. See [`tier_argument`](Self::tier_argument).
    pub fn content_argument(&self, id: ContentId) -> String {
        references::argument(id, &self.deployment.content)
    }

    /// The account `who` as a shell argument: its name if it is a development account on a development chain, else its address.
    pub fn account_argument(&self, who: &AccountId) -> String {
        let development = self.chain.properties().development;
        let known = NAMES.iter().filter(|_| development).find(|name| account(name).as_ref() == Ok(who));
        known.map_or_else(|| address(who), |name| (*name).to_owned())
    }

    /// Creator tokens that `who` holds, in smallest units.
    ///
    /// # Errors
    ///
    /// If the token returns no answer.
    pub fn tokens_of(&mut self, who: AccountId) -> Result<u128, Error> {
        self.query(contracts::psp22(self.contracts().token).balance_of(who))
    }
}

/// The unit of the chain's own token.
pub fn native_unit(chain: &dyn Chain) -> Unit {
    chain.properties().unit()
}

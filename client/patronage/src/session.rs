//! A chain, the contracts of one creator on it, and how to speak about them.

use std::collections::BTreeMap;

use ink::scale::{Decode, Encode};
use patronage_chain::{
    accounts::{account, address, NAMES},
    units::{Unit, Units},
    Chain, ChainError, Message, Messages,
};
use patronage_interfaces::{
    registry::{ContentId, ContentRegistry},
    vault::{Asset, PatronageVault, Tier, TierId},
    AccountId, PatronageEnvironment as Env,
};
use psp22::{PSP22Metadata, PSP22};

use crate::{
    deployment::Deployment,
    explain, foreign,
    references::{self, Kind},
    suite::{self, Suite},
};

/// Why something was not done, in words that say what to do.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The chain gave no answer.
    #[error("{}", explain::chain(.0))]
    Chain(#[from] ChainError),
    /// A contract refused, or a gateway; nothing has changed.
    #[error("{message}")]
    Refused {
        /// The error's name in the contract's interface, or the gateway's code.
        error: String,
        /// The same in words.
        message: String,
    },
    /// It can't be done as it was asked for.
    #[error("{0}")]
    Request(String),
    /// The user said no.
    #[error("nothing was done")]
    Declined,
}

impl Failure {
    /// A contract's own `error`, with its words.
    pub fn refused(error: &impl std::fmt::Debug, message: String) -> Self {
        let name = format!("{error:?}");
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len());
        Self::Refused { error: name[..end].to_owned(), message }
    }

    /// The same failure, with `more` to say about it.
    pub fn with(self, more: &str) -> Self {
        match self {
            Self::Refused { error, message } => Self::Refused { error, message: format!("{message}; {more}") },
            Self::Chain(error) => Self::Chain(ChainError::Unavailable(format!("{}; {more}", explain::chain(&error)))),
            other => Self::Request(format!("{other}; {more}")),
        }
    }

    /// What kind of failure it is, for machines: `chain`, `refused`, `request` or `declined`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Chain(_) => "chain",
            Self::Refused { .. } => "refused",
            Self::Request(_) => "request",
            Self::Declined => "declined",
        }
    }
}

/// A chain with a creator's contracts.
pub struct Session<'a> {
    /// The chain.
    pub chain: &'a mut dyn Chain,
    /// The contracts, and names that only people use.
    pub deployment: Deployment,
    /// The chain's own token and the creator's.
    pub units: Units,
    /// Units of tokens of others, each of which is asked once.
    foreign: BTreeMap<AccountId, Unit>,
}

impl<'a> Session<'a> {
    /// The contracts of `deployment`, whose `units` are known.
    pub fn with_units(chain: &'a mut dyn Chain, deployment: Deployment, units: Units) -> Self {
        Self { chain, deployment, units, foreign: BTreeMap::new() }
    }

    /// Asks the creator token of `deployment` how it is called.
    ///
    /// # Errors
    ///
    /// When there are no such contracts on the chain.
    pub fn new(chain: &'a mut dyn Chain, deployment: Deployment) -> Result<Self, Failure> {
        let Suite { token, vault, registry } = deployment.suite;
        for contract in [token, vault, registry] {
            if chain.code_hash_of(&contract)?.is_none() {
                return Err(Failure::Request(format!(
                    "there is no contract at {} on this chain: is it another chain that the creator launched on?",
                    patronage_chain::accounts::address(&contract)
                )));
            }
        }
        let native = native_unit(chain);
        let symbol = chain.ask(suite::psp22_metadata(token).token_symbol())?.unwrap_or_default();
        let decimals = chain.ask(suite::psp22_metadata(token).token_decimals())?;
        let token = foreign::own_unit(&symbol, decimals, token, &native);
        Ok(Self::with_units(chain, deployment, Units { native, token }))
    }

    /// The contracts.
    pub fn suite(&self) -> Suite {
        self.deployment.suite
    }

    /// Answer of a message that only reads.
    ///
    /// # Errors
    ///
    /// When the contract gives none.
    pub fn ask<Args: Encode, R: Decode>(&mut self, message: Message<Env, Args, R>) -> Result<R, Failure> {
        Ok(self.chain.ask(message)?)
    }

    /// Unit of `asset`. Of a token that does not say how it is called, these are smallest units with its address.
    ///
    /// # Errors
    ///
    /// When the chain can't be asked.
    pub fn unit(&mut self, asset: &Asset) -> Result<Unit, Failure> {
        let token = match asset {
            Asset::Native => return Ok(self.units.native.clone()),
            Asset::Psp22(token) if *token == self.suite().token => return Ok(self.units.token.clone()),
            Asset::Psp22(token) => *token,
        };
        if let Some(known) = self.foreign.get(&token) {
            return Ok(known.clone());
        }
        let unit = foreign::unit_of(self.chain, token)?;
        self.foreign.insert(token, unit.clone());
        Ok(unit)
    }

    /// Unit of the PSP22 token at `token`, for words about something that has happened already: as [`unit`](Self::unit), and
    /// smallest units where the chain can't be asked.
    pub fn token_unit(&mut self, token: AccountId) -> Unit {
        self.unit(&Asset::Psp22(token)).unwrap_or_else(|_| foreign::smallest(token))
    }

    /// The tier with this number and the unit that it is paid in.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn tier(&mut self, id: TierId) -> Result<(Tier, Unit), Failure> {
        let tier = self.ask(suite::vault(self.suite().vault).tier(id))?;
        let tier =
            tier.ok_or_else(|| Failure::Request(format!("there is no tier #{id}: `patronage tiers` lists them")))?;
        let unit = self.unit(&tier.terms.asset)?;
        Ok((tier, unit))
    }

    /// The tier that `text` refers to, as [`references::resolve`] does it.
    ///
    /// # Errors
    ///
    /// When there is none, or there are several.
    pub fn find_tier(&mut self, text: &str) -> Result<TierId, Failure> {
        let count = self.ask(suite::vault(self.suite().vault).tier_count())?;
        references::resolve(Kind::Tier, text, &self.deployment.tiers, count).map_err(Failure::Request)
    }

    /// The content that `text` refers to, as [`references::resolve`] does it.
    ///
    /// # Errors
    ///
    /// When there is none, or there are several.
    pub fn find_content(&mut self, text: &str) -> Result<ContentId, Failure> {
        let count = self.ask(suite::registry(self.suite().registry).content_count())?;
        references::resolve(Kind::Content, text, &self.deployment.content, count).map_err(Failure::Request)
    }

    /// A tier for people: its number, and what the creator calls it where that is known, such as `#0 "Listener"`.
    pub fn tier_name(&self, id: TierId) -> String {
        references::shown(id, &self.deployment.tiers)
    }

    /// What to type in a shell for a tier, such as `Listener`.
    pub fn tier_argument(&self, id: TierId) -> String {
        references::argument(id, &self.deployment.tiers)
    }

    /// Content for people, as [`tier_name`](Self::tier_name).
    pub fn content_name(&self, id: ContentId) -> String {
        references::shown(id, &self.deployment.content)
    }

    /// What to type in a shell for content, as [`tier_argument`](Self::tier_argument).
    pub fn content_argument(&self, id: ContentId) -> String {
        references::argument(id, &self.deployment.content)
    }

    /// What to type for the account `who`: its name on a chain where development accounts have one, and otherwise its address.
    pub fn account_argument(&self, who: &AccountId) -> String {
        let development = self.chain.properties().development;
        let known = NAMES.iter().filter(|_| development).find(|name| account(name).as_ref() == Ok(who));
        known.map_or_else(|| address(who), |name| (*name).to_owned())
    }

    /// What `who` holds of the creator token, in smallest units.
    ///
    /// # Errors
    ///
    /// When the token gives no answer.
    pub fn tokens_of(&mut self, who: AccountId) -> Result<u128, Failure> {
        self.ask(suite::psp22(self.suite().token).balance_of(who))
    }
}

/// The unit of the chain's own token.
pub fn native_unit(chain: &dyn Chain) -> Unit {
    chain.properties().unit()
}

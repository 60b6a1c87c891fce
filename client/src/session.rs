//! A chain, the contracts of one creator on it, and how to speak about them.

use ink::scale::{Decode, Encode};
use patronage_interfaces::{
    registry::{ContentId, ContentRegistry},
    vault::{Asset, PatronageVault, Tier, TierId},
    AccountId, PatronageEnvironment as Env,
};
use psp22::{PSP22Metadata, PSP22};

use crate::{
    chain::{Chain, ChainError, Message, Messages},
    deployment::Deployment,
    explain,
    suite::{self, Suite},
    units::{Unit, Units},
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
}

impl<'a> Session<'a> {
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
                    crate::embedded::address(&contract)
                )));
            }
        }
        let native = native_unit(chain);
        let token = unit_of(chain, token)?;
        Ok(Self { chain, deployment, units: Units { native, token } })
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

    /// Unit of `asset`.
    ///
    /// # Errors
    ///
    /// When its token does not answer.
    pub fn unit(&mut self, asset: &Asset) -> Result<Unit, Failure> {
        match asset {
            Asset::Native => Ok(self.units.native.clone()),
            Asset::Psp22(token) if *token == self.suite().token => Ok(self.units.token.clone()),
            Asset::Psp22(token) => unit_of(self.chain, *token),
        }
    }

    /// The tier with this number and the unit that it is paid in.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn tier(&mut self, id: TierId) -> Result<(Tier, Unit), Failure> {
        let tier = self.ask(suite::vault(self.suite().vault).tier(id))?;
        let tier =
            tier.ok_or_else(|| Failure::Request(format!("there is no tier {id}: `patronage tiers` lists them")))?;
        let unit = self.unit(&tier.terms.asset)?;
        Ok((tier, unit))
    }

    /// The tier that `text` names: its number, or its name in any case.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn find_tier(&mut self, text: &str) -> Result<TierId, Failure> {
        let id = found(text, &self.deployment.tiers);
        let id =
            id.ok_or_else(|| Failure::Request(format!("there is no tier \"{text}\": `patronage tiers` lists them")))?;
        self.tier(id).map(|_| id)
    }

    /// The content that `text` names: its number, or its title in any case.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn find_content(&mut self, text: &str) -> Result<ContentId, Failure> {
        let count = self.ask(suite::registry(self.suite().registry).content_count())?;
        let id = found(text, &self.deployment.content).filter(|id| *id < count);
        id.ok_or_else(|| Failure::Request(format!("there is no content \"{text}\": `patronage check` lists it")))
    }

    /// Name of a tier for people: its number, and what the creator calls it where that is known.
    pub fn tier_name(&self, id: TierId) -> String {
        named(id, &self.deployment.tiers)
    }

    /// Title of content for people, as [`tier_name`](Self::tier_name).
    pub fn content_name(&self, id: u32) -> String {
        named(id, &self.deployment.content)
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

/// Unit of the PSP22 token at `token`.
///
/// # Errors
///
/// When there is none that says how it is called.
pub(crate) fn unit_of(chain: &mut dyn Chain, token: AccountId) -> Result<Unit, Failure> {
    let symbol = chain.ask(suite::psp22_metadata(token).token_symbol())?;
    let decimals = chain.ask(suite::psp22_metadata(token).token_decimals())?;
    // A token's symbol is its maker's text: nothing in it may steer the terminal.
    let symbol: String =
        symbol.unwrap_or_else(|| "tokens".to_owned()).chars().filter(|letter| !letter.is_control()).collect();
    // More decimals than a u128 has digits say nothing.
    Ok(Unit::of_token(symbol, decimals.min(38)))
}

/// The number that `text` is, or the place of the name that it is, in any case.
pub(crate) fn found(text: &str, names: &[String]) -> Option<u32> {
    let called = || names.iter().position(|name| name.to_lowercase() == text.to_lowercase());
    text.parse().ok().or_else(|| u32::try_from(called()?).ok())
}

fn named(id: u32, names: &[String]) -> String {
    match names.get(id as usize) {
        Some(name) => format!("{id} \"{name}\""),
        None => id.to_string(),
    }
}

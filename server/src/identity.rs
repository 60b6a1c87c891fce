//! The creator whose server it is.

use patronage_chain::{
    accounts::{address, parse_address},
    units::Unit,
};
use patronage_gateway::registry::{AccountId, RegistryId};

/// SS58 address of `account`.
pub fn shown(account: &AccountId) -> String {
    address(&(*account).into())
}

/// Parses an SS58 address.
///
/// # Errors
///
/// A message if `text` is not one.
pub fn parse_account(text: &str) -> Result<AccountId, String> {
    parse_address(text).map(|account| *account.as_ref())
}

/// A creator's contracts, units and names.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Chain and registry.
    pub registry: RegistryId,
    /// Address of the creator token.
    pub token: AccountId,
    /// Address of the vault.
    pub vault: AccountId,
    /// Unit of the chain's own token.
    pub native: Unit,
    /// Unit of the creator token.
    pub creator_token: Unit,
    /// Names of the tiers, indexed by their numbers.
    pub tiers: Vec<String>,
    /// Titles of the content, indexed by its numbers.
    pub content: Vec<String>,
}

impl Identity {
    /// Identifies the creator among all of a database: chain and vault.
    pub fn id(&self) -> String {
        format!("{}-{}", hex::encode(self.registry.genesis), hex::encode(self.vault))
    }

    /// Title of content, if it is known.
    pub fn title(&self, content: u32) -> Option<String> {
        self.content.get(usize::try_from(content).ok()?).cloned()
    }

    /// Name of a tier, if it is known.
    pub fn tier_name(&self, tier: u32) -> Option<String> {
        self.tiers.get(usize::try_from(tier).ok()?).cloned()
    }
}

//! The three contracts of a creator, and their messages as typed calls.

use ink::{codegen::TraitCallBuilder, contract_ref, env::call::FromAccountId, scale::Decode, scale::Encode};
use patronage_interfaces::{
    ownable::Ownable,
    patronage::Patronage,
    registry::{ContentRegistry, RegistryError},
    token::{CreatorToken, TokenError, TokenTerms},
    vault::{PatronageVault, VaultError, VaultTerms},
    AccountId, PatronageEnvironment,
};
use psp22::{PSP22Burnable, PSP22Metadata, PSP22};

use crate::{
    bundle::{self, BundleError},
    chain::{ChainError, Receipt},
    embedded::EmbeddedChain,
};

/// For each trait a function that gives its messages at an address: `sale(token).sell(..)` is a message ready to be sent.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident: $trait:ident in $environment:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name(contract: AccountId) -> <contract_ref!($trait, $environment) as TraitCallBuilder>::Builder {
            FromAccountId::<$environment>::from_account_id(contract)
        }
    )*};
}

messages! {
    /// Messages of a creator token's sale.
    sale: CreatorToken in PatronageEnvironment;
    /// Messages of any PSP22 token.
    psp22: PSP22 in PatronageEnvironment;
    /// Name, symbol and decimals of any PSP22 token.
    psp22_metadata: PSP22Metadata in PatronageEnvironment;
    /// Burning of own tokens, of a PSP22 token that has it.
    psp22_burnable: PSP22Burnable in PatronageEnvironment;
    /// Messages of a patronage vault.
    vault: PatronageVault in PatronageEnvironment;
    /// What other contracts ask of a vault.
    patronage: Patronage in PatronageEnvironment;
    /// Messages about the ownership of any of the three contracts.
    ownable: Ownable in PatronageEnvironment;
    /// Messages of a content registry.
    registry: ContentRegistry in PatronageEnvironment;
}

/// Addresses of the three contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suite {
    /// The creator token.
    pub token: AccountId,
    /// The patronage vault.
    pub vault: AccountId,
    /// The content registry.
    pub registry: AccountId,
}

/// Why a contract could not be deployed. `E` is the contract's own error.
#[derive(Debug, thiserror::Error)]
pub enum DeployError<E> {
    /// Its bundle can't be used.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The chain refused.
    #[error(transparent)]
    Call(#[from] ChainError),
    /// Its constructor refused the terms.
    #[error("the contract refused its terms")]
    Terms(E),
}

/// Deploys a creator token for `creator`, who owns it.
///
/// # Errors
///
/// When the bundle is missing, the chain refuses, or the terms are not possible.
pub fn deploy_token(
    chain: &mut EmbeddedChain,
    creator: &AccountId,
    terms: &TokenTerms,
) -> Result<Receipt<AccountId>, DeployError<TokenError>> {
    deploy(chain, creator, "creator_token", terms)
}

/// Deploys a patronage vault for `creator`, who owns it.
///
/// # Errors
///
/// When the bundle is missing, the chain refuses, or the terms are not possible.
pub fn deploy_vault(
    chain: &mut EmbeddedChain,
    creator: &AccountId,
    terms: &VaultTerms,
) -> Result<Receipt<AccountId>, DeployError<VaultError>> {
    deploy(chain, creator, "patronage_vault", terms)
}

/// Deploys an empty content registry for `creator`, who owns it. What is bought there is paid to `vault`.
///
/// # Errors
///
/// When the bundle is missing or the chain refuses.
pub fn deploy_registry(
    chain: &mut EmbeddedChain,
    creator: &AccountId,
    vault: Option<AccountId>,
) -> Result<Receipt<AccountId>, DeployError<RegistryError>> {
    deploy(chain, creator, "content_registry", &vault)
}

/// Deploys the contract of the bundle `name` by its constructor `new`.
///
/// # Errors
///
/// As for [`deploy_token`].
pub fn deploy<T: Encode, E: Decode>(
    chain: &mut EmbeddedChain,
    creator: &AccountId,
    name: &str,
    terms: &T,
) -> Result<Receipt<AccountId>, DeployError<E>> {
    chain.deploy(creator, 0, bundle::code(name)?, terms)?.map_err(DeployError::Terms)
}

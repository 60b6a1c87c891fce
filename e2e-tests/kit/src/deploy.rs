//! Deploys contracts on an embedded chain by their constructors.

use ink::scale::{Decode, Encode};
use patronage::bundle::{self, BundleError, Codes};
use patronage_chain::{Call, Chain, ChainError, Receipt, Signer, Target};
use patronage_embedded::EmbeddedChain;
use patronage_interfaces::{
    registry::RegistryError,
    token::{TokenError, TokenTerms},
    vault::{VaultError, VaultTerms},
    AccountId,
};

/// Why a contract could not be deployed. `E` is the contract's own error.
#[derive(Debug, thiserror::Error)]
pub enum DeployError<E> {
    /// The bundle cannot be used.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The chain rejected the transaction.
    #[error(transparent)]
    Call(#[from] ChainError),
    /// The constructor returned an error.
    #[error("the contract refused its terms")]
    Terms(E),
}

/// Deploys a creator token for `creator`, who owns it.
///
/// # Errors
///
/// If the bundle is missing, the chain rejects the transaction, or the terms are invalid.
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
/// If the bundle is missing, the chain rejects the transaction, or the terms are invalid.
pub fn deploy_vault(
    chain: &mut EmbeddedChain,
    creator: &AccountId,
    terms: &VaultTerms,
) -> Result<Receipt<AccountId>, DeployError<VaultError>> {
    deploy(chain, creator, "patronage_vault", terms)
}

/// Deploys an empty content registry for `creator`, who owns it. Purchases are paid to `vault`.
///
/// # Errors
///
/// If the bundle is missing or the chain rejects the transaction.
pub fn deploy_registry(
    chain: &mut EmbeddedChain,
    creator: &AccountId,
    vault: Option<AccountId>,
) -> Result<Receipt<AccountId>, DeployError<RegistryError>> {
    deploy(chain, creator, "content_registry", &vault)
}

/// Deploys the contract of the bundle `name` by its constructor `new`. Uploads its cold code first, if it has one.
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
    let code = prepare(chain, creator, name)?;
    chain.deploy(creator, 0, code, terms)?.map_err(DeployError::Terms)
}

/// Uploads the cold code of the bundle `name`, if it has one. Returns the code of the contract.
///
/// # Errors
///
/// If the bundle is missing, or the chain rejects the transaction.
pub fn prepare<E>(chain: &mut EmbeddedChain, from: &AccountId, name: &str) -> Result<Vec<u8>, DeployError<E>> {
    let Codes { code, cold } = bundle::codes_for(name, chain.properties().width)?;
    if let Some(cold) = cold {
        chain.submit(&Signer::from(*from), &Call { target: Target::Code(&cold), value: 0, data: &[] })?;
    }
    Ok(code)
}

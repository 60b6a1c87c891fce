//! The three contracts of a creator, and typed calls of their messages.

use ink::{codegen::TraitCallBuilder, contract_ref, env::call::FromAccountId};
use patronage_interfaces::{
    ownable::Ownable, patronage::Patronage, registry::ContentRegistry, token::CreatorToken, vault::PatronageVault,
    AccountId, PatronageEnvironment,
};
use psp22::{PSP22Burnable, PSP22Metadata, PSP22};

/// Defines a function for each trait. It takes a contract's address and returns a builder of the trait's messages.
/// `sale(token).sell(..)` builds a message that can be sent.
macro_rules! message_builders {
    ($($(#[$doc:meta])* $name:ident: $trait:ident in $environment:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name(contract: AccountId) -> <contract_ref!($trait, $environment) as TraitCallBuilder>::Builder {
            FromAccountId::<$environment>::from_account_id(contract)
        }
    )*};
}

message_builders! {
    /// Messages of the sale of a creator token.
    sale: CreatorToken in PatronageEnvironment;
    /// Messages of any PSP22 token.
    psp22: PSP22 in PatronageEnvironment;
    /// Name, symbol and decimals of any PSP22 token.
    psp22_metadata: PSP22Metadata in PatronageEnvironment;
    /// `burn` of a PSP22 token that implements PSP22Burnable.
    psp22_burnable: PSP22Burnable in PatronageEnvironment;
    /// Messages of a patronage vault.
    vault: PatronageVault in PatronageEnvironment;
    /// Messages of a vault that other contracts call.
    patronage: Patronage in PatronageEnvironment;
    /// Ownership messages of any of the three contracts.
    ownable: Ownable in PatronageEnvironment;
    /// Messages of a content registry.
    registry: ContentRegistry in PatronageEnvironment;
}

/// Addresses of a creator's three contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contracts {
    /// The creator token.
    pub token: AccountId,
    /// The patronage vault.
    pub vault: AccountId,
    /// The content registry.
    pub registry: AccountId,
}

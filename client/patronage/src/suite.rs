//! The three contracts of a creator, and their messages as typed calls.

use ink::{codegen::TraitCallBuilder, contract_ref, env::call::FromAccountId};
use patronage_interfaces::{
    ownable::Ownable, patronage::Patronage, registry::ContentRegistry, token::CreatorToken, vault::PatronageVault,
    AccountId, PatronageEnvironment,
};
use psp22::{PSP22Burnable, PSP22Metadata, PSP22};

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

use ink::primitives::AccountId;
use patronage_core::ownership::Ownership;
use patronage_interfaces::token::Text;

/// Who may do what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Roles {
    /// The creator, and who can accept the ownership.
    pub ownership: Ownership<AccountId>,
    /// To whom the fees belong that wait in the sale.
    pub fee_recipient: AccountId,
    /// Who becomes that by claiming.
    pub fee_candidate: Option<AccountId>,
}

patronage_thin::read!(
    struct Roles {
        ownership: Ownership<AccountId>,
        fee_recipient: AccountId,
        fee_candidate: Option<AccountId>,
    }
);

/// What wallets show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Metadata {
    /// Name, not empty.
    pub name: Text,
    /// Ticker, not empty.
    pub symbol: Text,
    /// Decimals, at most 24.
    pub decimals: u8,
}

patronage_thin::read!(
    struct Metadata {
        name: Text,
        symbol: Text,
        decimals: u8,
    }
);

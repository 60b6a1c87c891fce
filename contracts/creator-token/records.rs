use ink::primitives::AccountId;
use patronage_core::ownership::Ownership;
use patronage_interfaces::token::Utf8Bytes;

/// Who may do what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[derive(ink_lite::Decode)]
pub struct Roles {
    /// The creator, and who can accept the ownership.
    pub ownership: Ownership<AccountId>,
    /// To whom the fees belong that wait in the sale.
    pub fee_recipient: AccountId,
    /// Whether that account has claimed, and so can: until then the owner can still take these fees.
    pub fee_accepted: bool,
}

/// What wallets show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[derive(ink_lite::Decode)]
pub struct Metadata {
    /// Name, not empty.
    pub name: Utf8Bytes,
    /// Ticker, not empty.
    pub symbol: Utf8Bytes,
    /// Decimals, at most 24.
    pub decimals: u8,
}

use ink::primitives::AccountId;
use patronage_core::ownership::Ownership;
use patronage_interfaces::token::Utf8Bytes;

/// Roles of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[derive(ink_lite::Decode)]
pub struct Roles {
    /// The owner, and the proposed owner.
    pub ownership: Ownership<AccountId>,
    /// Account that can claim the fees in the sale.
    pub fee_recipient: AccountId,
    /// Whether that account has ever claimed. If not, these fees are credited to the owner when the recipient changes.
    pub fee_accepted: bool,
}

/// Metadata that wallets show.
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

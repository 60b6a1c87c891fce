//! What other contracts ask of a vault. Any vault can implement it; this suite's does.

use crate::{AccountId, Timestamp};

/// What a fan is to a creator: everything an access rule can ask, in one answer.
///
/// A fan that a vault has never heard of has the default, in which everything is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Standing {
    /// Level of the fan's subscription, running or expired; 0 if there is none.
    pub level: u8,
    /// Since when the fan has held `level` or a higher one, in ms: without a gap from then to `until`. A change to a higher
    /// level begins anew, as the time before was not at that level; a change to the same or a lower one counts on.
    pub since: Timestamp,
    /// The first millisecond in which the subscription does not run. It **may be in the past**: then the subscription has
    /// expired, and whoever asks decides whether a grace applies. A subscription that was cancelled is gone and leaves 0
    /// here and in `level` and `since`, so that nobody gets a grace for money that was taken back.
    pub until: Timestamp,
    /// All the fan ever tipped in the chain's own token, in planck.
    pub tipped: u128,
    /// The fan's stake, in smallest units of the creator's token; 0 where a vault takes no stakes.
    pub staked: u128,
    /// Since when all of `staked` has been staked, in ms; 0 without a stake.
    pub staked_since: Timestamp,
}

/// Why a vault does not take a payment. Nothing has changed, and the payment is the payer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum PayError {
    /// A payment needs an amount.
    NothingSent,
    /// The vault takes no new money now.
    Paused,
    /// The sum of all income would be too large for the vault to count.
    Overflow,
}

/// What other contracts ask of a vault. Implement this to let a vault of your own decide about access, and take what content
/// is sold for.
#[ink::trait_definition]
pub trait Patronage {
    /// What `fan` is to this vault's creator. Never fails; for someone unknown everything is 0.
    #[ink(message)]
    fn standing_of(&self, fan: AccountId) -> Standing;

    /// Gives the payment, in planck, to the creator's recipients: income that another contract has made. `purpose` is what it
    /// is for, in the payer's own numbering (a registry's content, for example).
    ///
    /// # Errors
    /// `NothingSent`, `Paused`, `Overflow`.
    ///
    /// # Events
    /// A vault tells it by an event of its own.
    #[ink(message, payable)]
    fn pay(&mut self, purpose: u64) -> Result<(), PayError>;
}

//! Which calls must be refused.

use patronage_interfaces::AccountId;

use super::{books::TierBook, world::World};

/// Messages that only the owner of a contract may send.
const OWNERS: [&str; 14] = [
    "add_tier",
    "end_subscription",
    "grant",
    "lock_splits_until",
    "lower_fees",
    "propose_owner",
    "revoke_grant",
    "set_fee_recipient",
    "set_manager",
    "set_paused",
    "set_question_limits",
    "set_splits",
    "set_vault",
    "update_tier",
];
/// Messages that managers of the registry may send, too.
const MANAGERS: [&str; 4] = ["change_terms", "publish", "replace_file", "set_listed"];

impl World {
    /// Whether `from` may send the message with this name to `contract`.
    pub(super) fn may(&self, name: &str, from: AccountId, contract: AccountId) -> bool {
        let owner = self.books.owners.get(&contract) == Some(&from);
        match () {
            () if OWNERS.contains(&name) => owner,
            () if MANAGERS.contains(&name) => owner || self.books.managers.contains(&from),
            () => true,
        }
    }

    /// Asserts that whoever joined `tier` just now found a seat.
    #[track_caller]
    pub(super) fn check_seats(&self, tier: u32) {
        let Some(TierBook { seats: Some(seats), .. }) = self.books.tiers.get(tier as usize) else { return };
        let now = self.now();
        let of_tier = |held: super::books::Held| held.tier == tier as usize && now < held.end;
        let members = self.books.fans.values().filter(|fan| fan.held.is_some_and(of_tier)).count();
        assert!(members <= *seats as usize, "{members} members have {seats} seats");
    }
}

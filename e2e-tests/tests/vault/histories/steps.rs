//! Random steps of a history.

use proptest::prelude::*;
use test_kit::{DAY, TOKEN};

use super::{model::SPLITS, paid::TIERS, MINUTE};

/// An action of a person. `fan` is the index of a person. Payments are in thousandths of a price.
#[derive(Debug, Clone)]
pub enum Action {
    Tip {
        asset: usize,
        amount: u128,
    },
    Subscribe {
        fan: usize,
        tier: usize,
        thousandths: u128,
    },
    /// `other` is the named tier, which can be the wrong one. `below` lowers the accepted price by one.
    TopUp {
        fan: usize,
        thousandths: u128,
        other: Option<usize>,
        below: bool,
    },
    Switch {
        tier: usize,
        thousandths: u128,
    },
    Cancel,
    Withdraw {
        asset: usize,
    },
    Stake {
        amount: u128,
    },
    Unstake {
        amount: u128,
    },
    UnstakeAll,
    WithdrawStake,
    Collect {
        tier: usize,
        max_epochs: u32,
    },
    Claim {
        asset: usize,
        version: usize,
    },
    ClaimStakeIncome {
        asset: usize,
    },
    Prune {
        fan: usize,
    },
    // Actions of the owner.
    Dismiss {
        fan: usize,
    },
    Grant {
        fan: usize,
        tier: usize,
        lasting: u64,
    },
    Revoke {
        fan: usize,
    },
    Offer {
        tier: usize,
        quarters: u128,
        seats: Option<u32>,
        open: bool,
    },
    Split {
        splits: usize,
    },
    Pause {
        paused: bool,
    },
}

/// Who does what, and the time before it.
#[derive(Debug, Clone)]
pub struct Step {
    /// In ms; `u64::MAX` waits for the next midnight.
    pub wait: u64,
    /// Index of one of five people.
    pub who: usize,
    pub action: Action,
}

fn action() -> impl Strategy<Value = Action> {
    let (tier, fan, asset) = (|| 0..TIERS.len(), || 0..5usize, || 0..2usize);
    // From a little too small to some years. Mostly not a multiple of the price.
    let payment = || (0u128..2_000, 0u128..1_000).prop_map(|(root, odd)| 900 + root * root + odd);
    let some_tokens = || 0..40 * TOKEN;
    prop_oneof![
        3 => (asset(), 0..10 * TOKEN).prop_map(|(asset, amount)| Action::Tip { asset, amount }),
        8 => (fan(), tier(), payment()).prop_map(|(fan, tier, thousandths)| Action::Subscribe { fan, tier, thousandths }),
        3 => (fan(), 0u128..3_000, prop::option::weighted(0.1, tier()), prop::bool::weighted(0.1))
            .prop_map(|(fan, thousandths, other, below)| Action::TopUp { fan, thousandths, other, below }),
        4 => (tier(), prop_oneof![Just(0), payment()])
            .prop_map(|(tier, thousandths)| Action::Switch { tier, thousandths }),
        4 => Just(Action::Cancel),
        2 => asset().prop_map(|asset| Action::Withdraw { asset }),
        3 => some_tokens().prop_map(|amount| Action::Stake { amount }),
        2 => some_tokens().prop_map(|amount| Action::Unstake { amount }),
        1 => Just(Action::UnstakeAll),
        2 => Just(Action::WithdrawStake),
        5 => (tier(), prop_oneof![0u32..40, Just(2_000)])
            .prop_map(|(tier, max_epochs)| Action::Collect { tier, max_epochs }),
        3 => (asset(), 0..4usize).prop_map(|(asset, version)| Action::Claim { asset, version }),
        3 => asset().prop_map(|asset| Action::ClaimStakeIncome { asset }),
        1 => fan().prop_map(|fan| Action::Prune { fan }),
        1 => fan().prop_map(|fan| Action::Dismiss { fan }),
        2 => (fan(), tier(), 0..60 * DAY).prop_map(|(fan, tier, lasting)| Action::Grant { fan, tier, lasting }),
        1 => fan().prop_map(|fan| Action::Revoke { fan }),
        2 => (tier(), 1u128..9, prop::option::of(1..4u32), prop::bool::weighted(0.8))
            .prop_map(|(tier, quarters, seats, open)| Action::Offer { tier, quarters, seats, open }),
        2 => (0..SPLITS.len()).prop_map(|splits| Action::Split { splits }),
        1 => prop::bool::weighted(0.2).prop_map(|paused| Action::Pause { paused }),
    ]
}

pub fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![
        4 => Just(0),
        2 => 1..10 * MINUTE,
        3 => 1..DAY,
        3 => DAY..20 * DAY,
        1 => DAY..2 * 365 * DAY,
        // Midnight, where days begin.
        1 => Just(u64::MAX),
    ];
    (wait, 0..5usize, action()).prop_map(|(wait, who, action)| Step { wait, who, action })
}

/// The order in which all leave, with eight actions for each person.
pub fn order() -> impl Strategy<Value = Vec<usize>> {
    Just((0..40).collect::<Vec<_>>()).prop_shuffle()
}

//! Histories that once broke a promise, as the campaign printed them.

use patronage_chain::Width;

use super::{
    steps::{Action::*, Step, Trick},
    world::World,
};

/// Plays a history on chains with balances of both widths.
fn play(steps: &[Step]) {
    for width in [Width::U128, Width::U64] {
        super::play(&mut World::new(width), steps);
    }
}

/// With refunds that ignore the minimum stay, the first fan gets more back than was agreed.
#[test]
fn a_fan_who_leaves_at_once_pays_for_the_minimum_stay() {
    play(&[
        Step { who: 1, action: Subscribe { tier: 1, fan: 1, thousandths: 3_000 } },
        Step { who: 1, action: Cancel },
        Step { who: 2, action: Wait { ms: 1 } },
    ]);
}

/// With a vault that credits what was promised, a token with a transfer fee leaves it short.
#[test]
fn of_a_token_with_a_fee_the_arrived_amount_is_owed() {
    play(&[Step { who: 1, action: TipCrooked { amount: 1_000_000, trick: Trick::Fee } }]);
}

use patronage_interfaces::vault::Collected;
use test_kit::{assert_events, event, field_topic, tier_terms, DAY};

use super::*;

/// Whether the weights of two calls differ by at most this many percent, in time and in proof.
fn within<A, B>(percent: u64, a: &Receipt<A>, b: &Receipt<B>) -> bool {
    let close = |a: u64, b: u64| a.abs_diff(b) * 100 <= a.max(b) * percent;
    close(a.weight.ref_time(), b.weight.ref_time()) && close(a.weight.proof_size(), b.weight.proof_size())
}

fn collected(tier: TierId, amount: u128) -> (Vec<[u8; 32]>, Vec<u8>) {
    event(&Collected { tier, amount, version: 0 }, &[field_topic(&tier)])
}

#[test]
fn collecting_moves_what_time_has_earned_into_the_income() {
    let mut fixture = VaultFixture::default();
    assert!(fixture.subscribe(fixture.env.ana, 0, PRICE).value.is_ok());
    assert!(fixture.subscribe(fixture.env.ben, 1, 2 * PRICE).value.is_ok());
    let nothing = fixture.collect(0, 10);
    assert_eq!(nothing.value, Ok(Settlement { amount: 0, more: false }));
    assert_events(&nothing, fixture.vault, &[]);

    fixture.wait(DAY / 2);
    let receipt = fixture.collect(0, 10);
    assert_eq!(receipt.value, Ok(Settlement { amount: UNIT / 2, more: false }));
    assert_events(&receipt, fixture.vault, &[collected(0, UNIT / 2)]);
    assert_eq!(
        fixture.obligations(),
        Obligations { streams: 3 * PRICE - UNIT / 2, unclaimed: UNIT / 2, ..Obligations::default() }
    );
    assert_eq!(fixture.collect(0, 10).value, Ok(Settlement { amount: 0, more: false }));
    // The other tier is settled separately.
    let receipt = fixture.collect(1, 10);
    assert_eq!(receipt.value, Ok(Settlement { amount: UNIT, more: false }));
    assert_events(&receipt, fixture.vault, &[collected(1, UNIT)]);
    assert_eq!(fixture.collect(2, 10).value, Err(VaultError::UnknownTier.into()));
}

#[test]
fn fractions_of_a_planck_are_collected_later_and_never_lost() {
    let mut fixture = VaultFixture::of(vec![TierTerms { period: MINUTE, ..tier_terms(7, 1) }]);
    assert!(fixture.subscribe(fixture.env.ana, 0, 7 * 2 * 1_440).value.is_ok());
    let mut sum = 0;
    for elapsed in 1..=20u128 {
        fixture.wait(1_234);
        sum += fixture.collect(0, 1).value.unwrap().amount;
        assert_eq!(sum, 7 * 1_234 * elapsed / 60_000);
    }
    fixture.wait(3 * DAY);
    sum += fixture.collect(0, 4).value.unwrap().amount;
    assert_eq!(sum, 7 * 2 * 1_440);
}

#[test]
fn on_the_day_of_its_end_a_subscription_counts_up_to_midnight() {
    let mut fixture = VaultFixture::default();
    fixture.wait(DAY / 4);
    assert!(fixture.subscribe(fixture.env.ana, 0, PRICE).value.is_ok());
    fixture.wait(30 * DAY - DAY / 4);
    assert_eq!(fixture.collect(0, 100).value, Ok(Settlement { amount: PRICE - UNIT / 4, more: false }));
    fixture.wait(DAY / 2);
    assert_eq!(fixture.collect(0, 100).value, Ok(Settlement { amount: 0, more: false }));
    fixture.wait(DAY / 2);
    assert_eq!(fixture.collect(0, 100).value, Ok(Settlement { amount: UNIT / 4, more: false }));
}

#[test]
fn years_are_collected_in_steps_that_fit_into_a_block() {
    let mut fixture = VaultFixture::default();
    let start = fixture.now();
    assert!(fixture.subscribe(fixture.env.ana, 0, 3 * 365 * UNIT).value.is_ok());
    assert!(fixture.subscribe(fixture.env.ben, 0, 100 * UNIT).value.is_ok());
    fixture.wait(2 * 365 * DAY);
    // No day settled: nothing was certainly earned before the first day.
    assert_eq!(fixture.collect(0, 0).value, Ok(Settlement { amount: 0, more: true }));
    let mut sum = 0;
    for step in 1..=7 {
        let Settlement { amount, more } = fixture.collect(0, 100).value.unwrap();
        assert!(more);
        sum += amount;
        let days = 100 * step;
        assert_eq!(sum, (u128::from(days) + 100) * UNIT, "both are earned up to the day that is swept");
        assert_eq!(fixture.tier(0).unwrap().settled_until, start + days * DAY);
    }
    assert_eq!(fixture.tier(0).unwrap().unsettled, 1);
    let last = fixture.collect(0, 30);
    assert_eq!(last.value, Ok(Settlement { amount: 30 * UNIT, more: false }));
    assert_events(&last, fixture.vault, &[collected(0, 30 * UNIT)]);
    // Without unsettled days, centuries are one step.
    fixture.wait(400 * DAY);
    assert_eq!(fixture.collect(0, 1_000).value, Ok(Settlement { amount: 365 * UNIT, more: false }));
    fixture.wait(36_525 * DAY);
    assert_eq!(fixture.collect(0, 1).value, Ok(Settlement { amount: 0, more: false }));
    assert_eq!(fixture.tier(0).unwrap().settled_until, fixture.now());
}

#[test]
fn a_day_without_an_end_costs_one_read_more() {
    let mut fixture = VaultFixture::default();
    assert!(fixture.subscribe(fixture.env.ana, 0, 1_000 * UNIT).value.is_ok());
    fixture.wait(600 * DAY);
    let cost = |fixture: &mut VaultFixture, days| fixture.collect(0, days).weight.ref_time();
    let [few, many] = [10, 110].map(|days| cost(&mut fixture, days));
    // A read is 30 million in the chain's schedule. Finding the record computes a little.
    let day = (many - few) / 100;
    assert!((30_000_000..40_000_000).contains(&day), "{day}");
}

/// A vault that `fans` fans joined on three days. Of each ten, one has cancelled and one has paid for a second period
/// when the third day is over.
fn populated(fans: u32) -> VaultFixture {
    let mut fixture = VaultFixture::default();
    let (ben, vault) = (fixture.env.ben, fixture.vault);
    for day in 0..3 {
        for fan in (0..fans).filter(|fan| fan % 10 / 4 == day) {
            let gift = contracts::vault(vault).subscribe(0, stranger(fan), 0, PRICE);
            fixture.env.call(ben, PRICE, gift).value.unwrap();
        }
        fixture.wait(DAY);
    }
    for fan in (0..fans).filter(|fan| fan % 10 == 1) {
        assert_eq!(fixture.env.call(stranger(fan), 0, contracts::vault(vault).cancel()).value, Ok(27 * UNIT));
    }
    for fan in (0..fans).filter(|fan| fan % 10 == 5) {
        fixture.env.call(ben, PRICE, contracts::vault(vault).top_up(stranger(fan), 0, 0, PRICE)).value.unwrap();
    }
    fixture.assert_covered();
    fixture
}

/// Size of the large population: `PATRONAGE_FANS`, a multiple of ten, or one that takes seconds.
fn many_fans() -> u32 {
    std::env::var("PATRONAGE_FANS").ok().and_then(|fans| fans.parse().ok()).unwrap_or(1_000)
}

#[test]
fn the_cost_of_collecting_does_not_depend_on_the_number_of_fans() {
    let fans = many_fans();
    let times = u128::from(fans) / 10;
    let (mut few, mut many) = (populated(10), populated(fans));
    let mut compare = |wait, days| {
        few.wait(wait);
        many.wait(wait);
        let (a, b) = (few.collect(0, days), many.collect(0, days));
        println!("collect, 10 fans: {}; {fans} fans: {}", a.weight, b.weight);
        assert!(within(2, &a, &b), "10 fans: {}, {fans} fans: {}", a.weight, b.weight);
        let (a, b) = (a.value.unwrap(), b.value.unwrap());
        // The income grows with the number of fans. Each vault keeps a fraction of a planck.
        assert!(a.more == b.more && b.amount.abs_diff(a.amount * times) <= times, "{a:?} {b:?}");
        a.amount
    };
    let running = compare(DAY / 3, 10);
    let some_ended = compare(28 * DAY, 100);
    let all_ended = compare(32 * DAY, 100);
    assert!(running > 0 && some_ended > 0 && all_ended > 0);
    // Of each ten, eight stay for a month, one for two, and one for three days.
    assert_eq!(running + some_ended + all_ended, 10 * PRICE + 3 * UNIT);
    assert_eq!(few.tier(0).unwrap().unsettled, 0);
    assert_eq!(many.tier(0).unwrap().unsettled, 0);
}

#[test]
fn the_cost_of_a_fans_calls_does_not_depend_on_the_number_of_fans() {
    let (mut few, mut many) = (populated(10), populated(100));
    let fan = few.env.ana;
    let (a, b) = (few.subscribe(fan, 0, PRICE), many.subscribe(fan, 0, PRICE));
    assert!(within(2, &a, &b), "subscribe: 10 fans: {}, 100 fans: {}", a.weight, b.weight);
    assert_eq!(a.deposit, b.deposit);
    // It does not depend on the time since the last collection either.
    many.wait(DAY * 20);
    few.wait(DAY);
    let (a, b) = (few.cancel(fan), many.cancel(fan));
    assert!(within(2, &a, &b), "cancel: 10 fans: {}, 100 fans: {}", a.weight, b.weight);
    // The chain rounds what it returns of a contract's deposit.
    assert!(a.deposit.abs_diff(b.deposit) <= 2, "{} {}", a.deposit, b.deposit);
}

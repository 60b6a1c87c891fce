//! Grants, and pruning of expired seats.

use patronage_interfaces::vault::{Ended, Subscribed, PRUNE_AFTER};
use test_kit::{assert_events, event, field_topic};

use super::*;

fn grant(
    fixture: &mut VaultFixture,
    fan: AccountId,
    tier: TierId,
    until: Timestamp,
) -> Receipt<Result<(), Box<VaultError>>> {
    fixture.send(fixture.env.creator, 0, contracts::vault(fixture.vault).grant(fan, tier, until))
}

fn revoke(fixture: &mut VaultFixture, fan: AccountId) -> Receipt<Result<(), Box<VaultError>>> {
    fixture.send(fixture.env.creator, 0, contracts::vault(fixture.vault).revoke_grant(fan))
}

fn ended(fan: AccountId, tier: TierId, by: AccountId) -> (Vec<[u8; 32]>, Vec<u8>) {
    let ended = Ended { fan, tier, by, refund: 0, credited: false };
    event(&ended, &[field_topic(&fan), field_topic(&tier)])
}

#[test]
fn a_grant_is_a_free_subscription_that_can_be_revoked() {
    let mut fixture = VaultFixture::default();
    let TestEnv { ana, creator, .. } = fixture.env;
    let (vault, since) = (fixture.vault, fixture.now());
    let until = since + 9 * DAY;
    let receipt = grant(&mut fixture, ana, 1, until);
    assert_eq!(receipt.value, Ok(()));
    let subscribed = Subscribed { fan: ana, tier: 1, payer: creator, price: 0, paid: 0, carried: 0, minimum: 0, until };
    assert_events(&receipt, vault, &[event(&subscribed, &[field_topic(&ana), field_topic(&1u32)])]);
    assert_eq!(fixture.standing(ana), Standing { level: 2, since, until, ..Standing::default() });
    let stream = Stream { price: 0, start: since, end: until, paid: 0, minimum: 0 };
    assert_eq!(fixture.subscription(ana), Some(Subscription { tier: 1, level: 2, since, stream }));
    assert_eq!(fixture.refund(ana), 0);
    assert_eq!(fixture.obligations(), Obligations::default());
    // A grant takes a seat and earns nothing, now or later.
    fixture.wait(5 * DAY);
    let tier = fixture.tier(1).unwrap();
    assert_eq!(tier.taken, 1);
    assert_eq!(tier.unsettled, 0);
    assert_eq!(fixture.collect(1, 9).value, Ok(Settlement { amount: 0, more: false }));

    let back = revoke(&mut fixture, ana);
    assert_eq!(back.value, Ok(()));
    assert_events(&back, vault, &[ended(ana, 1, creator)]);
    assert_returned(receipt.deposit, &[back.deposit]);
    assert_eq!(fixture.standing(ana), Standing::default());
    assert_eq!(fixture.tier(1).unwrap().taken, 0);
    // The fan can cancel it too.
    let until = fixture.now() + 1;
    grant(&mut fixture, ana, 1, until).value.unwrap();
    let back = fixture.cancel(ana);
    assert_eq!(back.value, Ok(0));
    assert_events(&back, vault, &[ended(ana, 1, ana)]);
}

#[test]
fn impossible_grants_and_revocations_are_refused() {
    let limited = TierTerms { seats: Some(1), ..tier_terms(PRICE, 1) };
    let mut fixture = VaultFixture::of(vec![limited, tier_terms(PRICE, 2)]);
    let (ana, ben, vault, now) = (fixture.env.ana, fixture.env.ben, fixture.vault, fixture.now());
    assert_eq!(grant(&mut fixture, ana, 2, now + DAY).value, Err(VaultError::UnknownTier.into()));
    for past in [0, now - 1, now] {
        assert_eq!(grant(&mut fixture, ana, 0, past).value, Err(VaultError::EndsInPast.into()));
    }
    assert_eq!(revoke(&mut fixture, ana).value, Err(VaultError::NotSubscribed.into()));
    let until = fixture.subscribe(ana, 0, PRICE).value.unwrap();
    for tier in [0, 1] {
        assert_eq!(grant(&mut fixture, ana, tier, until).value, Err(VaultError::AlreadySubscribed { until }.into()));
    }
    assert_eq!(revoke(&mut fixture, ana).value, Err(VaultError::NotSubscribed.into()));
    assert_eq!(grant(&mut fixture, ben, 0, until).value, Err(VaultError::SoldOut.into()));
    grant(&mut fixture, ben, 1, until).value.unwrap();
    // A grant has no payment to extend or to switch.
    assert_eq!(
        fixture.send(ben, PRICE, contracts::vault(vault).top_up(ben, 1, 0, u128::MAX)).value,
        Err(VaultError::NotSubscribed.into())
    );
    let switch = contracts::vault(vault).switch_tier(1, 0, u128::MAX);
    assert_eq!(fixture.send(ben, PRICE, switch).value, Err(VaultError::NotSubscribed.into()));
    // An expired paid subscription is not a grant, and a grant can replace it.
    fixture.wait(30 * DAY);
    assert_eq!(revoke(&mut fixture, ana).value, Err(VaultError::NotSubscribed.into()));
    assert_eq!(grant(&mut fixture, ana, 1, until + DAY).value, Ok(()));
    assert_eq!(fixture.tier(0).unwrap().taken, 0);
    assert_eq!(fixture.tier(1).unwrap().taken, 2);
}

#[test]
fn a_renewed_grant_keeps_its_time_unless_the_level_rises() {
    let mut fixture = VaultFixture::default();
    let (ana, start) = (fixture.env.ana, fixture.now());
    let since = |fixture: &mut VaultFixture| fixture.standing(ana).since;
    grant(&mut fixture, ana, 0, start + 10 * DAY).value.unwrap();
    fixture.wait(DAY);
    // The same level with an earlier end: the owner can shorten a grant.
    grant(&mut fixture, ana, 0, start + 5 * DAY).value.unwrap();
    assert_eq!(since(&mut fixture), start);
    assert_eq!(fixture.standing(ana).until, start + 5 * DAY);
    grant(&mut fixture, ana, 1, start + 5 * DAY).value.unwrap();
    assert_eq!(since(&mut fixture), start + DAY);
    fixture.wait(DAY);
    grant(&mut fixture, ana, 0, start + 5 * DAY).value.unwrap();
    assert_eq!(since(&mut fixture), start + DAY);
    assert_eq!(fixture.tier(0).unwrap().taken, 1);
    // An ended grant does not count.
    fixture.wait(3 * DAY);
    grant(&mut fixture, ana, 0, start + 9 * DAY).value.unwrap();
    assert_eq!(since(&mut fixture), start + 5 * DAY);
}

#[test]
fn only_the_fans_own_payment_replaces_a_grant() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, start) = (fixture.env.ana, fixture.env.ben, fixture.now());
    let until = start + 10 * DAY;
    grant(&mut fixture, ana, 1, until).value.unwrap();
    // A cheap gift would end the better grant.
    for tier in [0, 1] {
        assert_eq!(fixture.gift(ben, ana, tier, 2 * PRICE).value, Err(VaultError::AlreadySubscribed { until }.into()));
    }
    fixture.wait(DAY);
    let paid_until = fixture.subscribe(ana, 1, 2 * PRICE).value.unwrap();
    let expected = Standing { level: 2, since: start, until: paid_until, ..Standing::default() };
    assert_eq!(paid_until, start + 31 * DAY);
    assert_eq!(fixture.standing(ana), expected);
    assert_eq!(fixture.tier(1).unwrap().taken, 1);
    assert_eq!(fixture.refund(ana), 2 * PRICE);
    // After the grant has ended, a gift is possible.
    fixture.cancel(ana).value.unwrap();
    grant(&mut fixture, ana, 1, until).value.unwrap();
    fixture.wait(9 * DAY);
    assert!(fixture.gift(ben, ana, 0, PRICE).value.is_ok());
    assert_eq!(fixture.standing(ana).since, fixture.now());
}

#[test]
fn anyone_can_prune_a_seat_a_week_after_its_end() {
    let mut fixture = VaultFixture::of(vec![TierTerms { seats: Some(2), ..tier_terms(PRICE, 1) }]);
    let TestEnv { ana, ben, cleo, .. } = fixture.env;
    let vault = fixture.vault;
    let prune = |fixture: &mut VaultFixture, fan| fixture.send(cleo, 0, contracts::vault(vault).prune(fan));
    assert_eq!(prune(&mut fixture, ana).value, Err(VaultError::NotSubscribed.into()));
    let end = fixture.subscribe(ana, 0, PRICE).value.unwrap();
    let granted = grant(&mut fixture, ben, 0, end + DAY).deposit;
    let from = end + PRUNE_AFTER;
    for elapsed in [30 * DAY - 1, 1, PRUNE_AFTER - 1] {
        assert_eq!(prune(&mut fixture, ana).value, Err(VaultError::NotExpired { from }.into()));
        fixture.wait(elapsed);
    }
    assert_eq!(prune(&mut fixture, ana).value, Err(VaultError::NotExpired { from }.into()));
    assert_eq!(fixture.subscribe(cleo, 0, PRICE).value, Err(VaultError::SoldOut.into()));
    fixture.wait(1);
    let had = fixture.env.balance(cleo);
    let receipt = prune(&mut fixture, ana);
    assert_eq!(receipt.value, Ok(()));
    assert_events(&receipt, vault, &[ended(ana, 0, cleo)]);
    // The caller who prunes gets the record's deposit.
    assert!(receipt.deposit < 0);
    assert_eq!(fixture.env.balance(cleo), had + receipt.deposit.unsigned_abs());
    assert_eq!(fixture.standing(ana), Standing::default());
    assert_eq!(fixture.tier(0).unwrap().taken, 1);
    assert_eq!(prune(&mut fixture, ana).value, Err(VaultError::NotSubscribed.into()));
    // The creator still gets what it earned.
    assert_eq!(fixture.collect(0, 100).value.unwrap().amount, PRICE);
    assert_eq!(prune(&mut fixture, ben).value, Err(VaultError::NotExpired { from: from + DAY }.into()));
    fixture.wait(DAY);
    let receipt = prune(&mut fixture, ben);
    assert_events(&receipt, vault, &[ended(ben, 0, cleo)]);
    assert_returned(granted, &[receipt.deposit]);
    assert_eq!(fixture.tier(0).unwrap().taken, 0);
}

#[test]
fn full_tiers_can_be_pruned_after_one_period() {
    const HOUR: u64 = DAY / 24;
    let mut fixture = VaultFixture::of(vec![TierTerms { period: HOUR, seats: Some(2), ..tier_terms(UNIT, 1) }]);
    let TestEnv { ana, ben, cleo, .. } = fixture.env;
    let vault = fixture.vault;
    let prune = |fixture: &mut VaultFixture, fan| fixture.send(cleo, 0, contracts::vault(vault).prune(fan)).value;
    let end = fixture.subscribe(ana, 0, 3 * UNIT).value.unwrap();
    fixture.wait(4 * HOUR - 1);
    // A seat is free, so pruning has to wait for a week.
    assert_eq!(prune(&mut fixture, ana), Err(VaultError::NotExpired { from: end + PRUNE_AFTER }.into()));
    fixture.subscribe(ben, 0, 48 * UNIT).value.unwrap();
    assert_eq!(fixture.subscribe(cleo, 0, UNIT).value, Err(VaultError::SoldOut.into()));
    assert_eq!(prune(&mut fixture, ana), Err(VaultError::NotExpired { from: end + HOUR }.into()));
    fixture.wait(1);
    assert_eq!(prune(&mut fixture, ana), Ok(()));
    assert!(fixture.subscribe(cleo, 0, UNIT).value.is_ok());
}

#[test]
fn pruning_removes_only_the_subscription() {
    let (mut fixture, _) = VaultFixture::with_token();
    let (ana, cleo, vault) = (fixture.env.ana, fixture.env.cleo, fixture.vault);
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.tip(ana, 7, b"").value.unwrap();
    fixture.send(ana, 0, contracts::vault(vault).stake(5)).value.unwrap();
    let staked_since = fixture.now();
    fixture.wait(30 * DAY + PRUNE_AFTER);
    fixture.send(cleo, 0, contracts::vault(vault).prune(ana)).value.unwrap();
    assert_eq!(fixture.standing(ana), Standing { tipped: 7, staked: 5, staked_since, ..Standing::default() });
}

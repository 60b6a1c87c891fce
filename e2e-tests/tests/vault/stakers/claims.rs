//! Claims of stake income, their limits and their cost.

use super::*;

#[test]
fn a_failed_payment_stays_the_stakers() {
    let (mut fixture, _) = shared();
    let TestEnv { ana, creator, .. } = fixture.env;
    stake(&mut fixture, ana, TOKEN);
    fixture.wait(DAY);
    tip(&mut fixture, 1_000);
    fixture.wait(DAY);
    // With an existential deposit of 1, the chain refuses a transfer only for missing funds.
    fixture.env.chain.destroy(&fixture.vault, 1_000).unwrap();
    let claim = contracts::vault(fixture.vault).claim_stake_income(Asset::Native);
    assert_eq!(fixture.env.call(ana, 0, claim).value, Err(VaultError::TransferFailed.into()));
    fixture.env.chain.fund(&fixture.vault, 1_000).unwrap();
    // Another account settles the day, which does not affect it.
    assert_eq!(claim_as(&mut fixture, creator, Asset::Native), Ok(0));
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), Ok(100));
}

#[test]
fn a_claim_reports_whether_more_is_left() {
    let (mut fixture, _) = shared();
    let TestEnv { ana, ben, .. } = fixture.env;
    // Ana's stake changes on forty days, with income on each of them and on twenty more. The stakes of ana and ben are
    // always equal.
    stake(&mut fixture, ben, 100 * TOKEN);
    stake(&mut fixture, ana, 100 * TOKEN);
    let days = 40;
    for _ in 0..days {
        fixture.wait(DAY);
        tip(&mut fixture, 2_000);
        stake(&mut fixture, ana, TOKEN);
        stake(&mut fixture, ben, TOKEN);
    }
    for _ in 0..20 {
        fixture.wait(DAY);
        tip(&mut fixture, 2_000);
    }
    fixture.wait(DAY);
    let claim = |fixture: &mut VaultFixture, who| {
        let result = fixture.env.ask(contracts::vault(fixture.vault).stake_income_of(who, Asset::Native));
        let receipt = fixture.send(who, 0, contracts::vault(fixture.vault).claim_stake_income(Asset::Native));
        let event: StakeIncomeClaimed = receipt.events.iter().find_map(|event| event.decode()).unwrap();
        assert_eq!(receipt.value, Ok(result));
        assert_eq!(event.amount, result);
        (event.amount, event.more)
    };
    // Sixteen days of changes. The first earned nothing. The second claim ends before the last of its days.
    let (amount, more) = claim(&mut fixture, ana);
    assert_eq!(amount, 15 * 100);
    assert!(more);
    let mut claims = vec![amount];
    while let (amount, true) = claim(&mut fixture, ana) {
        claims.push(amount);
    }
    assert!(claims.len() <= 4, "{claims:?}");
    assert_eq!(fixture.obligations().unclaimed, (days + 20) * 2_000 - (days + 20) * 100);
    let mut sum = 0;
    loop {
        let (amount, more) = claim(&mut fixture, ben);
        sum += amount;
        if !more {
            break;
        }
    }
    assert_eq!(sum, (days + 20) * 100);
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), nothing());
    assert_eq!(claim_as(&mut fixture, ben, Asset::Native), nothing());
    let left = of_creator(&mut fixture, Asset::Native, 0);
    assert_eq!(left, 60 * 1_800);
    assert_eq!(fixture.obligations().unclaimed, 60 * 1_800);
}

#[test]
fn the_maximum_of_settled_days_leaves_nothing_for_another_call() {
    let (mut fixture, _) = shared();
    let ana = fixture.env.ana;
    stake(&mut fixture, ana, TOKEN);
    for _ in 0..MAX_DAYS {
        fixture.wait(DAY);
        tip(&mut fixture, 1_000);
    }
    fixture.wait(DAY);
    let receipt = fixture.send(ana, 0, contracts::vault(fixture.vault).claim_stake_income(Asset::Native));
    let amount = u128::from(MAX_DAYS) * 100;
    let claimed = StakeIncomeClaimed { fan: ana, asset: Asset::Native, amount, more: false };
    assert_events(&receipt, fixture.vault, &[event(&claimed, &[field_topic(&ana)])]);
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), nothing());
}

#[test]
fn a_payments_cost_depends_on_the_part_and_not_on_the_stakers() {
    let weights = |stakers, staked: usize| {
        let (mut fixture, _) = with_share(stakers);
        let TestEnv { ana, ben, cleo, creator, .. } = fixture.env;
        for who in [ana, ben, cleo, creator].iter().take(staked) {
            stake(&mut fixture, *who, TOKEN);
        }
        fixture.wait(DAY);
        tip(&mut fixture, 1_000);
        let mut weigh = || fixture.tip(ana, 1_000, b"").weight;
        weigh();
        let same_day = weigh();
        fixture.wait(DAY);
        let next_day = fixture.tip(ana, 1_000, b"");
        (same_day, next_day.weight)
    };
    let (one, many) = (weights(1_000, 1), weights(1_000, 4));
    assert_eq!(one, many);
    let without = weights(0, 4);
    assert_eq!(without.0, without.1);
    // No additional record within a day, and one on the first payment of the next: less than 10 and than 200 millionths
    // of a second.
    let extra = |with: patronage_chain::Weight| with.ref_time() - without.0.ref_time();
    println!("a tip for stakers: {} more, {} on a new day", extra(one.0), extra(one.1));
    assert!(extra(one.0) < 40_000_000 && extra(one.1) < 250_000_000, "{} {}", extra(one.0), extra(one.1));
}

#[test]
fn stakers_pay_the_deposits_of_their_records_once_per_changed_day() {
    let (mut fixture, _) = shared();
    let TestEnv { ana, ben, .. } = fixture.env;
    stake(&mut fixture, ben, TOKEN);
    let first = stake(&mut fixture, ana, TOKEN).deposit;
    assert_eq!(stake(&mut fixture, ana, TOKEN).deposit, 0, "of the same day");
    fixture.wait(DAY);
    let next = stake(&mut fixture, ana, TOKEN).deposit;
    assert!(0 < next && first > 0, "{first} {next}");
    assert_eq!(stake(&mut fixture, ana, TOKEN).deposit, 0);
    fixture.wait(10 * DAY);
    tip(&mut fixture, 1_000);
    fixture.wait(DAY);
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), Ok(80));
    assert_eq!(claim_as(&mut fixture, ben, Asset::Native), Ok(20));
}

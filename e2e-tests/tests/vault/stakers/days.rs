//! Days on which a stake earns a part of the income.

use super::*;

#[test]
fn stakers_share_each_past_day_by_stake_in_every_asset() {
    let (mut fixture, token) = shared();
    let TestEnv { ana, ben, cleo, .. } = fixture.env;
    let (native, tokens) = (Asset::Native, Asset::Psp22(token));
    stake(&mut fixture, ana, 3 * TOKEN);
    stake(&mut fixture, ben, TOKEN);
    // No stake counts on the day of the first stake.
    tip(&mut fixture, 1_000);
    assert_eq!(of_creator(&mut fixture, native, 0), 1_000);
    fixture.wait(DAY);
    tip(&mut fixture, 1_000);
    tip_token(&mut fixture, token, 2_000);
    assert_eq!(of_creator(&mut fixture, native, 0), 1_900);
    assert_eq!(of_creator(&mut fixture, tokens, 0), 1_800);
    assert_eq!(fixture.obligations().unclaimed, 2_000);
    assert_eq!(fixture.owed(tokens).unclaimed, 2_000);
    // The day is not over. A stake of today counts from tomorrow on.
    stake(&mut fixture, cleo, 4 * TOKEN);
    assert_eq!(claim_as(&mut fixture, ana, native), nothing());
    fixture.wait(DAY - 1);
    assert_eq!(claim_as(&mut fixture, ana, native), nothing());
    fixture.wait(1);
    tip(&mut fixture, 1_600);

    let receipt = fixture.send(ana, 0, contracts::vault(fixture.vault).claim_stake_income(native));
    assert_eq!(receipt.value, Ok(75));
    let claimed = StakeIncomeClaimed { fan: ana, asset: native, amount: 75, more: false };
    assert_events(&receipt, fixture.vault, &[event(&claimed, &[field_topic(&ana)])]);
    assert_eq!(claim_as(&mut fixture, ana, native), nothing());
    assert_eq!(claim_as(&mut fixture, ben, native), Ok(25));
    assert_eq!(claim_as(&mut fixture, cleo, native), nothing());
    assert_eq!(claim_as(&mut fixture, ben, tokens), Ok(50));
    assert_eq!(claim_as(&mut fixture, ana, tokens), Ok(150));
    assert_eq!(fixture.owed(tokens).unclaimed, 1_800);
    fixture.wait(DAY);
    // 160 among eight.
    assert_eq!([ana, ben, cleo].map(|who| claim_as(&mut fixture, who, native)), [Ok(60), Ok(20), Ok(80)]);
    let left = of_creator(&mut fixture, native, 0);
    assert_eq!(fixture.claim(fixture.env.creator).value, Ok(left));
    assert_eq!(fixture.obligations().total(), 0);
}

#[test]
fn all_kinds_of_income_have_a_stakers_part() {
    let (mut fixture, token) = shared();
    let TestEnv { ana, ben, .. } = fixture.env;
    stake(&mut fixture, ana, TOKEN);
    fixture.subscribe(ben, 0, PRICE).value.unwrap();
    let in_tokens = contracts::vault(fixture.vault).subscribe(1, ben, 30 * TOKEN, u128::MAX);
    assert!(fixture.send(ben, 0, in_tokens).value.is_err(), "the fan has a subscription");
    fixture.wait(2 * DAY);
    assert_eq!(fixture.collect(0, 9).value.unwrap().amount, 2 * UNIT);
    fixture.env.call(ben, UNIT, contracts::patronage(fixture.vault).pay(7)).value.unwrap();
    fixture.assert_covered();
    let gift = contracts::vault(fixture.vault).subscribe(1, ana, 30 * TOKEN, u128::MAX);
    fixture.send(ben, 0, gift).value.unwrap();
    fixture.wait(DAY);
    assert_eq!(fixture.collect(1, 9).value.unwrap().amount, TOKEN);
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), Ok(3 * UNIT / 10));
    fixture.wait(DAY);
    assert_eq!(claim_as(&mut fixture, ana, Asset::Psp22(token)), Ok(TOKEN / 10));
    // A change of the splits collects income with the stakers' part of the previous splits.
    change(&mut fixture, 10_000, 0).value.unwrap();
    fixture.wait(DAY);
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), Ok(2 * UNIT / 10));
    assert_eq!(claim_as(&mut fixture, ana, Asset::Psp22(token)), Ok(TOKEN / 10));
}

#[test]
fn an_unstaking_fan_keeps_what_was_earned_until_the_day_before() {
    let (mut fixture, _) = shared();
    let TestEnv { ana, ben, .. } = fixture.env;
    stake(&mut fixture, ana, TOKEN);
    stake(&mut fixture, ben, TOKEN);
    fixture.wait(DAY);
    tip(&mut fixture, 1_000);
    fixture.wait(DAY);
    tip(&mut fixture, 1_000);
    // Half of the day's income arrives before the unstaking. Ana gets all of it.
    fixture.wait(DAY / 2);
    unstake(&mut fixture, ben, TOKEN);
    tip(&mut fixture, 1_000);
    fixture.wait(COOLDOWN);
    fixture.send(ben, 0, contracts::vault(fixture.vault).withdraw_stake()).value.unwrap();
    assert_eq!(fixture.env.ask(contracts::vault(fixture.vault).fan(ben)).stake, None);
    tip(&mut fixture, 1_000);
    fixture.wait(DAY);
    assert_eq!(claim_as(&mut fixture, ben, Asset::Native), Ok(50));
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), Ok(350));
    // A new stake counts from the next day on.
    stake(&mut fixture, ben, 3 * TOKEN);
    fixture.wait(DAY);
    tip(&mut fixture, 1_000);
    fixture.wait(DAY);
    assert_eq!(claim_as(&mut fixture, ben, Asset::Native), Ok(75));
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), Ok(25));
}

#[test]
fn a_stake_for_a_block_or_around_a_midnight_earns_nothing() {
    let (mut fixture, _) = shared();
    let TestEnv { ana, ben, .. } = fixture.env;
    stake(&mut fixture, ana, TOKEN);
    fixture.wait(DAY);
    // In one block, with a thousand times as much.
    stake(&mut fixture, ben, 1_000 * TOKEN);
    tip(&mut fixture, 1_000);
    unstake(&mut fixture, ben, 1_000 * TOKEN);
    // From just before a midnight until just after a payment on the next day.
    fixture.wait(DAY - 1);
    stake(&mut fixture, ben, 1_000 * TOKEN);
    fixture.wait(1);
    tip(&mut fixture, 1_000);
    unstake(&mut fixture, ben, 1_000 * TOKEN);
    // Unstaking and staking again on the same day.
    stake(&mut fixture, ben, 1_000 * TOKEN);
    tip(&mut fixture, 1_000);
    unstake(&mut fixture, ben, 1_000 * TOKEN);
    fixture.wait(DAY);
    // Ben settles the days, and gets nothing for them.
    assert_eq!(claim_as(&mut fixture, ben, Asset::Native), Ok(0));
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), Ok(300));
}

#[test]
fn while_no_stake_counts_the_recipients_get_everything() {
    let (mut fixture, token) = shared();
    let TestEnv { ana, ben, creator, .. } = fixture.env;
    let tokens = Asset::Psp22(token);
    tip(&mut fixture, 1_000);
    fixture.wait(DAY);
    tip_token(&mut fixture, token, 1_000);
    assert_eq!(of_creator(&mut fixture, Asset::Native, 0), 1_000);
    assert_eq!(of_creator(&mut fixture, tokens, 0), 1_000);
    assert_eq!(claim_as(&mut fixture, creator, Asset::Native), nothing());

    stake(&mut fixture, ana, TOKEN);
    fixture.wait(DAY);
    tip(&mut fixture, 500);
    change(&mut fixture, 9_500, 500).value.unwrap();
    tip(&mut fixture, 1_000);
    tip_token(&mut fixture, token, 2_000);
    unstake(&mut fixture, ana, TOKEN);
    // From now on no stake counts. What was set aside today waits for the end of the day.
    tip(&mut fixture, 10);
    assert_eq!(of_creator(&mut fixture, Asset::Native, 1), 960);
    assert_eq!(claim_as(&mut fixture, creator, Asset::Native), nothing());
    fixture.wait(DAY);
    // The recipients of the splits of the last payment get it. Anyone can settle it, with or without a stake.
    let receipt = fixture.send(ben, 0, contracts::vault(fixture.vault).claim_stake_income(Asset::Native));
    assert_eq!(receipt.value, Ok(0));
    let returned = StakeIncomeReturned { asset: Asset::Native, version: 1, amount: 100 };
    let claimed = StakeIncomeClaimed { fan: ben, asset: Asset::Native, amount: 0, more: false };
    assert_events(&receipt, fixture.vault, &[event(&returned, &[]), event(&claimed, &[field_topic(&ben)])]);
    let of_versions = [0, 1].map(|version| of_creator(&mut fixture, Asset::Native, version));
    assert_eq!(of_versions, [1_450, 1_060]);
    // This applies to previous splits too.
    change(&mut fixture, 10_000, 0).value.unwrap();
    tip_token(&mut fixture, token, 7);
    assert_eq!(claim_as(&mut fixture, ana, tokens), Ok(0));
    assert_eq!([0, 1, 2].map(|version| of_creator(&mut fixture, tokens, version)), [1_000, 2_000, 7]);
    for version in [0, 1] {
        fixture.send(creator, 0, contracts::vault(fixture.vault).claim(Asset::Native, version)).value.unwrap();
    }
    for version in [0, 1, 2] {
        fixture.send(creator, 0, contracts::vault(fixture.vault).claim(tokens, version)).value.unwrap();
    }
    assert_eq!(fixture.obligations().unclaimed, 0);
    assert_eq!(fixture.owed(tokens).unclaimed, 0);
}

use super::*;

#[ink::test]
fn a_subscription_is_earned_over_time_and_the_rest_is_refunded() {
    let (mut vault, fan) = (vault(), accounts().bob);
    by(fan);
    let until = paying(2 * PRICE, || vault.subscribe(0, fan, 0, PRICE)).unwrap();
    assert_eq!(until, T0 + 2 * MONTH);
    assert_eq!(vault.standing_of(fan), Standing { level: 1, since: T0, until, ..Standing::default() });
    let stream = Stream { price: PRICE, start: T0, end: until, paid: 2 * PRICE, minimum: 0 };
    assert_eq!(vault.fan(fan).subscription, Some(Subscription { tier: 0, level: 1, since: T0, stream }));

    at(T0 + 15 * DAY);
    let settlement = vault.collect(0, 100).unwrap();
    assert_eq!(settlement.amount, PRICE / 2);
    assert!(!settlement.more);
    assert_eq!(
        vault.obligations(Asset::Native),
        Obligations { streams: PRICE * 3 / 2, unclaimed: PRICE / 2, ..Obligations::default() }
    );
    assert_covered(&vault);

    at(T0 + 45 * DAY);
    assert_eq!(vault.refund_of(fan), PRICE / 2);
    let before = balance_of(fan);
    assert_eq!(vault.cancel(), Ok(PRICE / 2));
    assert_eq!(balance_of(fan) - before, (PRICE / 2) as Balance);
    assert_eq!(vault.standing_of(fan), Standing::default());
    assert_eq!(vault.refund_of(fan), 0);
    assert_eq!(vault.cancel(), Err(VaultError::NotSubscribed.into()));
    assert_eq!(vault.collect(0, 100).unwrap().amount, PRICE);
    assert_covered(&vault);

    by(accounts().alice);
    assert_eq!(vault.claimable_of(accounts().alice, Asset::Native, 0), PRICE * 3 / 2);
    assert_eq!(vault.claim(Asset::Native, 0), Ok(PRICE * 3 / 2));
    assert_eq!(vault.claim(Asset::Native, 0), Err(VaultError::NothingToClaim.into()));
    assert_eq!(vault.obligations(Asset::Native), Obligations::default());
    assert_covered(&vault);
}

#[ink::test]
fn a_gift_belongs_to_the_fan_and_cannot_be_replaced_while_it_runs() {
    let (mut vault, all) = (vault(), accounts());
    by(all.charlie);
    let until = paying(PRICE, || vault.subscribe(0, all.bob, 0, PRICE)).unwrap();
    let again = paying(2 * PRICE, || vault.subscribe(1, all.bob, 0, 2 * PRICE));
    assert_eq!(again, Err(VaultError::AlreadySubscribed { until }.into()));
    assert_eq!(vault.cancel(), Err(VaultError::NotSubscribed.into()));
    by(all.bob);
    assert_eq!(vault.cancel(), Ok(PRICE));
    assert_covered(&vault);
}

#[ink::test]
fn a_seat_is_held_until_its_subscription_is_cancelled_or_replaced() {
    let (mut vault, all) = (vault(), accounts());
    let subscribe = |vault: &mut Vault, tier, fan, price| {
        by(fan);
        paying(price, || vault.subscribe(tier, fan, 0, price))
    };
    let first = subscribe(&mut vault, 0, all.bob, PRICE).unwrap();
    assert_eq!(subscribe(&mut vault, 0, all.charlie, PRICE), Err(VaultError::SoldOut.into()));
    // Expired, but not pruned.
    at(first);
    assert_eq!(subscribe(&mut vault, 0, all.charlie, PRICE), Err(VaultError::SoldOut.into()));
    let second = subscribe(&mut vault, 0, all.bob, PRICE).unwrap();
    assert_eq!(second, first + MONTH);
    assert_eq!(vault.tier(0).unwrap().taken, 1);
    // A subscription to another tier after the end frees the seat.
    at(second);
    subscribe(&mut vault, 1, all.bob, 2 * PRICE).unwrap();
    assert_eq!(vault.tier(0).unwrap().taken, 0);
    assert_eq!(vault.tier(1).unwrap().taken, 1);
    subscribe(&mut vault, 0, all.charlie, PRICE).unwrap();
    by(all.charlie);
    assert_eq!(vault.cancel(), Ok(PRICE));
    assert_eq!(vault.tier(0).unwrap().taken, 0);
    // Cancelling an expired subscription refunds nothing and frees its seat.
    by(all.bob);
    at(second + MONTH);
    assert_eq!(vault.cancel(), Ok(0));
    assert_eq!(vault.tier(1).unwrap().taken, 0);
    // The creator still gets all that was earned.
    assert_eq!(vault.collect(0, 1_000).unwrap().amount, 2 * PRICE);
    at(second + MONTH + DAY);
    assert_eq!(vault.collect(1, 1_000).unwrap().amount, 2 * PRICE);
    assert_eq!(vault.tier(0).unwrap().unsettled, 0);
    assert_eq!(vault.tier(1).unwrap().unsettled, 0);
    assert_eq!(vault.obligations(Asset::Native).streams, 0);
    assert_covered(&vault);
}

#[ink::test]
fn refused_subscriptions_name_the_bound_that_was_missed() {
    let (mut vault, fan) = (vault(), accounts().bob);
    by(fan);
    let mut subscribe = |tier, amount, max_price| paying(amount, || vault.subscribe(tier, fan, 0, max_price));
    assert_eq!(subscribe(2, PRICE, PRICE), Err(VaultError::UnknownTier.into()));
    assert_eq!(subscribe(0, PRICE, PRICE - 1), Err(VaultError::PriceTooHigh { price: PRICE }.into()));
    assert_eq!(subscribe(0, PRICE - 1, PRICE), Err(VaultError::PaymentTooSmall { least: PRICE }.into()));
    let most = match subscribe(0, PRICE * 1_218, PRICE) {
        Err(error) => match *error {
            VaultError::PaymentTooLarge { most } => most,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(subscribe(0, most + 1, PRICE), Err(VaultError::PaymentTooLarge { most }.into()));
    assert!(subscribe(0, most, PRICE).is_ok());
}

#[ink::test]
fn a_top_up_extends_the_subscription_at_the_agreed_price() {
    let (mut vault, all) = (vault(), accounts());
    by(all.alice);
    assert_eq!(paying(PRICE, || vault.top_up(all.bob, 0, 0, PRICE)), Err(VaultError::NotSubscribed.into()));
    paying(PRICE, || vault.subscribe(0, all.bob, 0, PRICE)).unwrap();
    vault.update_tier(0, 7 * PRICE, None, false, Vec::new()).unwrap();
    by(all.charlie);
    at(T0 + DAY);
    assert_eq!(vault.top_up(all.bob, 0, 0, PRICE), Err(VaultError::NothingSent.into()));
    assert_eq!(vault.top_up(all.bob, 0, 5, PRICE), Err(VaultError::WrongAsset.into()));
    assert_eq!(paying(PRICE, || vault.top_up(all.bob, 1, 0, PRICE)), Err(VaultError::OtherTier { tier: 0 }.into()));
    let high = VaultError::PriceTooHigh { price: PRICE };
    assert_eq!(paying(PRICE, || vault.top_up(all.bob, 0, 0, PRICE - 1)), Err(high.into()));
    assert_eq!(paying(PRICE / 2, || vault.top_up(all.bob, 0, 0, PRICE)), Ok(T0 + MONTH + MONTH / 2));
    assert_eq!(vault.refund_of(all.bob), PRICE * 3 / 2 - PRICE / 30);
    at(T0 + MONTH + MONTH / 2);
    assert_eq!(paying(PRICE, || vault.top_up(all.bob, 0, 0, PRICE)), Err(VaultError::NotSubscribed.into()));
    assert_covered(&vault);
}

#[ink::test]
fn switching_carries_the_rest_over_and_a_higher_level_restarts_time() {
    let (mut vault, fan) = (vault(), accounts().bob);
    by(fan);
    assert_eq!(paying(PRICE, || vault.switch_tier(0, 0, PRICE)), Err(VaultError::NotSubscribed.into()));
    paying(PRICE, || vault.subscribe(0, fan, 0, PRICE)).unwrap();
    at(T0 + MONTH / 2);
    let mut switch = |added, max_price| paying(added, || vault.switch_tier(1, 0, max_price));
    assert_eq!(switch(PRICE, PRICE), Err(VaultError::PriceTooHigh { price: 2 * PRICE }.into()));
    assert_eq!(switch(PRICE, u128::MAX), Err(VaultError::PaymentTooSmall { least: PRICE * 3 / 2 }.into()));
    let until = switch(PRICE * 3 / 2, 2 * PRICE).unwrap();
    assert_eq!(until, T0 + MONTH / 2 + MONTH);
    let since = T0 + MONTH / 2;
    assert_eq!(vault.standing_of(fan), Standing { level: 2, since, until, ..Standing::default() });
    assert_eq!(vault.tier(0).unwrap().taken, 0);
    assert_eq!(vault.tier(1).unwrap().taken, 1);
    assert_covered(&vault);
    // The rest alone can be enough. In the same tier the fan's own seat is free again.
    vault.switch_tier(0, 0, PRICE).unwrap();
    assert_eq!(vault.switch_tier(0, 0, PRICE), Ok(T0 + MONTH / 2 + 2 * MONTH));
    assert_eq!(vault.tier(0).unwrap().taken, 1);
    assert_eq!(vault.obligations(Asset::Native).streams, PRICE * 5 / 2);
    assert_eq!(vault.cancel(), Ok(2 * PRICE));
    assert_covered(&vault);
}

#[ink::test]
fn the_owner_ends_a_subscription_and_the_rest_becomes_a_credit() {
    let (mut vault, all) = (vault(), accounts());
    by(all.bob);
    paying(PRICE, || vault.subscribe(0, all.bob, 0, PRICE)).unwrap();
    assert_eq!(vault.end_subscription(all.bob), Err(VaultError::NotOwner.into()));
    at(T0 + MONTH / 2);
    by(all.alice);
    assert_eq!(vault.end_subscription(all.charlie), Err(VaultError::NotSubscribed.into()));
    assert_eq!(vault.end_subscription(all.bob), Ok(PRICE / 2));
    let owed = Obligations { streams: PRICE / 2, credits: PRICE / 2, ..Obligations::default() };
    assert_eq!(vault.obligations(Asset::Native), owed);
    assert_covered(&vault);
    by(all.bob);
    let before = balance_of(all.bob);
    assert_eq!(vault.withdraw(Asset::Native), Ok(PRICE / 2));
    assert_eq!(balance_of(all.bob) - before, PRICE as Balance / 2);
    assert_eq!(vault.withdraw(Asset::Native), Err(VaultError::NothingToClaim.into()));
    assert_covered(&vault);
}

#[ink::test]
fn a_grant_is_a_free_seat_that_a_payment_of_the_fan_replaces() {
    let (mut vault, all) = (vault(), accounts());
    let until = T0 + 3 * DAY;
    by(all.bob);
    assert_eq!(vault.grant(all.bob, 0, until), Err(VaultError::NotOwner.into()));
    assert_eq!(vault.revoke_grant(all.bob), Err(VaultError::NotOwner.into()));
    by(all.alice);
    assert_eq!(vault.grant(all.bob, 2, until), Err(VaultError::UnknownTier.into()));
    assert_eq!(vault.grant(all.bob, 0, T0), Err(VaultError::EndsInPast.into()));
    assert_eq!(vault.revoke_grant(all.bob), Err(VaultError::NotSubscribed.into()));
    assert_eq!(vault.grant(all.bob, 0, until), Ok(()));
    assert_eq!(vault.standing_of(all.bob), Standing { level: 1, since: T0, until, ..Standing::default() });
    assert_eq!(vault.grant(all.charlie, 0, until), Err(VaultError::SoldOut.into()));
    assert_eq!(vault.revoke_grant(all.bob), Ok(()));
    assert_eq!(vault.tier(0).unwrap().taken, 0);
    assert_eq!(vault.standing_of(all.bob), Standing::default());

    vault.grant(all.bob, 0, until).unwrap();
    at(T0 + DAY);
    by(all.bob);
    assert_eq!(paying(PRICE, || vault.top_up(all.bob, 0, 0, PRICE)), Err(VaultError::NotSubscribed.into()));
    by(all.charlie);
    let gift = paying(2 * PRICE, || vault.subscribe(1, all.bob, 0, 2 * PRICE));
    assert_eq!(gift, Err(VaultError::AlreadySubscribed { until }.into()));
    by(all.bob);
    let until = paying(2 * PRICE, || vault.subscribe(1, all.bob, 0, 2 * PRICE)).unwrap();
    let since = T0 + DAY;
    assert_eq!(vault.standing_of(all.bob), Standing { level: 2, since, until, ..Standing::default() });
    by(all.alice);
    assert_eq!(vault.grant(all.bob, 0, until), Err(VaultError::AlreadySubscribed { until }.into()));
    assert_eq!(vault.revoke_grant(all.bob), Err(VaultError::NotSubscribed.into()));
    assert_covered(&vault);
}

#[ink::test]
fn anyone_can_prune_a_seat_a_week_after_the_end() {
    let (mut vault, all) = (vault(), accounts());
    by(all.bob);
    let until = paying(PRICE, || vault.subscribe(0, all.bob, 0, PRICE)).unwrap();
    by(all.charlie);
    assert_eq!(vault.prune(all.charlie), Err(VaultError::NotSubscribed.into()));
    at(until + 7 * DAY - 1);
    assert_eq!(vault.prune(all.bob), Err(VaultError::NotExpired { from: until + 7 * DAY }.into()));
    at(until + 7 * DAY);
    assert_eq!(vault.prune(all.bob), Ok(()));
    assert_eq!(vault.fan(all.bob), Fan::default());
    assert_eq!(vault.tier(0).unwrap().taken, 0);
    assert_eq!(vault.collect(0, 1_000).unwrap().amount, PRICE);
    assert_covered(&vault);
}

#[ink::test]
fn leaving_early_does_not_refund_the_minimum_stay() {
    let (mut vault, all) = (vault(), accounts());
    by(all.alice);
    let id = vault.add_tier(TierTerms { minimum_stay: 7 * DAY, ..terms(PRICE, 1, None) }).unwrap();
    by(all.bob);
    paying(3 * PRICE, || vault.subscribe(id, all.bob, 0, PRICE)).unwrap();
    assert_eq!(vault.refund_of(all.bob), 3 * PRICE - PRICE * 7 / 30);
    vault.switch_tier(id, 0, PRICE).unwrap();
    assert_eq!(vault.cancel(), Ok(3 * PRICE - PRICE * 7 / 30));
    assert_eq!(vault.collect(id, 1).unwrap().amount, PRICE * 7 / 30);
    paying(PRICE, || vault.subscribe(id, all.bob, 0, PRICE)).unwrap();
    by(all.alice);
    assert_eq!(vault.end_subscription(all.bob), Ok(PRICE));
    assert_covered(&vault);
}

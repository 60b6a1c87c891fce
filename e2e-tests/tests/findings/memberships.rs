//! Memberships of other projects: Beatland Festival (CodeHawks 2025-07), and the reference implementation of ERC-5643.
//!
//! Submission 434 of Beatland was not read. The report of the contest does not number submissions, so the tests are of its
//! findings.

use patronage::contracts;
use patronage_interfaces::{
    registry::{Audience, Condition, ContentRegistry, Terms},
    token::{CreatorToken, TokenError, TokenTerms},
    vault::{PatronageVault, TierTerms, VaultError, VaultTerms},
};
use psp22::PSP22;
use test_kit::{
    access::{any_of, holds, subscribed},
    tier_terms,
    token_fixture::TokenFixture,
    token_terms,
    vault_fixture::{VaultFixture, PRICE},
    vault_terms, TestEnv, DAY, TOKEN, UNIT,
};

/// H-01: a pass was sent on, so that many accounts were rewarded for one. Here access by tokens is of who has them now, and
/// access by stake is of who can't pass them on.
#[test]
fn beatland_h_01_one_membership_opens_nothing_for_two_accounts() {
    let mut env = TestEnv::default();
    let (ana, ben) = (env.ana, env.ben);
    let token = env.token(&token_terms());
    let vault = env.vault(&VaultTerms { token: Some(token), cooldown: 3 * DAY, ..vault_terms(vec![], &[]) });
    let registry = env.registry();
    let held = env.publish(registry, any_of(&[&[holds(token, 5 * TOKEN)]]));
    let staked = env.publish(registry, any_of(&[&[Condition::Staked { vault, amount: 5 * TOKEN }]]));
    let both = env.publish(registry, any_of(&[&[Condition::HoldsOrStaked { token, vault, amount: 5 * TOKEN }]]));
    let open = |env: &mut TestEnv, who| [held, staked, both].map(|id| env.access(registry, id, who).is_granted());
    env.buy_tokens(ana, token, 5 * TOKEN);
    assert_eq!(open(&mut env, ana), [true, false, true]);
    env.call(ana, 0, contracts::psp22(token).transfer(ben, 5 * TOKEN, vec![])).value.unwrap();
    assert_eq!(open(&mut env, ana), [false; 3]);
    assert_eq!(open(&mut env, ben), [true, false, true]);
    env.call(ben, 0, contracts::psp22(token).approve(vault, u128::MAX)).value.unwrap();
    env.call(ben, 0, contracts::vault(vault).stake(5 * TOKEN)).value.unwrap();
    assert_eq!(open(&mut env, ben), [false, true, true]);
    // Unstaked tokens open nothing, and cannot be passed on before the cooldown is over.
    env.call(ben, 0, contracts::vault(vault).unstake(5 * TOKEN)).value.unwrap();
    assert_eq!(open(&mut env, ben), [false; 3]);
    let early = env.call(ben, 0, contracts::vault(vault).withdraw_stake()).value.unwrap_err();
    assert!(matches!(*early, VaultError::CoolingDown { .. }), "{early:?}");
    assert_eq!(open(&mut env, ana), [false; 3]);
}

/// M-01: new terms of a pass set the count of sold ones to 0, so that more than the maximum were sold. Here a change of terms
/// keeps the count, and fewer seats than are taken free none.
#[test]
fn beatland_m_01_changed_terms_do_not_reset_the_taken_seats() {
    let mut fixture = VaultFixture::of(vec![TierTerms { seats: Some(2), ..tier_terms(PRICE, 1) }]);
    let (ana, ben, cleo, creator) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.env.creator);
    let vault = fixture.vault;
    for fan in [ana, ben] {
        fixture.subscribe(fan, 0, PRICE).value.unwrap();
    }
    for (price, seats) in [(PRICE, 2), (PRICE / 2, 1)] {
        let change = contracts::vault(vault).update_tier(0, price, Some(seats), true, vec![]);
        fixture.send(creator, 0, change).value.unwrap();
        assert_eq!(fixture.tier(0).unwrap().taken, 2);
        assert_eq!(fixture.subscribe(cleo, 0, PRICE).value, Err(VaultError::SoldOut.into()));
    }
}

/// M-03: a collection counted from 1 and compared with `<`, so its last item could not be had. Here the last seat and the last
/// token can.
#[test]
fn beatland_m_03_the_last_seat_and_the_last_token_can_be_had() {
    let mut fixture = VaultFixture::of(vec![TierTerms { seats: Some(2), ..tier_terms(PRICE, 1) }]);
    let (ana, ben, cleo) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo);
    for fan in [ana, ben] {
        fixture.subscribe(fan, 0, PRICE).value.unwrap();
    }
    assert_eq!(fixture.subscribe(cleo, 0, PRICE).value, Err(VaultError::SoldOut.into()));

    let mut sale = TokenFixture::new(&TokenTerms { cap: Some(3 * TOKEN), ..token_terms() });
    let (ana, token) = (sale.env.ana, sale.token);
    let exact = |tokens| contracts::sale(token).buy_exact(ana, tokens, None);
    sale.env.call(ana, 10 * UNIT, exact(3 * TOKEN - 1)).value.unwrap();
    sale.env.call(ana, 10 * UNIT, exact(1)).value.unwrap();
    assert_eq!(sale.supply(), 3 * TOKEN);
    let more = sale.env.call(ana, 10 * UNIT, exact(1)).value;
    assert_eq!(more, Err(TokenError::CapReached { available: 0 }.into()));
}

/// L-01: a collection that was created inactive could never be activated. Here a closed tier can be opened again, and retired
/// content offered again. L-02: items that did not exist had metadata. Here there is none.
#[test]
fn beatland_l_01_and_l_02_closed_is_not_lost_and_unknown_is_nothing() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, creator, vault) = (fixture.env.ana, fixture.env.ben, fixture.env.creator, fixture.vault);
    let offer = |open| contracts::vault(vault).update_tier(0, PRICE, None, open, vec![]);
    fixture.send(creator, 0, offer(false)).value.unwrap();
    assert_eq!(fixture.subscribe(ana, 0, PRICE).value, Err(VaultError::TierClosed.into()));
    fixture.send(creator, 0, offer(true)).value.unwrap();
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    assert_eq!(fixture.tier(2), None);
    assert_eq!(fixture.subscribe(ben, 2, PRICE).value, Err(VaultError::UnknownTier.into()));

    let env = &mut fixture.env;
    let registry = env.registry();
    let retired = Terms { retired: true, ..Audience::Everyone.into() };
    let id = env.publish_on(registry, retired);
    assert!(!env.access(registry, id, ana).is_granted());
    env.change_terms(registry, id, Audience::Everyone.into());
    assert!(env.access(registry, id, ana).is_granted());
    assert_eq!(env.ask(contracts::registry(registry).content(id + 1)), None);
    assert_eq!(env.ask(contracts::registry(registry).terms(id + 1)), None);
}

/// Pull request 5: a renewal of an expired token added its time to the old end, so it paid for time that was over. Here an
/// expired subscription can't be extended, and a new one starts now.
#[test]
fn erc_5643_pr_5_a_renewal_after_the_end_pays_for_no_past_time() {
    let mut fixture = VaultFixture::of(vec![tier_terms(PRICE, 1)]);
    let (ana, vault) = (fixture.env.ana, fixture.vault);
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.wait(90 * DAY);
    let more = contracts::vault(vault).top_up(ana, 0, 0, u128::MAX);
    assert_eq!(fixture.send(ana, PRICE, more).value, Err(VaultError::NotSubscribed.into()));
    let end = fixture.subscribe(ana, 0, PRICE).value.unwrap();
    assert_eq!(end, fixture.now() + 30 * DAY);
    assert_eq!(fixture.refund(ana), PRICE);
    let access = fixture.env.access_by(any_of(&[&[subscribed(vault, 1)]]), ana);
    assert!(access.is_granted());
}

/// After `cancelSubscription` the token still counted as a membership. Here the same call that refunds ends the access, grace
/// included.
#[test]
fn erc_5643_a_cancelled_membership_opens_nothing() {
    let mut fixture = VaultFixture::of(vec![tier_terms(PRICE, 1)]);
    let (ana, vault) = (fixture.env.ana, fixture.vault);
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.cancel(ana).value.unwrap();
    let grace = Condition::Subscribed { vault, level: 1, grace: 30 * DAY };
    let lasting = Condition::SubscribedFor { vault, level: 1, lasting: 0 };
    for condition in [subscribed(vault, 1), grace, lasting] {
        assert!(!fixture.env.access_by(any_of(&[&[condition]]), ana).is_granted(), "{condition:?}");
    }
}

//! Memberships of other projects: Beatland Festival (CodeHawks 2025-07), and the reference implementation of ERC-5643.
//!
//! Submission 434 and pull request 5 were not read. What was read is a review of a port of ERC-5643 (a renewal after the end
//! that is already over) and the summary of the contest (one pass that many accounts use).

use patronage::contracts;
use patronage_interfaces::{
    registry::Condition,
    vault::{PatronageVault, VaultError, VaultTerms},
};
use psp22::PSP22;
use test_kit::{
    access::{any_of, holds, subscribed},
    tier_terms, token_terms,
    vault_fixture::{VaultFixture, PRICE},
    vault_terms, TestEnv, DAY, TOKEN,
};

/// A pass was sent on, so that many accounts were rewarded for one. Here access by tokens is of who has them now, and access
/// by stake is of who can't pass them on.
#[test]
fn beatland_one_membership_opens_nothing_for_two_accounts() {
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

/// A renewal of an expired token added its time to the old end, so it paid for time that was over. Here an expired
/// subscription can't be extended, and a new one starts now.
#[test]
fn erc_5643_a_renewal_after_the_end_pays_for_no_past_time() {
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

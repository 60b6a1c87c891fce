//! Unlock Protocol: Code4rena 2021-11, and issues of its repository.
//!
//! The issues 14223 and 16190 were not read, so nothing here is named after them.

use ::psp22::{PSP22Error, PSP22 as _};
use patronage::contracts;
use patronage_interfaces::vault::{Asset, PatronageVault, TierTerms, VaultError};
use test_kit::{
    tier_terms,
    token_fixture::TokenFixture,
    vault_fixture::{VaultFixture, PRICE},
    DAY, TOKEN, UNIT,
};

/// The vault's refunds to `fan` and payments by it in rounds of joining, waiting and cancelling.
fn rounds(fixture: &mut VaultFixture, count: u32, wait: u64) -> (u128, u128) {
    let fan = fixture.env.ana;
    let (mut paid, mut refunded) = (0, 0);
    for _ in 0..count {
        fixture.subscribe(fan, 0, PRICE).value.expect("the tier is open");
        fixture.wait(wait);
        paid += PRICE;
        refunded += fixture.cancel(fan).value.expect("it runs");
    }
    (paid, refunded)
}

/// H-02: within the free trial a key was refunded in full, also after its time had been passed on, so that the refunds came
/// out of others' money. Here a refund is what this subscription has paid and time has not earned, to its fan alone, once.
#[test]
fn h_02_refunds_never_come_out_of_the_money_of_others() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, cleo) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo);
    fixture.subscribe(cleo, 0, 12 * PRICE).value.unwrap();
    fixture.gift(ana, ben, 0, PRICE).value.unwrap();
    // The payer gets nothing for the gift, and the fan gets it once.
    assert_eq!(fixture.cancel(ana).value, Err(VaultError::NotSubscribed.into()));
    assert_eq!(fixture.cancel(ben).value, Ok(PRICE));
    assert_eq!(fixture.cancel(ben).value, Err(VaultError::NotSubscribed.into()));
    let (paid, refunded) = rounds(&mut fixture, 5, 0);
    assert_eq!(refunded, paid);
    assert_eq!(fixture.refund(cleo), 12 * PRICE);
    assert_eq!(fixture.obligations().total(), 12 * PRICE);
}

/// H-03: `transferFrom` left the previous holder able to take the key back. Here a given subscription belongs to the fan, and
/// given tokens to the recipient.
#[test]
fn h_03_what_was_given_cannot_be_taken_back() {
    let mut fixture = VaultFixture::default();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    fixture.gift(ana, ben, 0, PRICE).value.unwrap();
    for tier in [0, 1] {
        let switch = contracts::vault(fixture.vault).switch_tier(tier, 0, u128::MAX);
        assert_eq!(fixture.send(ana, 2 * PRICE, switch).value, Err(VaultError::NotSubscribed.into()));
    }
    let end = contracts::vault(fixture.vault).end_subscription(ben);
    assert_eq!(fixture.send(ana, 0, end).value, Err(VaultError::NotOwner.into()));
    assert_eq!(fixture.refund(ben), PRICE);

    let mut sale = TokenFixture::default();
    let (ana, ben, token) = (sale.env.ana, sale.env.ben, sale.token);
    let tokens = sale.buy(ana, 10 * UNIT).tokens;
    sale.env.call(ana, 0, contracts::psp22(token).transfer(ben, tokens, vec![])).value.unwrap();
    let back = contracts::psp22(token).transfer_from(ben, ana, tokens, vec![]);
    assert_eq!(sale.env.call(ana, 0, back).value, Err(PSP22Error::InsufficientAllowance));
    assert_eq!(sale.tokens_of(ben), tokens);
}

/// H-04: an approval stayed valid after the key had passed to another holder. Here an allowance is of an account, not of
/// tokens.
#[test]
fn h_04_an_allowance_does_not_follow_tokens_to_the_next_holder() {
    let mut sale = TokenFixture::default();
    let (ana, ben, cleo, token) = (sale.env.ana, sale.env.ben, sale.env.cleo, sale.token);
    let tokens = sale.buy(ana, 10 * UNIT).tokens;
    sale.env.call(ana, 0, contracts::psp22(token).approve(ben, u128::MAX)).value.unwrap();
    sale.env.call(ana, 0, contracts::psp22(token).transfer(cleo, tokens, vec![])).value.unwrap();
    let take = |from| contracts::psp22(token).transfer_from(from, ben, 1, vec![]);
    assert_eq!(sale.env.call(ben, 0, take(cleo)).value, Err(PSP22Error::InsufficientAllowance));
    assert_eq!(sale.env.call(ben, 0, take(ana)).value, Err(PSP22Error::InsufficientBalance));
    assert_eq!(sale.tokens_of(cleo), tokens);
}

/// M-04: no refund was left once the lock's manager had withdrawn. Here the creator can take what time has earned only.
#[test]
fn m_04_refunds_are_paid_after_the_creator_took_everything() {
    let mut fixture = VaultFixture::default();
    let (ana, creator, vault) = (fixture.env.ana, fixture.env.creator, fixture.vault);
    fixture.subscribe(ana, 0, 2 * PRICE).value.unwrap();
    fixture.wait(10 * DAY);
    fixture.collect(0, 100).value.unwrap();
    fixture.claim(creator).value.unwrap();
    assert_eq!(fixture.claim(creator).value, Err(VaultError::NothingToClaim.into()));
    let take = contracts::vault(vault).withdraw(Asset::Native);
    assert_eq!(fixture.send(creator, 0, take).value, Err(VaultError::NothingToClaim.into()));
    assert_eq!(fixture.cancel(ana).value, Ok(50 * UNIT));
}

/// M-05 and M-14: refunds followed the present price of a key, so a buyer before a rise got back more than the payment, and
/// one before a reduction less. Here the agreed price stays with the subscription.
#[test]
fn m_05_and_m_14_a_new_price_changes_no_refund() {
    for (price, wait) in [(10 * PRICE, 0), (1, 0), (10 * PRICE, 15 * DAY), (1, 15 * DAY)] {
        let mut fixture = VaultFixture::default();
        let (ana, ben, creator, vault) = (fixture.env.ana, fixture.env.ben, fixture.env.creator, fixture.vault);
        fixture.subscribe(ben, 0, 9 * PRICE).value.unwrap();
        fixture.subscribe(ana, 0, PRICE).value.unwrap();
        let offer = contracts::vault(vault).update_tier(0, price, None, true, vec![]);
        fixture.send(creator, 0, offer).value.unwrap();
        fixture.wait(wait);
        let earned = u128::from(wait / DAY) * UNIT;
        assert_eq!(fixture.cancel(ana).value, Ok(PRICE - earned));
        assert_eq!(fixture.refund(ben), 9 * PRICE - earned);
    }
}

/// M-12: `grantKey` and `shareKey` made more keys than the maximum. Here each way into a tier takes a seat.
#[test]
fn m_12_no_way_into_a_tier_exceeds_its_seats() {
    let full = TierTerms { seats: Some(1), ..tier_terms(PRICE, 2) };
    let mut fixture = VaultFixture::of(vec![tier_terms(PRICE, 1), full]);
    let (ana, ben, cleo, creator) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.env.creator);
    let vault = fixture.vault;
    fixture.subscribe(ana, 1, PRICE).value.unwrap();
    assert_eq!(fixture.subscribe(ben, 1, PRICE).value, Err(VaultError::SoldOut.into()));
    assert_eq!(fixture.gift(cleo, ben, 1, PRICE).value, Err(VaultError::SoldOut.into()));
    let grant = contracts::vault(vault).grant(ben, 1, fixture.now() + DAY);
    assert_eq!(fixture.send(creator, 0, grant).value, Err(VaultError::SoldOut.into()));
    fixture.subscribe(ben, 0, PRICE).value.unwrap();
    let switch = contracts::vault(vault).switch_tier(1, 0, u128::MAX);
    assert_eq!(fixture.send(ben, PRICE, switch).value, Err(VaultError::SoldOut.into()));
    assert_eq!(fixture.tier(1).unwrap().taken, 1);
}

/// M-13: a refund just before the end of the free trial, again and again, was membership for nothing. Here each millisecond
/// costs the same in many short stays as in a long one, and a minimum stay is lost each time.
#[test]
fn m_13_cancelling_and_joining_again_gives_no_free_time() {
    let mut fixture = VaultFixture::default();
    let (paid, refunded) = rounds(&mut fixture, 10, 3 * DAY);
    assert_eq!(paid - refunded, PRICE);
    let staying = TierTerms { minimum_stay: 7 * DAY, ..tier_terms(PRICE, 1) };
    let mut fixture = VaultFixture::of(vec![staying]);
    let (paid, refunded) = rounds(&mut fixture, 10, 1);
    assert_eq!(paid - refunded, 70 * UNIT);
}

/// Issue 9450: a lock whose manager had withdrawn the money could not refund a member who cancelled, so the page offered no
/// cancellation then. Here the money for all refunds stays in the vault, so `cancel` pays what `refund_of` says.
#[test]
fn issue_9450_the_vault_keeps_the_money_for_every_refund() {
    let (mut fixture, token) = VaultFixture::with_token();
    let (ana, ben, cleo, creator) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.env.creator);
    let vault = fixture.vault;
    let messages = || contracts::vault(vault);
    fixture.subscribe(ana, 0, 3 * PRICE).value.unwrap();
    fixture.subscribe(ben, 1, 3 * PRICE).value.unwrap();
    fixture.send(cleo, 0, messages().subscribe(2, cleo, 90 * TOKEN, u128::MAX)).value.unwrap();
    for _ in 0..3 {
        fixture.wait(7 * DAY);
        for tier in [0, 1, 2] {
            fixture.collect(tier, u32::MAX).value.unwrap();
        }
        for asset in [Asset::Native, Asset::Psp22(token)] {
            // Whatever there is. What must be left follows.
            fixture.send(creator, 0, messages().claim(asset, 0)).value.ok();
        }
    }
    fixture.send(creator, 0, messages().set_paused(true)).value.unwrap();
    for (fan, asset, rest) in
        [(cleo, Asset::Psp22(token), 69 * TOKEN), (ben, Asset::Native, 48 * UNIT), (ana, Asset::Native, 69 * UNIT)]
    {
        assert_eq!(fixture.refund(fan), rest);
        assert_eq!(fixture.cancel(fan).value, Ok(rest));
        assert_eq!(fixture.credit(fan, asset), 0, "it is paid at once");
    }
}

/// Issue 11341: a renewal was possible only after the end, and failed if the price had fallen. Here a running subscription is
/// extended at its agreed price, and its fan can agree to a lower one at once.
#[test]
fn issue_11341_renewals_work_before_the_end_and_after_a_fall() {
    let mut fixture = VaultFixture::default();
    let (ana, creator, vault) = (fixture.env.ana, fixture.env.creator, fixture.vault);
    let end = fixture.subscribe(ana, 0, PRICE).value.unwrap();
    let offer = contracts::vault(vault).update_tier(0, PRICE / 2, None, true, vec![]);
    fixture.send(creator, 0, offer).value.unwrap();
    let more = contracts::vault(vault).top_up(ana, 0, 0, PRICE);
    assert_eq!(fixture.send(ana, PRICE, more).value, Ok(end + 30 * DAY));
    let cheaper = contracts::vault(vault).switch_tier(0, 0, PRICE / 2);
    assert_eq!(fixture.send(ana, 0, cheaper).value, Ok(fixture.now() + 120 * DAY));
    assert_eq!(fixture.refund(ana), 2 * PRICE);
}

/// The same of a tier in tokens: what is refunded is in the asset that was paid.
#[test]
fn m_05_in_tokens_a_new_price_changes_no_refund() {
    let (mut fixture, _) = VaultFixture::with_token();
    let (ana, creator, vault) = (fixture.env.ana, fixture.env.creator, fixture.vault);
    let join = contracts::vault(vault).subscribe(2, ana, 30 * TOKEN, u128::MAX);
    fixture.send(ana, 0, join).value.unwrap();
    let offer = contracts::vault(vault).update_tier(2, 300 * TOKEN, None, true, vec![]);
    fixture.send(creator, 0, offer).value.unwrap();
    assert_eq!(fixture.cancel(ana).value, Ok(30 * TOKEN));
}

//! Permissions of the owner.

use patronage_core::streams::MAX_PRICE;
use patronage_interfaces::{
    ownable::{Ownable as _, OwnerChanged, OwnerProposed, OwnershipError},
    patronage::PayError,
    vault::{Ended, PauseChanged, Settings, Share, TierOffered, Withdrawn, MAX_TEXT, MAX_TIERS},
};
use test_kit::{assert_events, event, field_topic};

use super::*;

#[test]
fn messages_of_the_owner_are_refused_to_everyone_else() {
    let mut fixture = VaultFixture::default();
    let TestEnv { ana, ben, .. } = fixture.env;
    let vault = fixture.vault;
    let until = fixture.now() + DAY;
    fixture.send(fixture.env.creator, 0, contracts::vault(vault).grant(ben, 0, until)).value.unwrap();
    let refusals = [
        fixture.send(ana, 0, contracts::vault(vault).add_tier(tier_terms(1, 1))).value.err(),
        fixture.send(ana, 0, contracts::vault(vault).update_tier(0, 1, None, true, vec![])).value.err(),
        fixture.send(ana, 0, contracts::vault(vault).grant(ana, 0, until)).value.err(),
        fixture.send(ana, 0, contracts::vault(vault).revoke_grant(ben)).value.err(),
        fixture.send(ana, 0, contracts::vault(vault).end_subscription(ben)).value.err(),
        fixture
            .send(ana, 0, contracts::vault(vault).set_splits(vec![Share { recipient: ana, bp: 10_000 }], 0))
            .value
            .err(),
        fixture.send(ana, 0, contracts::vault(vault).lock_splits_until(until)).value.err(),
        fixture.send(ana, 0, contracts::vault(vault).set_paused(true)).value.err(),
    ];
    assert_eq!(refusals, [(); 8].map(|()| Some(VaultError::NotOwner.into())));
    let proposal = fixture.send(ana, 0, contracts::ownable(vault).propose_owner(ana));
    assert_eq!(proposal.value, Err(OwnershipError::NotOwner));
}

#[test]
fn ownership_moves_in_two_steps_and_a_proposal_can_be_withdrawn() {
    let mut fixture = VaultFixture::default();
    let TestEnv { ana, ben, creator, .. } = fixture.env;
    let vault = fixture.vault;
    let accept = |fixture: &mut VaultFixture, who| fixture.send(who, 0, contracts::ownable(vault).accept_ownership());
    assert_eq!(accept(&mut fixture, ana).value, Err(OwnershipError::NotProposed));
    let receipt = fixture.send(creator, 0, contracts::ownable(vault).propose_owner(ben));
    assert_events(&receipt, vault, &[event(&OwnerProposed { owner: creator, candidate: ben }, &[])]);
    assert_eq!(fixture.env.ask(contracts::ownable(vault).pending_owner()), Some(ben));
    assert_eq!(fixture.env.ask(contracts::ownable(vault).owner()), creator);
    let early = fixture.send(ben, 0, contracts::vault(vault).set_paused(true));
    assert_eq!(early.value, Err(VaultError::NotOwner.into()));

    fixture.send(creator, 0, contracts::ownable(vault).propose_owner(ana)).value.unwrap();
    assert_eq!(accept(&mut fixture, ben).value, Err(OwnershipError::NotProposed));
    assert_eq!(accept(&mut fixture, creator).value, Err(OwnershipError::NotProposed));
    let receipt = accept(&mut fixture, ana);
    assert_eq!(receipt.value, Ok(()));
    assert_events(&receipt, vault, &[event(&OwnerChanged { previous: creator, owner: ana }, &[])]);
    assert_eq!(fixture.env.ask(contracts::ownable(vault).owner()), ana);
    assert_eq!(fixture.env.ask(contracts::ownable(vault).pending_owner()), None);
    assert_eq!(accept(&mut fixture, ana).value, Err(OwnershipError::NotProposed));
    let late = fixture.send(creator, 0, contracts::vault(vault).set_paused(true));
    assert_eq!(late.value, Err(VaultError::NotOwner.into()));
    // The income still belongs to the recipients of the splits.
    fixture.tip(ben, 5, b"").value.unwrap();
    assert_eq!(fixture.claimable(ana), 0);
    assert_eq!(fixture.claimable(creator), 5);
    fixture.send(ana, 0, contracts::vault(vault).set_paused(true)).value.unwrap();
}

#[test]
fn new_terms_of_a_tier_apply_to_new_subscriptions() {
    let mut fixture = VaultFixture::default();
    let TestEnv { ana, ben, creator, .. } = fixture.env;
    let vault = fixture.vault;
    let end = fixture.subscribe(ana, 0, PRICE).value.unwrap();
    let uri = b"ipfs://new".to_vec();
    let update = contracts::vault(vault).update_tier(0, 2 * PRICE, Some(2), true, uri.clone());
    let receipt = fixture.send(creator, 0, update);
    let terms = TierTerms { seats: Some(2), uri, ..tier_terms(2 * PRICE, 1) };
    let offered = TierOffered { tier: 0, terms: terms.clone(), open: true };
    assert_events(&receipt, vault, &[event(&offered, &[field_topic(&0u32)])]);
    assert_eq!(fixture.tier(0).map(|tier| (tier.terms, tier.open, tier.taken)), Some((terms, true, 1)));

    // Present subscribers pay the agreed price, and new ones the new price.
    assert_eq!(fixture.refund(ana), PRICE);
    let top_up = contracts::vault(vault).top_up(ana, 0, 0, PRICE);
    assert_eq!(fixture.send(ana, PRICE, top_up).value, Ok(end + 30 * DAY));
    assert_eq!(fixture.subscribe(ben, 0, PRICE).value, Err(VaultError::PaymentTooSmall { least: 2 * PRICE }.into()));
    assert!(fixture.subscribe(ben, 0, 2 * PRICE).value.is_ok());
    // With fewer seats than are taken, the tier is full and nobody loses a seat.
    fixture.send(creator, 0, contracts::vault(vault).update_tier(0, PRICE, Some(1), true, vec![])).value.unwrap();
    assert_eq!(fixture.cancel(ben).value, Ok(2 * PRICE));
    assert_eq!(fixture.subscribe(ben, 0, PRICE).value, Err(VaultError::SoldOut.into()));
    fixture.wait(DAY);
    assert_eq!(fixture.standing(ana).until, end + 30 * DAY);
    assert_eq!(fixture.cancel(ana).value, Ok(2 * PRICE - UNIT));
}

#[test]
fn a_closed_tier_stays_open_for_its_subscribers_and_for_grants() {
    let mut fixture = VaultFixture::default();
    let TestEnv { ana, ben, creator, .. } = fixture.env;
    let vault = fixture.vault;
    let end = fixture.subscribe(ana, 0, PRICE).value.unwrap();
    let receipt = fixture.send(creator, 0, contracts::vault(vault).update_tier(0, PRICE, None, false, vec![]));
    let offered = TierOffered { tier: 0, terms: tier_terms(PRICE, 1), open: false };
    assert_events(&receipt, vault, &[event(&offered, &[field_topic(&0u32)])]);
    assert_eq!(fixture.subscribe(ben, 0, PRICE).value, Err(VaultError::TierClosed.into()));
    assert_eq!(fixture.gift(ana, ben, 0, PRICE).value, Err(VaultError::TierClosed.into()));
    let renew = contracts::vault(vault).switch_tier(0, 0, u128::MAX);
    assert_eq!(fixture.send(ana, PRICE, renew).value, Err(VaultError::TierClosed.into()));
    assert_eq!(fixture.send(ben, PRICE, contracts::vault(vault).top_up(ana, 0, 0, PRICE)).value, Ok(end + 30 * DAY));
    assert_eq!(fixture.send(creator, 0, contracts::vault(vault).grant(ben, 0, end)).value, Ok(()));
    fixture.send(creator, 0, contracts::vault(vault).update_tier(0, PRICE, None, true, vec![])).value.unwrap();
    assert!(fixture.subscribe(ben, 0, PRICE).value.is_ok());
}

#[test]
fn invalid_terms_do_not_change_a_tier() {
    let mut fixture = VaultFixture::default();
    let (creator, vault, before) = (fixture.env.creator, fixture.vault, fixture.tier(0));
    let too_long = vec![b'/'; MAX_TEXT as usize + 1];
    let price = Err(VaultError::PriceOutOfRange { most: MAX_PRICE }.into());
    for (tier, price, seats, uri, refusal) in [
        (2, PRICE, None, vec![], Err(VaultError::UnknownTier.into())),
        (0, 0, None, vec![], price.clone()),
        (0, MAX_PRICE + 1, None, vec![], price),
        (0, PRICE, Some(0), vec![], Err(VaultError::ZeroSeats.into())),
        (0, PRICE, None, too_long, Err(VaultError::UriTooLong { most: MAX_TEXT }.into())),
    ] {
        let update = contracts::vault(vault).update_tier(tier, price, seats, false, uri);
        assert_eq!(fixture.send(creator, 0, update).value, refusal);
    }
    assert_eq!(fixture.tier(0), before);
}

#[test]
fn a_vault_with_the_maximum_number_of_tiers_works() {
    let mut fixture = VaultFixture::default();
    let (creator, vault) = (fixture.env.creator, fixture.vault);
    for id in 2..MAX_TIERS {
        assert_eq!(fixture.send(creator, 0, contracts::vault(vault).add_tier(tier_terms(PRICE, 1))).value, Ok(id));
    }
    let add = fixture.send(creator, 0, contracts::vault(vault).add_tier(tier_terms(PRICE, 1)));
    assert_eq!(add.value, Err(VaultError::TooManyTiers { most: MAX_TIERS }.into()));
    // A change of the splits collects all of them, here with a subscription in each that ends on the last day.
    for id in 0..MAX_TIERS {
        let terms = fixture.tier(id).unwrap().terms;
        assert!(fixture.gift(creator, stranger(id), id, terms.price).value.is_ok());
    }
    fixture.wait(24 * DAY);
    (0..MAX_TIERS).for_each(|id| assert!(fixture.collect(id, 24).value.is_ok()));
    fixture.wait(7 * DAY);
    let change = contracts::vault(vault).set_splits(vec![Share { recipient: fixture.env.ana, bp: 10_000 }], 0);
    let receipt = fixture.send(creator, 0, change);
    assert_eq!(receipt.value, Ok(()));
    assert_eq!(receipt.events.len(), MAX_TIERS as usize + 1);
    // A transaction on the embedded chain has half a second of computing and 5 MiB of proof.
    let (time, proof) = (receipt.weight.ref_time(), receipt.weight.proof_size());
    assert!(time < 250_000_000_000 && proof < 2_500_000, "{time} ps, {proof} bytes");
}

#[test]
fn a_fan_whose_subscription_is_ended_withdraws_the_rest_at_any_time() {
    let mut fixture = VaultFixture::default();
    let TestEnv { ana, ben, creator, .. } = fixture.env;
    let vault = fixture.vault;
    let end = |fixture: &mut VaultFixture, fan| fixture.send(creator, 0, contracts::vault(vault).end_subscription(fan));
    assert_eq!(end(&mut fixture, ana).value, Err(VaultError::NotSubscribed.into()));
    fixture.subscribe(ana, 1, 2 * PRICE).value.unwrap();
    fixture.wait(DAY);
    let had = fixture.env.balance(ana);
    let receipt = end(&mut fixture, ana);
    assert_eq!(receipt.value, Ok(58 * UNIT));
    let ended = |fan, refund, credited| {
        let ended = Ended { fan, tier: 1, by: creator, refund, credited };
        event(&ended, &[field_topic(&fan), field_topic(&1u32)])
    };
    assert_events(&receipt, vault, &[ended(ana, 58 * UNIT, true)]);
    assert_eq!(fixture.env.balance(ana), had);
    assert_eq!(fixture.subscription(ana), None);
    assert_eq!(end(&mut fixture, ana).value, Err(VaultError::NotSubscribed.into()));
    assert_eq!(fixture.credit(ana, Asset::Native), 58 * UNIT);
    // A second refund is added. Nobody else can withdraw it.
    fixture.subscribe(ana, 1, 2 * PRICE).value.unwrap();
    assert_eq!(end(&mut fixture, ana).value, Ok(60 * UNIT));
    assert_eq!(fixture.collect(1, 9).value.unwrap().amount, 2 * UNIT);
    assert_eq!(fixture.claim(creator).value, Ok(2 * UNIT));
    assert_eq!(fixture.obligations(), Obligations { credits: 118 * UNIT, ..Obligations::default() });
    for who in [ben, creator] {
        let withdraw = fixture.send(who, 0, contracts::vault(vault).withdraw(Asset::Native));
        assert_eq!(withdraw.value, Err(VaultError::NothingToClaim.into()));
    }
    let receipt = fixture.send(ana, 0, contracts::vault(vault).withdraw(Asset::Native));
    assert_eq!(receipt.value, Ok(118 * UNIT));
    let withdrawn = Withdrawn { fan: ana, asset: Asset::Native, amount: 118 * UNIT };
    assert_events(&receipt, vault, &[event(&withdrawn, &[field_topic(&ana)])]);
    let withdraw = fixture.send(ana, 0, contracts::vault(vault).withdraw(Asset::Native));
    assert_eq!(withdraw.value, Err(VaultError::NothingToClaim.into()));
    // A fan without a rest has nothing to withdraw.
    fixture.subscribe(ben, 1, 2 * PRICE).value.unwrap();
    fixture.wait(30 * DAY);
    assert_events(&end(&mut fixture, ben), vault, &[ended(ben, 0, false)]);
    assert_eq!(fixture.credit(ben, Asset::Native), 0);
}

#[test]
fn a_pause_stops_payments_and_nobody_is_locked_in() {
    let (mut fixture, token) = VaultFixture::with_token();
    let TestEnv { ana, ben, cleo, creator, .. } = fixture.env;
    let vault = fixture.vault;
    let asset = Asset::Psp22(token);
    let messages = || contracts::vault(vault);
    fixture.subscribe(ana, 1, 4 * PRICE).value.unwrap();
    fixture.send(ben, 0, messages().subscribe(2, ben, 60 * TOKEN, u128::MAX)).value.unwrap();
    fixture.send(ana, 0, messages().stake(10 * TOKEN)).value.unwrap();
    fixture.tip(ana, 7, b"").value.unwrap();
    fixture.gift(ana, stranger(1), 0, PRICE).value.unwrap();
    fixture.gift(ana, stranger(2), 0, PRICE).value.unwrap();

    let receipt = fixture.send(creator, 0, messages().set_paused(true));
    assert_events(&receipt, vault, &[event(&PauseChanged { paused: true }, &[])]);
    let settings = Settings { token: Some(token), cooldown: COOLDOWN, paused: true, splits_locked_until: 0 };
    assert_eq!(fixture.env.ask(messages().settings()), settings);
    let refusals = [
        fixture.tip(ana, 1, b"").value.err(),
        fixture.send(ana, 0, messages().tip_token(token, 1, vec![])).value.err(),
        fixture.subscribe(cleo, 0, PRICE).value.err(),
        fixture.send(cleo, 0, messages().subscribe(2, cleo, 30 * TOKEN, u128::MAX)).value.err(),
        fixture.send(ana, PRICE, messages().top_up(ana, 1, 0, u128::MAX)).value.err(),
        fixture.send(ben, 0, messages().top_up(ben, 2, 1, u128::MAX)).value.err(),
        fixture.send(ana, 1, messages().switch_tier(0, 0, u128::MAX)).value.err(),
        fixture.send(ana, 0, messages().stake(1)).value.err(),
    ];
    assert_eq!(refusals, [(); 8].map(|()| Some(VaultError::Paused.into())));
    let had = fixture.env.balance(ana);
    assert_eq!(fixture.env.call(ana, 9, contracts::patronage(vault).pay(1)).value, Err(PayError::Paused));
    assert_eq!(fixture.env.balance(ana), had);

    // Messages without a payment still work.
    fixture.wait(DAY);
    let now = fixture.now();
    fixture.send(ana, 0, messages().switch_tier(0, 0, u128::MAX)).value.unwrap();
    fixture.send(ana, 0, messages().unstake(10 * TOKEN)).value.unwrap();
    fixture.send(creator, 0, messages().grant(cleo, 0, now + DAY)).value.unwrap();
    fixture.send(creator, 0, messages().revoke_grant(cleo)).value.unwrap();
    fixture.send(creator, 0, messages().end_subscription(stranger(1))).value.unwrap();
    assert_eq!(fixture.send(stranger(1), 0, messages().withdraw(Asset::Native)).value, Ok(29 * UNIT));
    fixture.wait(40 * DAY);
    fixture.send(cleo, 0, messages().prune(stranger(2))).value.unwrap();
    assert_eq!(fixture.send(ana, 0, messages().withdraw_stake()).value, Ok(10 * TOKEN));
    assert_eq!(fixture.cancel(ana).value, Ok(4 * PRICE - 2 * UNIT - 40 * UNIT));
    assert_eq!(fixture.cancel(ben).value, Ok(60 * TOKEN - 41 * TOKEN));
    (0..3).for_each(|tier| assert!(!fixture.collect(tier, 100).value.unwrap().more));
    assert_eq!(fixture.claim(creator).value, Ok((1 + 30 + 2 + 40) * UNIT + 7));
    assert_eq!(fixture.send(creator, 0, messages().claim(asset, 0)).value, Ok(41 * TOKEN));
    assert_eq!(fixture.obligations(), Obligations::default());
    assert_eq!(fixture.owed(asset), Obligations::default());

    let receipt = fixture.send(creator, 0, messages().set_paused(false));
    assert_events(&receipt, vault, &[event(&PauseChanged { paused: false }, &[])]);
    assert!(fixture.tip(ana, 1, b"").value.is_ok());
    assert!(fixture.send(ana, 0, messages().stake(1)).value.is_ok());
    assert_eq!(fixture.env.call(ana, 9, contracts::patronage(vault).pay(1)).value, Ok(()));
}

#[test]
fn a_payment_of_zero_or_too_much_is_refused() {
    let mut fixture = VaultFixture::default();
    let rich = fixture.env.ana;
    let pay = |fixture: &mut VaultFixture, value| {
        fixture.env.call(rich, value, contracts::patronage(fixture.vault).pay(1)).value
    };
    assert_eq!(pay(&mut fixture, 0), Err(PayError::NothingSent));
    fixture.env.chain.fund(&rich, 1 << 127).unwrap();
    assert_eq!(pay(&mut fixture, 1 << 127), Ok(()));
    assert_eq!(fixture.claim(fixture.env.creator).value, Ok(1 << 127));
    let creator = fixture.env.creator;
    let again = fixture.env.call(creator, 1 << 127, contracts::patronage(fixture.vault).pay(1)).value;
    assert_eq!(again, Err(PayError::Overflow));
    fixture.assert_covered();
}

#[test]
fn without_a_creator_token_there_are_no_stakes_and_no_fees() {
    let mut fixture = VaultFixture::default();
    let (ana, vault) = (fixture.env.ana, fixture.vault);
    assert_eq!(fixture.send(ana, 0, contracts::vault(vault).stake(1)).value, Err(VaultError::NoToken.into()));
    assert_eq!(fixture.send(ana, 0, contracts::vault(vault).withdraw_stake()).value, Err(VaultError::NoToken.into()));
    assert_eq!(
        fixture.send(ana, 0, contracts::vault(vault).collect_sale_fees()).value,
        Err(VaultError::NoToken.into())
    );
    let unstake = fixture.send(ana, 0, contracts::vault(vault).unstake(1));
    assert_eq!(unstake.value, Err(VaultError::InsufficientStake { staked: 0 }.into()));
    assert_eq!(fixture.env.ask(contracts::vault(vault).fan(ana)).stake, None);
    let settings = Settings { token: None, cooldown: 0, paused: false, splits_locked_until: 0 };
    assert_eq!(fixture.env.ask(contracts::vault(vault).settings()), settings);
}

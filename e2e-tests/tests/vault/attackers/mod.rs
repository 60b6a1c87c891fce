//! Cheating tokens and reentrant contracts: the money and tokens of people who do not use them stay complete to the
//! unit.

mod callers;

use crooked_token::Trick;
use hostile::Behaviour;
use patronage_chain::{ChainError, Messages};
use patronage_interfaces::vault::{Ended, Share, Tipped, Withdrawn};
use test_kit::{assert_events, event, field_topic};

use super::*;

const CROOKED: TierId = 1;
const HONEST: TierId = 2;

/// Ben uses native money and an honest token. Ana and cleo use a crooked token, which is also the token that can be
/// staked. After each call through the fixture, the vault's balances of ben's assets are exactly what it owes.
struct Siege {
    scene: Scene,
    bad: AccountId,
    good: AccountId,
}

impl Siege {
    fn new() -> Self {
        let mut world = World::default();
        let (bad, good) = (world.crooked_token(1_000 * TOKEN), world.foreign_token(1_000 * TOKEN));
        let priced_in = |token| TierTerms { asset: Asset::Psp22(token), ..tier_terms(30 * TOKEN, 1) };
        let tiers = vec![tier_terms(PRICE, 1), priced_in(bad), priced_in(good)];
        let terms = VaultTerms { token: Some(bad), cooldown: COOLDOWN, ..vault_terms(tiers, &[]) };
        let mut scene = Scene::on(world, &terms);
        scene.world.allow_all(bad, scene.vault);
        scene.world.allow_all(good, scene.vault);
        scene.tokens = vec![good];
        let (ben, vault) = (scene.world.ben, scene.vault);
        scene.subscribe(ben, 0, 12 * PRICE).value.unwrap();
        scene.tip(ben, 7 * UNIT, b"").value.unwrap();
        scene.send(ben, 0, suite::vault(vault).tip_token(good, 5 * TOKEN, vec![])).value.unwrap();
        let gift = suite::vault(vault).subscribe(HONEST, scene.world.creator, 300 * TOKEN, u128::MAX);
        scene.send(ben, 0, gift).value.unwrap();
        Self { scene, bad, good }
    }

    fn bad(&self) -> Asset {
        Asset::Psp22(self.bad)
    }

    #[track_caller]
    fn play(&mut self, trick: Trick) {
        self.scene.world.play(self.bad, trick);
    }

    /// Balance of the vault in the crooked token when it plays no trick.
    fn held(&mut self) -> u128 {
        self.scene.world.tokens(self.bad, self.scene.vault)
    }

    #[track_caller]
    fn tip(&mut self, from: AccountId, amount: u128) -> Receipt<Result<u128, Box<VaultError>>> {
        self.scene.send(from, 0, suite::vault(self.scene.vault).tip_token(self.bad, amount, vec![]))
    }

    #[track_caller]
    fn subscribe(&mut self, fan: AccountId, amount: u128) -> Receipt<Result<Timestamp, Box<VaultError>>> {
        self.scene.send(fan, 0, suite::vault(self.scene.vault).subscribe(CROOKED, fan, amount, u128::MAX))
    }

    #[track_caller]
    fn stake(&mut self, fan: AccountId, amount: u128) -> Receipt<Result<u128, Box<VaultError>>> {
        self.scene.send(fan, 0, suite::vault(self.scene.vault).stake(amount))
    }

    #[track_caller]
    fn withdraw(&mut self, fan: AccountId) -> Receipt<Result<u128, Box<VaultError>>> {
        self.scene.send(fan, 0, suite::vault(self.scene.vault).withdraw(Asset::Psp22(self.bad)))
    }

    #[track_caller]
    fn withdraw_stake(&mut self, fan: AccountId) -> Receipt<Result<u128, Box<VaultError>>> {
        self.scene.send(fan, 0, suite::vault(self.scene.vault).withdraw_stake())
    }

    #[track_caller]
    fn claim(&mut self) -> Receipt<Result<u128, Box<VaultError>>> {
        let claim = suite::vault(self.scene.vault).claim(Asset::Psp22(self.bad), 0);
        self.scene.send(self.scene.world.creator, 0, claim)
    }

    /// Ana subscribes with 60, has 10 of 30 staked tokens in the cooldown, and has tipped 9.
    fn deposit_all(&mut self) {
        let (ana, vault) = (self.scene.world.ana, self.scene.vault);
        self.subscribe(ana, 60 * TOKEN).value.unwrap();
        self.stake(ana, 30 * TOKEN).value.unwrap();
        self.scene.send(ana, 0, suite::vault(vault).unstake(10 * TOKEN)).value.unwrap();
        self.tip(ana, 9 * TOKEN).value.unwrap();
        self.scene.wait(COOLDOWN);
    }

    /// Everyone who never used the crooked token leaves with everything.
    fn everyone_else_leaves(mut self) {
        let (ben, creator, good) = (self.scene.world.ben, self.scene.world.creator, Asset::Psp22(self.good));
        let vault = self.scene.vault;
        let lasted = u128::from((self.scene.now() - self.scene.standing(ben).since) / DAY);
        assert_eq!(self.scene.cancel(ben).value, Ok(12 * PRICE - lasted * UNIT));
        assert_eq!(self.scene.cancel(creator).value, Ok((300 - lasted) * TOKEN));
        for tier in [0, HONEST] {
            assert!(!self.scene.collect(tier, 100).value.unwrap().more);
        }
        assert_eq!(self.scene.claim(creator).value, Ok((7 + lasted) * UNIT));
        let claim = self.scene.send(creator, 0, suite::vault(vault).claim(good, 0));
        assert_eq!(claim.value, Ok((5 + lasted) * TOKEN));
        assert_eq!(self.scene.owed(good), Obligations::default());
        let streams = self.scene.obligations();
        assert_eq!(streams.unclaimed, 0);
        assert_eq!(streams.credits, 0);
    }
}

#[test]
fn of_a_token_with_a_transfer_fee_the_arrived_amount_counts() {
    let mut siege = Siege::new();
    let (ana, creator, vault) = (siege.scene.world.ana, siege.scene.world.creator, siege.scene.vault);
    siege.play(Trick::Fee(1_000));
    assert_eq!(siege.subscribe(ana, 30 * TOKEN).value, Err(VaultError::PaymentTooSmall { least: 30 * TOKEN }.into()));
    let until = siege.scene.now() + 36 * DAY;
    assert_eq!(siege.subscribe(ana, 40 * TOKEN).value, Ok(until));
    let top_up = suite::vault(vault).top_up(ana, CROOKED, 10 * TOKEN, u128::MAX);
    assert_eq!(siege.scene.send(ana, 0, top_up).value, Ok(until + 9 * DAY));
    let receipt = siege.tip(ana, 10 * TOKEN);
    assert_eq!(receipt.value, Ok(9 * TOKEN));
    let tipped = Tipped { fan: ana, asset: siege.bad(), amount: 9 * TOKEN, memo: vec![] };
    assert_events(&receipt, vault, &[event(&tipped, &[field_topic(&ana)])]);
    assert_eq!(siege.stake(ana, 20 * TOKEN).value, Ok(18 * TOKEN));
    let owed = Obligations { streams: 45 * TOKEN, unclaimed: 9 * TOKEN, stakes: 18 * TOKEN, credits: 0 };
    assert_eq!(siege.scene.owed(siege.bad()), owed);
    assert_eq!(siege.held(), owed.total());
    // Payments out of the vault lose the fee too, and the vault adds nothing.
    let before = siege.scene.world.tokens(siege.bad, ana);
    assert_eq!(siege.scene.cancel(ana).value, Ok(45 * TOKEN));
    assert_eq!(siege.scene.world.tokens(siege.bad, ana), before + 45 * TOKEN * 9 / 10);
    let before = siege.scene.world.tokens(siege.bad, creator);
    assert_eq!(siege.claim().value, Ok(9 * TOKEN));
    assert_eq!(siege.scene.world.tokens(siege.bad, creator), before + 9 * TOKEN * 9 / 10);
    assert_eq!(siege.held(), 18 * TOKEN);
    // The vault holds none of it, so nothing can be claimed.
    siege.play(Trick::Fee(10_000));
    assert_eq!(siege.tip(ana, TOKEN).value, Err(VaultError::NothingSent.into()));
    assert_eq!(siege.stake(ana, TOKEN).value, Err(VaultError::NothingSent.into()));
    siege.everyone_else_leaves();
}

#[test]
fn tokens_that_did_not_arrive_do_not_count() {
    let mut siege = Siege::new();
    let ana = siege.scene.world.ana;
    siege.play(Trick::OnlySays);
    assert_eq!(siege.tip(ana, TOKEN).value, Err(VaultError::NothingSent.into()));
    assert_eq!(siege.stake(ana, TOKEN).value, Err(VaultError::NothingSent.into()));
    assert_eq!(siege.subscribe(ana, 30 * TOKEN).value, Err(VaultError::PaymentTooSmall { least: 30 * TOKEN }.into()));
    siege.play(Trick::None);
    siege.deposit_all();
    // Fans of such a token are told that the refund was paid.
    siege.play(Trick::OnlySays);
    let top_up = suite::vault(siege.scene.vault).top_up(ana, CROOKED, TOKEN, u128::MAX);
    assert_eq!(siege.scene.send(ana, 0, top_up).value, Err(VaultError::NothingSent.into()));
    let before = siege.scene.world.tokens(siege.bad, ana);
    assert_eq!(siege.scene.cancel(ana).value, Ok(57 * TOKEN));
    assert_eq!(siege.scene.world.tokens(siege.bad, ana), before);
    assert_eq!(siege.scene.credit(ana, siege.bad()), 0);
    siege.everyone_else_leaves();
}

#[test]
fn a_token_that_lies_about_balances_causes_debts_only_in_itself() {
    let mut siege = Siege::new();
    let (ana, cleo) = (siege.scene.world.ana, siege.scene.world.cleo);
    siege.deposit_all();
    // A token that reports a lower balance than before has failed.
    siege.play(Trick::Understates);
    assert_eq!(siege.tip(cleo, TOKEN).value, Err(VaultError::TokenFailed.into()));
    assert_eq!(siege.stake(cleo, TOKEN).value, Err(VaultError::TokenFailed.into()));
    // A token that reports a higher balance is believed, and cannot pay it.
    siege.play(Trick::Overstates(1_000_000 * TOKEN));
    assert_eq!(siege.tip(cleo, TOKEN).value, Ok(1_000_001 * TOKEN));
    siege.play(Trick::None);
    assert_eq!(siege.claim().value, Err(VaultError::TokenFailed.into()));
    assert!(siege.scene.owed(siege.bad()).total() > siege.held());
    // Existing tokens are paid in the order of the claims.
    assert_eq!(siege.scene.cancel(ana).value, Ok(57 * TOKEN));
    // The vault stops before a sum overflows.
    let greedy = Trick::Overstates(u128::MAX / 2 + 1);
    for _ in 0..2 {
        siege.play(greedy.clone());
        siege.stake(cleo, TOKEN).value.unwrap_or_default();
    }
    siege.play(greedy.clone());
    assert_eq!(siege.stake(cleo, TOKEN).value, Err(VaultError::Overflow.into()));
    siege.play(greedy.clone());
    siege.tip(cleo, TOKEN).value.unwrap();
    siege.play(greedy.clone());
    assert_eq!(siege.tip(cleo, TOKEN).value, Err(VaultError::Overflow.into()));
    siege.play(greedy);
    let error = siege.subscribe(cleo, TOKEN).value.unwrap_err();
    assert!(matches!(*error, VaultError::PaymentTooLarge { .. }), "{error:?}");
    siege.everyone_else_leaves();
}

#[test]
fn payments_of_a_token_that_turns_bad_wait_until_it_works_again() {
    for trick in [Trick::Refuses, Trick::Traps] {
        let mut siege = Siege::new();
        let (ana, vault, asset) = (siege.scene.world.ana, siege.scene.vault, siege.bad());
        siege.deposit_all();
        siege.play(trick);
        assert_eq!(siege.tip(ana, TOKEN).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(siege.stake(ana, TOKEN).value, Err(VaultError::TokenFailed.into()));
        let top_up = suite::vault(vault).top_up(ana, CROOKED, TOKEN, u128::MAX);
        assert_eq!(siege.scene.send(ana, 0, top_up).value, Err(VaultError::TokenFailed.into()));
        let before = siege.scene.world.tokens(siege.bad, ana);
        // Cancelling always works: the subscription ends, and the rest becomes a credit.
        let receipt = siege.scene.cancel(ana);
        assert_eq!(receipt.value, Ok(57 * TOKEN));
        let ended = Ended { fan: ana, tier: CROOKED, by: ana, refund: 57 * TOKEN, credited: true };
        assert_events(&receipt, vault, &[event(&ended, &[field_topic(&ana), field_topic(&CROOKED)])]);
        assert_eq!(siege.scene.standing(ana).level, 0);
        assert_eq!(siege.scene.credit(ana, asset), 57 * TOKEN);
        let owed = Obligations { streams: 3 * TOKEN, unclaimed: 9 * TOKEN, credits: 57 * TOKEN, stakes: 30 * TOKEN };
        assert_eq!(siege.scene.owed(asset), owed);
        assert_eq!(siege.held(), owed.total());
        // Everything else that cannot be paid stays in the vault.
        assert_eq!(siege.withdraw(ana).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(siege.withdraw_stake(ana).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(siege.claim().value, Err(VaultError::TokenFailed.into()));
        assert_eq!(siege.scene.owed(asset), owed);

        siege.play(Trick::None);
        let receipt = siege.withdraw(ana);
        assert_eq!(receipt.value, Ok(57 * TOKEN));
        let withdrawn = Withdrawn { fan: ana, asset, amount: 57 * TOKEN };
        assert_events(&receipt, vault, &[event(&withdrawn, &[field_topic(&ana)])]);
        assert_eq!(siege.withdraw(ana).value, Err(VaultError::NothingToClaim.into()));
        assert_eq!(siege.withdraw_stake(ana).value, Ok(10 * TOKEN));
        assert_eq!(siege.scene.world.tokens(siege.bad, ana), before + 67 * TOKEN);
        assert_eq!(siege.scene.collect(CROOKED, 9).value.unwrap().amount, 3 * TOKEN);
        assert_eq!(siege.claim().value, Ok(12 * TOKEN));
        assert_eq!(siege.held(), 20 * TOKEN);
        siege.everyone_else_leaves();
    }
}

#[test]
fn errors_reported_after_a_successful_transfer_do_not_count() {
    let mut siege = Siege::new();
    let (ana, cleo, asset) = (siege.scene.world.ana, siege.scene.world.cleo, siege.bad());
    siege.deposit_all();
    siege.play(Trick::Denies);
    // Deposits are measured. Payments count as done unless the token reverts.
    let before = siege.scene.world.tokens(siege.bad, cleo);
    assert_eq!(siege.tip(cleo, TOKEN).value, Ok(TOKEN));
    assert_eq!(siege.scene.world.tokens(siege.bad, cleo), before - TOKEN);
    // The payment is done, and the vault owes nothing of it any more.
    let before = siege.scene.world.tokens(siege.bad, ana);
    assert_eq!(siege.scene.cancel(ana).value, Ok(57 * TOKEN));
    assert_eq!(siege.scene.world.tokens(siege.bad, ana), before + 57 * TOKEN);
    assert_eq!(siege.scene.credit(ana, asset), 0);
    assert_eq!(siege.withdraw(ana).value, Err(VaultError::NothingToClaim.into()));
    siege.scene.assert_covered();
    siege.play(Trick::None);
    siege.everyone_else_leaves();
}

#[test]
fn a_token_that_seizes_from_the_vault_hurts_only_its_own_holders() {
    let mut siege = Siege::new();
    let (ana, vault, asset) = (siege.scene.world.ana, siege.scene.vault, siege.bad());
    siege.deposit_all();
    let all = siege.held();
    siege.scene.world.seize(siege.bad, vault, all);
    assert_eq!(siege.scene.cancel(ana).value, Ok(57 * TOKEN));
    assert_eq!(siege.scene.credit(ana, asset), 57 * TOKEN);
    assert_eq!(siege.withdraw(ana).value, Err(VaultError::TokenFailed.into()));
    assert_eq!(siege.claim().value, Err(VaultError::TokenFailed.into()));
    assert_eq!(siege.withdraw_stake(ana).value, Err(VaultError::TokenFailed.into()));
    // New deposits pay those who wait.
    siege.tip(siege.scene.world.cleo, 60 * TOKEN).value.unwrap();
    assert_eq!(siege.withdraw(ana).value, Ok(57 * TOKEN));
    siege.everyone_else_leaves();
}

#[test]
fn an_endless_or_too_long_answer_stops_only_its_own_call() {
    let mut siege = Siege::new();
    let (ana, vault) = (siege.scene.world.ana, siege.scene.vault);
    for behaviour in [Behaviour::BurnGas, Behaviour::AnswerZeros(16 * 1024)] {
        let token = siege.scene.world.hostile(&behaviour);
        let tip = suite::vault(vault).tip_token(token, 5, vec![]);
        let had = siege.scene.world.balance(ana);
        // Whether gas is left for an error depends on the chain.
        match siege.scene.world.chain.send(&ana.into(), 0, tip).map(|receipt| receipt.value) {
            Err(ChainError::Refused(_)) => {}
            Ok(Err(error)) if [VaultError::TokenFailed, VaultError::NothingSent].contains(&error) => {}
            other => panic!("{behaviour:?}: {other:?}"),
        }
        assert_eq!(siege.scene.world.balance(ana), had);
        assert_eq!(siege.scene.owed(Asset::Psp22(token)).total(), 0);
        siege.scene.assert_covered();
    }
    siege.everyone_else_leaves();
}

#[test]
fn a_too_long_answer_of_a_token_does_not_block_withdrawals() {
    let mut siege = Siege::new();
    let World { ana, .. } = siege.scene.world;
    siege.deposit_all();
    siege.play(Trick::Floods(16 * 1024));
    let before = siege.scene.world.tokens(siege.bad, ana);
    assert_eq!(siege.scene.cancel(ana).value, Ok(57 * TOKEN));
    // The token reported success and moved nothing. Without a revert, that is between the token and its holders.
    assert_eq!(siege.scene.credit(ana, siege.bad()), 0);
    assert_eq!(siege.scene.world.tokens(siege.bad, ana), before);
    siege.play(Trick::None);
    siege.everyone_else_leaves();
}

#[test]
fn an_invalid_creator_token_brings_no_fees_and_takes_no_stakes() {
    for behaviour in [Behaviour::Trap, Behaviour::Revert(vec![]), Behaviour::Answer(vec![1, 2, 3])] {
        let mut world = World::default();
        let token = world.hostile(&behaviour);
        let terms = VaultTerms { token: Some(token), ..vault_terms(vec![tier_terms(PRICE, 1)], &[]) };
        let mut scene = Scene::on(world, &terms);
        let (ana, vault) = (scene.world.ana, scene.vault);
        let collect = scene.world.call(ana, 0, suite::vault(vault).collect_sale_fees());
        assert_eq!(collect.value, Err(VaultError::NothingToClaim.into()));
        let stake = scene.world.call(ana, 0, suite::vault(vault).stake(5));
        assert_eq!(stake.value, Err(VaultError::TokenFailed.into()));
        assert_eq!(scene.world.ask(suite::vault(vault).fan(ana)).stake, None);
        scene.assert_covered();
    }
}

#[test]
fn the_stakers_part_in_a_token_that_turns_bad_waits_until_it_works() {
    let mut siege = Siege::new();
    let World { ana, ben, cleo, creator, .. } = siege.scene.world;
    let (vault, bad) = (siege.scene.vault, siege.bad());
    let shares = vec![Share { recipient: creator, bp: 9_000 }];
    siege.scene.send(creator, 0, suite::vault(vault).set_splits(shares, 1_000)).value.unwrap();
    siege.stake(ana, 30 * TOKEN).value.unwrap();
    siege.scene.wait(DAY);
    siege.tip(cleo, 10 * TOKEN).value.unwrap();
    siege.scene.tip(ben, 10 * UNIT, b"").value.unwrap();
    siege.scene.wait(DAY);
    let claim = |asset| suite::vault(vault).claim_stake_income(asset);
    for trick in [Trick::Refuses, Trick::Traps] {
        siege.play(trick);
        assert_eq!(siege.scene.send(ana, 0, claim(bad)).value, Err(VaultError::TokenFailed.into()));
        siege.play(Trick::None);
    }
    // Native money is not affected, and another account settles the day without a token transfer.
    siege.play(Trick::Refuses);
    assert_eq!(siege.scene.send(ana, 0, claim(Asset::Native)).value, Ok(UNIT));
    assert_eq!(siege.scene.send(creator, 0, claim(bad)).value, Ok(0));
    siege.play(Trick::None);
    assert_eq!(siege.scene.send(ana, 0, claim(bad)).value, Ok(TOKEN));
    assert_eq!(
        siege.scene.owed(bad),
        Obligations { unclaimed: 9 * TOKEN, stakes: 30 * TOKEN, ..Obligations::default() }
    );
    // If the token reports more than it has, only that token is owed.
    siege.play(Trick::Overstates(1_000_000 * TOKEN));
    siege.tip(cleo, TOKEN).value.unwrap();
    siege.play(Trick::None);
    siege.scene.wait(DAY);
    assert_eq!(siege.scene.send(ana, 0, claim(bad)).value, Err(VaultError::TokenFailed.into()));
    siege.scene.assert_covered();
}

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
struct AttackFixture {
    fixture: VaultFixture,
    bad: AccountId,
    good: AccountId,
}

impl AttackFixture {
    fn new() -> Self {
        let mut env = TestEnv::default();
        let (bad, good) = (env.crooked_token(1_000 * TOKEN), env.foreign_token(1_000 * TOKEN));
        let priced_in = |token| TierTerms { asset: Asset::Psp22(token), ..tier_terms(30 * TOKEN, 1) };
        let tiers = vec![tier_terms(PRICE, 1), priced_in(bad), priced_in(good)];
        let terms = VaultTerms { token: Some(bad), cooldown: COOLDOWN, ..vault_terms(tiers, &[]) };
        let mut fixture = VaultFixture::on(env, &terms);
        fixture.env.allow_all(bad, fixture.vault);
        fixture.env.allow_all(good, fixture.vault);
        fixture.tokens = vec![good];
        let (ben, vault) = (fixture.env.ben, fixture.vault);
        fixture.subscribe(ben, 0, 12 * PRICE).value.unwrap();
        fixture.tip(ben, 7 * UNIT, b"").value.unwrap();
        fixture.send(ben, 0, contracts::vault(vault).tip_token(good, 5 * TOKEN, vec![])).value.unwrap();
        let gift = contracts::vault(vault).subscribe(HONEST, fixture.env.creator, 300 * TOKEN, u128::MAX);
        fixture.send(ben, 0, gift).value.unwrap();
        Self { fixture, bad, good }
    }

    fn bad(&self) -> Asset {
        Asset::Psp22(self.bad)
    }

    #[track_caller]
    fn play(&mut self, trick: Trick) {
        self.fixture.env.play(self.bad, trick);
    }

    /// Balance of the vault in the crooked token when it plays no trick.
    fn held(&mut self) -> u128 {
        self.fixture.env.tokens(self.bad, self.fixture.vault)
    }

    #[track_caller]
    fn tip(&mut self, from: AccountId, amount: u128) -> Receipt<Result<u128, Box<VaultError>>> {
        self.fixture.send(from, 0, contracts::vault(self.fixture.vault).tip_token(self.bad, amount, vec![]))
    }

    #[track_caller]
    fn subscribe(&mut self, fan: AccountId, amount: u128) -> Receipt<Result<Timestamp, Box<VaultError>>> {
        self.fixture.send(fan, 0, contracts::vault(self.fixture.vault).subscribe(CROOKED, fan, amount, u128::MAX))
    }

    #[track_caller]
    fn stake(&mut self, fan: AccountId, amount: u128) -> Receipt<Result<u128, Box<VaultError>>> {
        self.fixture.send(fan, 0, contracts::vault(self.fixture.vault).stake(amount))
    }

    #[track_caller]
    fn withdraw(&mut self, fan: AccountId) -> Receipt<Result<u128, Box<VaultError>>> {
        self.fixture.send(fan, 0, contracts::vault(self.fixture.vault).withdraw(Asset::Psp22(self.bad)))
    }

    #[track_caller]
    fn withdraw_stake(&mut self, fan: AccountId) -> Receipt<Result<u128, Box<VaultError>>> {
        self.fixture.send(fan, 0, contracts::vault(self.fixture.vault).withdraw_stake())
    }

    #[track_caller]
    fn claim(&mut self) -> Receipt<Result<u128, Box<VaultError>>> {
        let claim = contracts::vault(self.fixture.vault).claim(Asset::Psp22(self.bad), 0);
        self.fixture.send(self.fixture.env.creator, 0, claim)
    }

    /// Ana subscribes with 60, has 10 of 30 staked tokens in the cooldown, and has tipped 9.
    fn deposit_all(&mut self) {
        let (ana, vault) = (self.fixture.env.ana, self.fixture.vault);
        self.subscribe(ana, 60 * TOKEN).value.unwrap();
        self.stake(ana, 30 * TOKEN).value.unwrap();
        self.fixture.send(ana, 0, contracts::vault(vault).unstake(10 * TOKEN)).value.unwrap();
        self.tip(ana, 9 * TOKEN).value.unwrap();
        self.fixture.wait(COOLDOWN);
    }

    /// Everyone who never used the crooked token leaves with everything.
    fn everyone_else_leaves(mut self) {
        let (ben, creator, good) = (self.fixture.env.ben, self.fixture.env.creator, Asset::Psp22(self.good));
        let vault = self.fixture.vault;
        let lasted = u128::from((self.fixture.now() - self.fixture.standing(ben).since) / DAY);
        assert_eq!(self.fixture.cancel(ben).value, Ok(12 * PRICE - lasted * UNIT));
        assert_eq!(self.fixture.cancel(creator).value, Ok((300 - lasted) * TOKEN));
        for tier in [0, HONEST] {
            assert!(!self.fixture.collect(tier, 100).value.unwrap().more);
        }
        assert_eq!(self.fixture.claim(creator).value, Ok((7 + lasted) * UNIT));
        let claim = self.fixture.send(creator, 0, contracts::vault(vault).claim(good, 0));
        assert_eq!(claim.value, Ok((5 + lasted) * TOKEN));
        assert_eq!(self.fixture.owed(good), Obligations::default());
        let streams = self.fixture.obligations();
        assert_eq!(streams.unclaimed, 0);
        assert_eq!(streams.credits, 0);
    }
}

#[test]
fn of_a_token_with_a_transfer_fee_the_arrived_amount_counts() {
    let mut attack = AttackFixture::new();
    let (ana, creator, vault) = (attack.fixture.env.ana, attack.fixture.env.creator, attack.fixture.vault);
    attack.play(Trick::Fee(1_000));
    assert_eq!(attack.subscribe(ana, 30 * TOKEN).value, Err(VaultError::PaymentTooSmall { least: 30 * TOKEN }.into()));
    let until = attack.fixture.now() + 36 * DAY;
    assert_eq!(attack.subscribe(ana, 40 * TOKEN).value, Ok(until));
    let top_up = contracts::vault(vault).top_up(ana, CROOKED, 10 * TOKEN, u128::MAX);
    assert_eq!(attack.fixture.send(ana, 0, top_up).value, Ok(until + 9 * DAY));
    let receipt = attack.tip(ana, 10 * TOKEN);
    assert_eq!(receipt.value, Ok(9 * TOKEN));
    let tipped = Tipped { fan: ana, asset: attack.bad(), amount: 9 * TOKEN, memo: vec![] };
    assert_events(&receipt, vault, &[event(&tipped, &[field_topic(&ana)])]);
    assert_eq!(attack.stake(ana, 20 * TOKEN).value, Ok(18 * TOKEN));
    let owed = Obligations { streams: 45 * TOKEN, unclaimed: 9 * TOKEN, stakes: 18 * TOKEN, credits: 0 };
    assert_eq!(attack.fixture.owed(attack.bad()), owed);
    assert_eq!(attack.held(), owed.total());
    // Payments out of the vault lose the fee too, and the vault adds nothing.
    let before = attack.fixture.env.tokens(attack.bad, ana);
    assert_eq!(attack.fixture.cancel(ana).value, Ok(45 * TOKEN));
    assert_eq!(attack.fixture.env.tokens(attack.bad, ana), before + 45 * TOKEN * 9 / 10);
    let before = attack.fixture.env.tokens(attack.bad, creator);
    assert_eq!(attack.claim().value, Ok(9 * TOKEN));
    assert_eq!(attack.fixture.env.tokens(attack.bad, creator), before + 9 * TOKEN * 9 / 10);
    assert_eq!(attack.held(), 18 * TOKEN);
    // The vault holds none of it, so nothing can be claimed.
    attack.play(Trick::Fee(10_000));
    assert_eq!(attack.tip(ana, TOKEN).value, Err(VaultError::NothingSent.into()));
    assert_eq!(attack.stake(ana, TOKEN).value, Err(VaultError::NothingSent.into()));
    attack.everyone_else_leaves();
}

#[test]
fn tokens_that_did_not_arrive_do_not_count() {
    let mut attack = AttackFixture::new();
    let ana = attack.fixture.env.ana;
    attack.play(Trick::OnlySays);
    assert_eq!(attack.tip(ana, TOKEN).value, Err(VaultError::NothingSent.into()));
    assert_eq!(attack.stake(ana, TOKEN).value, Err(VaultError::NothingSent.into()));
    assert_eq!(attack.subscribe(ana, 30 * TOKEN).value, Err(VaultError::PaymentTooSmall { least: 30 * TOKEN }.into()));
    attack.play(Trick::None);
    attack.deposit_all();
    // Fans of such a token are told that the refund was paid.
    attack.play(Trick::OnlySays);
    let top_up = contracts::vault(attack.fixture.vault).top_up(ana, CROOKED, TOKEN, u128::MAX);
    assert_eq!(attack.fixture.send(ana, 0, top_up).value, Err(VaultError::NothingSent.into()));
    let before = attack.fixture.env.tokens(attack.bad, ana);
    assert_eq!(attack.fixture.cancel(ana).value, Ok(57 * TOKEN));
    assert_eq!(attack.fixture.env.tokens(attack.bad, ana), before);
    assert_eq!(attack.fixture.credit(ana, attack.bad()), 0);
    attack.everyone_else_leaves();
}

#[test]
fn a_token_that_lies_about_balances_causes_debts_only_in_itself() {
    let mut attack = AttackFixture::new();
    let (ana, cleo) = (attack.fixture.env.ana, attack.fixture.env.cleo);
    attack.deposit_all();
    // A token that reports a lower balance than before has failed.
    attack.play(Trick::Understates);
    assert_eq!(attack.tip(cleo, TOKEN).value, Err(VaultError::TokenFailed.into()));
    assert_eq!(attack.stake(cleo, TOKEN).value, Err(VaultError::TokenFailed.into()));
    // A token that reports a higher balance is believed, and cannot pay it.
    attack.play(Trick::Overstates(1_000_000 * TOKEN));
    assert_eq!(attack.tip(cleo, TOKEN).value, Ok(1_000_001 * TOKEN));
    attack.play(Trick::None);
    assert_eq!(attack.claim().value, Err(VaultError::TokenFailed.into()));
    assert!(attack.fixture.owed(attack.bad()).total() > attack.held());
    // Existing tokens are paid in the order of the claims.
    assert_eq!(attack.fixture.cancel(ana).value, Ok(57 * TOKEN));
    // The vault stops before a sum overflows.
    let greedy = Trick::Overstates(u128::MAX / 2 + 1);
    for _ in 0..2 {
        attack.play(greedy.clone());
        attack.stake(cleo, TOKEN).value.unwrap_or_default();
    }
    attack.play(greedy.clone());
    assert_eq!(attack.stake(cleo, TOKEN).value, Err(VaultError::Overflow.into()));
    attack.play(greedy.clone());
    attack.tip(cleo, TOKEN).value.unwrap();
    attack.play(greedy.clone());
    assert_eq!(attack.tip(cleo, TOKEN).value, Err(VaultError::Overflow.into()));
    attack.play(greedy);
    let error = attack.subscribe(cleo, TOKEN).value.unwrap_err();
    assert!(matches!(*error, VaultError::PaymentTooLarge { .. }), "{error:?}");
    attack.everyone_else_leaves();
}

#[test]
fn payments_of_a_token_that_turns_bad_wait_until_it_works_again() {
    for trick in [Trick::Refuses, Trick::Traps] {
        let mut attack = AttackFixture::new();
        let (ana, vault, asset) = (attack.fixture.env.ana, attack.fixture.vault, attack.bad());
        attack.deposit_all();
        attack.play(trick);
        assert_eq!(attack.tip(ana, TOKEN).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(attack.stake(ana, TOKEN).value, Err(VaultError::TokenFailed.into()));
        let top_up = contracts::vault(vault).top_up(ana, CROOKED, TOKEN, u128::MAX);
        assert_eq!(attack.fixture.send(ana, 0, top_up).value, Err(VaultError::TokenFailed.into()));
        let before = attack.fixture.env.tokens(attack.bad, ana);
        // Cancelling always works: the subscription ends, and the rest becomes a credit.
        let receipt = attack.fixture.cancel(ana);
        assert_eq!(receipt.value, Ok(57 * TOKEN));
        let ended = Ended { fan: ana, tier: CROOKED, by: ana, refund: 57 * TOKEN, credited: true };
        assert_events(&receipt, vault, &[event(&ended, &[field_topic(&ana), field_topic(&CROOKED)])]);
        assert_eq!(attack.fixture.standing(ana).level, 0);
        assert_eq!(attack.fixture.credit(ana, asset), 57 * TOKEN);
        let owed = Obligations { streams: 3 * TOKEN, unclaimed: 9 * TOKEN, credits: 57 * TOKEN, stakes: 30 * TOKEN };
        assert_eq!(attack.fixture.owed(asset), owed);
        assert_eq!(attack.held(), owed.total());
        // Everything else that cannot be paid stays in the vault.
        assert_eq!(attack.withdraw(ana).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(attack.withdraw_stake(ana).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(attack.claim().value, Err(VaultError::TokenFailed.into()));
        assert_eq!(attack.fixture.owed(asset), owed);

        attack.play(Trick::None);
        let receipt = attack.withdraw(ana);
        assert_eq!(receipt.value, Ok(57 * TOKEN));
        let withdrawn = Withdrawn { fan: ana, asset, amount: 57 * TOKEN };
        assert_events(&receipt, vault, &[event(&withdrawn, &[field_topic(&ana)])]);
        assert_eq!(attack.withdraw(ana).value, Err(VaultError::NothingToClaim.into()));
        assert_eq!(attack.withdraw_stake(ana).value, Ok(10 * TOKEN));
        assert_eq!(attack.fixture.env.tokens(attack.bad, ana), before + 67 * TOKEN);
        assert_eq!(attack.fixture.collect(CROOKED, 9).value.unwrap().amount, 3 * TOKEN);
        assert_eq!(attack.claim().value, Ok(12 * TOKEN));
        assert_eq!(attack.held(), 20 * TOKEN);
        attack.everyone_else_leaves();
    }
}

#[test]
fn errors_reported_after_a_successful_transfer_do_not_count() {
    let mut attack = AttackFixture::new();
    let (ana, cleo, asset) = (attack.fixture.env.ana, attack.fixture.env.cleo, attack.bad());
    attack.deposit_all();
    attack.play(Trick::Denies);
    // Deposits are measured. Payments count as done unless the token reverts.
    let before = attack.fixture.env.tokens(attack.bad, cleo);
    assert_eq!(attack.tip(cleo, TOKEN).value, Ok(TOKEN));
    assert_eq!(attack.fixture.env.tokens(attack.bad, cleo), before - TOKEN);
    // The payment is done, and the vault owes nothing of it any more.
    let before = attack.fixture.env.tokens(attack.bad, ana);
    assert_eq!(attack.fixture.cancel(ana).value, Ok(57 * TOKEN));
    assert_eq!(attack.fixture.env.tokens(attack.bad, ana), before + 57 * TOKEN);
    assert_eq!(attack.fixture.credit(ana, asset), 0);
    assert_eq!(attack.withdraw(ana).value, Err(VaultError::NothingToClaim.into()));
    attack.fixture.assert_covered();
    attack.play(Trick::None);
    attack.everyone_else_leaves();
}

#[test]
fn a_token_that_seizes_from_the_vault_hurts_only_its_own_holders() {
    let mut attack = AttackFixture::new();
    let (ana, vault, asset) = (attack.fixture.env.ana, attack.fixture.vault, attack.bad());
    attack.deposit_all();
    let all = attack.held();
    attack.fixture.env.seize(attack.bad, vault, all);
    assert_eq!(attack.fixture.cancel(ana).value, Ok(57 * TOKEN));
    assert_eq!(attack.fixture.credit(ana, asset), 57 * TOKEN);
    assert_eq!(attack.withdraw(ana).value, Err(VaultError::TokenFailed.into()));
    assert_eq!(attack.claim().value, Err(VaultError::TokenFailed.into()));
    assert_eq!(attack.withdraw_stake(ana).value, Err(VaultError::TokenFailed.into()));
    // New deposits pay those who wait.
    attack.tip(attack.fixture.env.cleo, 60 * TOKEN).value.unwrap();
    assert_eq!(attack.withdraw(ana).value, Ok(57 * TOKEN));
    attack.everyone_else_leaves();
}

#[test]
fn an_endless_or_too_long_answer_stops_only_its_own_call() {
    let mut attack = AttackFixture::new();
    let (ana, vault) = (attack.fixture.env.ana, attack.fixture.vault);
    for behaviour in [Behaviour::BurnGas, Behaviour::AnswerZeros(16 * 1024)] {
        let token = attack.fixture.env.hostile(&behaviour);
        let tip = contracts::vault(vault).tip_token(token, 5, vec![]);
        let had = attack.fixture.env.balance(ana);
        // Whether gas is left for an error depends on the chain.
        match attack.fixture.env.chain.send(&ana.into(), 0, tip).map(|receipt| receipt.value) {
            Err(ChainError::Refused(_)) => {}
            Ok(Err(error)) if [VaultError::TokenFailed, VaultError::NothingSent].contains(&error) => {}
            other => panic!("{behaviour:?}: {other:?}"),
        }
        assert_eq!(attack.fixture.env.balance(ana), had);
        assert_eq!(attack.fixture.owed(Asset::Psp22(token)).total(), 0);
        attack.fixture.assert_covered();
    }
    attack.everyone_else_leaves();
}

#[test]
fn a_too_long_answer_of_a_token_does_not_block_withdrawals() {
    let mut attack = AttackFixture::new();
    let TestEnv { ana, .. } = attack.fixture.env;
    attack.deposit_all();
    attack.play(Trick::Floods(16 * 1024));
    let before = attack.fixture.env.tokens(attack.bad, ana);
    assert_eq!(attack.fixture.cancel(ana).value, Ok(57 * TOKEN));
    // The token reported success and moved nothing. Without a revert, that is between the token and its holders.
    assert_eq!(attack.fixture.credit(ana, attack.bad()), 0);
    assert_eq!(attack.fixture.env.tokens(attack.bad, ana), before);
    attack.play(Trick::None);
    attack.everyone_else_leaves();
}

#[test]
fn an_invalid_creator_token_brings_no_fees_and_takes_no_stakes() {
    for behaviour in [Behaviour::Trap, Behaviour::Revert(vec![]), Behaviour::Answer(vec![1, 2, 3])] {
        let mut env = TestEnv::default();
        let token = env.hostile(&behaviour);
        let terms = VaultTerms { token: Some(token), ..vault_terms(vec![tier_terms(PRICE, 1)], &[]) };
        let mut fixture = VaultFixture::on(env, &terms);
        let (ana, vault) = (fixture.env.ana, fixture.vault);
        let collect = fixture.env.call(ana, 0, contracts::vault(vault).collect_sale_fees());
        assert_eq!(collect.value, Err(VaultError::NothingToClaim.into()));
        let stake = fixture.env.call(ana, 0, contracts::vault(vault).stake(5));
        assert_eq!(stake.value, Err(VaultError::TokenFailed.into()));
        assert_eq!(fixture.env.ask(contracts::vault(vault).fan(ana)).stake, None);
        fixture.assert_covered();
    }
}

#[test]
fn the_stakers_part_in_a_token_that_turns_bad_waits_until_it_works() {
    let mut attack = AttackFixture::new();
    let TestEnv { ana, ben, cleo, creator, .. } = attack.fixture.env;
    let (vault, bad) = (attack.fixture.vault, attack.bad());
    let shares = vec![Share { recipient: creator, bp: 9_000 }];
    attack.fixture.send(creator, 0, contracts::vault(vault).set_splits(shares, 1_000)).value.unwrap();
    attack.stake(ana, 30 * TOKEN).value.unwrap();
    attack.fixture.wait(DAY);
    attack.tip(cleo, 10 * TOKEN).value.unwrap();
    attack.fixture.tip(ben, 10 * UNIT, b"").value.unwrap();
    attack.fixture.wait(DAY);
    let claim = |asset| contracts::vault(vault).claim_stake_income(asset);
    for trick in [Trick::Refuses, Trick::Traps] {
        attack.play(trick);
        assert_eq!(attack.fixture.send(ana, 0, claim(bad)).value, Err(VaultError::TokenFailed.into()));
        attack.play(Trick::None);
    }
    // Native money is not affected, and another account settles the day without a token transfer.
    attack.play(Trick::Refuses);
    assert_eq!(attack.fixture.send(ana, 0, claim(Asset::Native)).value, Ok(UNIT));
    assert_eq!(attack.fixture.send(creator, 0, claim(bad)).value, Ok(0));
    attack.play(Trick::None);
    assert_eq!(attack.fixture.send(ana, 0, claim(bad)).value, Ok(TOKEN));
    assert_eq!(
        attack.fixture.owed(bad),
        Obligations { unclaimed: 9 * TOKEN, stakes: 30 * TOKEN, ..Obligations::default() }
    );
    // If the token reports more than it has, only that token is owed.
    attack.play(Trick::Overstates(1_000_000 * TOKEN));
    attack.tip(cleo, TOKEN).value.unwrap();
    attack.play(Trick::None);
    attack.fixture.wait(DAY);
    assert_eq!(attack.fixture.send(ana, 0, claim(bad)).value, Err(VaultError::TokenFailed.into()));
    attack.fixture.assert_covered();
}

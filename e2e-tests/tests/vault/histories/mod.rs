//! Random histories of several people with native money and a token. Each answer, payment and sum is the model's. After
//! each call the vault covers what it owes. At the end everyone leaves in random order.

mod leaving;
mod model;
mod paid;
mod stakers;
mod steps;

use patronage_interfaces::vault::{Collected, Share, StakeIncomeClaimed};
use proptest::prelude::*;
use test_kit::DAY;

use super::*;
use model::{Model, SPLITS};
use paid::TIERS;
use steps::{order, step, Action, Step};

/// What a call moved from the caller to the vault and back, of each asset.
#[derive(Default)]
struct Moved {
    paid: [u128; 2],
    got: [u128; 2],
    deposit: i128,
}

struct History {
    fixture: VaultFixture,
    token: AccountId,
    people: [AccountId; 5],
    /// Token balances outside the vault.
    tokens: [u128; 5],
    model: Model,
}

impl History {
    fn new() -> Self {
        let mut env = TestEnv::default();
        let each = 1_000_000_000 * TOKEN;
        let token = env.foreign_token(each);
        for who in [env.creator, env.ana, env.ben, env.cleo] {
            env.chain.fund(&who, 100_000_000 * UNIT).expect("the chain can count it");
        }
        // The last person has no account on the chain before the first refund.
        let people = [env.creator, env.ana, env.ben, env.cleo, stranger(5)];
        let asset = |asset| if asset == 0 { Asset::Native } else { Asset::Psp22(token) };
        let tiers = TIERS.map(|(paid_in, price, period, level, seats, minimum_stay)| TierTerms {
            asset: asset(paid_in),
            period,
            seats,
            minimum_stay,
            ..tier_terms(price, level)
        });
        let (splits, stakers) = shares(&people, 0);
        let terms = VaultTerms { splits, stakers, tiers: tiers.to_vec(), token: Some(token), cooldown: COOLDOWN };
        let mut fixture = VaultFixture::on(env, &terms);
        fixture.env.allow_all(token, fixture.vault);
        Self { fixture, token, people, tokens: [each, each, each, each, 0], model: Model::new() }
    }

    fn asset(&self, asset: usize) -> Asset {
        if asset == 0 {
            Asset::Native
        } else {
            Asset::Psp22(self.token)
        }
    }

    /// Executes `action` on the chain. Compares the answer and the payments with the model.
    fn act(&mut self, who: usize, action: &Action) {
        let who = match action {
            Action::Cancel | Action::Withdraw { .. } => who,
            Action::Dismiss { .. }
            | Action::Grant { .. }
            | Action::Revoke { .. }
            | Action::Offer { .. }
            | Action::Split { .. }
            | Action::Pause { .. } => 0,
            Action::Switch { .. } => self.model.someone_paying(who, self.fixture.now()) % 4,
            // An account without funds cannot pay, not even for a record.
            _ => who % 4,
        };
        let caller = self.people[who];
        let before = self.fixture.env.balance(caller);
        let Moved { paid, got, deposit } = self.play(who, action);
        let after = self.fixture.env.balance(caller);
        assert_eq!(after as i128, (before + got[0] - paid[0]) as i128 - deposit);
        self.tokens[who] = self.tokens[who] + got[1] - paid[1];
        assert_eq!(self.fixture.env.tokens(self.token, caller), self.tokens[who]);
        assert_eq!(self.fixture.standing(caller), self.model.standing(who));
        self.check();
    }

    fn play(&mut self, who: usize, action: &Action) -> Moved {
        let (now, vault, token) = (self.fixture.now(), self.fixture.vault, self.token);
        let messages = || contracts::vault(vault);
        // The token amount is an argument, and the native amount is transferred.
        let split = |asset: usize, amount: u128| if asset == 0 { (amount, 0) } else { (0, amount) };
        match *action {
            Action::Tip { asset: 0, amount } => {
                let expected = self.model.tip(who, 0, amount, now);
                self.send(who, (0, amount), messages().tip(vec![]), expected)
            }
            Action::Tip { asset, amount } => {
                let expected = self.model.tip(who, asset, amount, now).map(|()| amount);
                self.send(who, (asset, amount), messages().tip_token(token, amount, vec![]), expected)
            }
            Action::Subscribe { fan, tier, thousandths } => {
                let (asset, amount) = (TIERS[tier].0, self.model.price(tier) * thousandths / 1_000);
                if fan == 4 && asset == 1 {
                    // A token payout needs funds for a record in the token.
                    return Moved::default();
                }
                let fans = self.people[fan];
                let message = messages().subscribe(tier as TierId, fans, split(asset, amount).1, u128::MAX);
                let expected = self.model.join((who, fan), tier, amount, now, false);
                self.send(who, (asset, amount), message, expected)
            }
            Action::TopUp { fan, thousandths, other, below } => {
                let fan = self.model.someone_paying(fan, now);
                let asset = self.model.asset_of(fan);
                let (price, agreed) = (self.model.agreed_price(fan), self.model.tier_of(fan));
                let (amount, tier) = (price * thousandths / 1_000, other.unwrap_or(agreed));
                let most = price - u128::from(below);
                let message = messages().top_up(self.people[fan], tier as TierId, split(asset, amount).1, most);
                let expected = self.model.top_up(fan, (tier, most), amount, now);
                self.send(who, (asset, amount), message, expected)
            }
            Action::Switch { tier, thousandths } => {
                let (asset, amount) = (TIERS[tier].0, self.model.price(tier) * thousandths / 1_000);
                let message = messages().switch_tier(tier as TierId, split(asset, amount).1, u128::MAX);
                let expected = self.model.join((who, who), tier, amount, now, true);
                self.send(who, (asset, amount), message, expected)
            }
            Action::Cancel => {
                let (asset, offered) = (self.model.asset_of(who), self.fixture.refund(self.people[who]));
                assert_eq!(offered, self.model.refund(who, now));
                let expected = self.model.leave(who, now);
                self.get(who, asset, messages().cancel(), expected)
            }
            Action::Withdraw { asset } => {
                let expected = self.model.withdraw(who, asset);
                self.get(who, asset, messages().withdraw(self.asset(asset)), expected)
            }
            Action::Stake { amount } => {
                let expected = self.model.stake(who, amount, now);
                self.send(who, (1, amount), messages().stake(amount), expected)
            }
            Action::Unstake { amount } => {
                let expected = self.model.unstake(who, amount, now);
                self.send(who, (0, 0), messages().unstake(amount), expected)
            }
            Action::UnstakeAll => self.play(who, &Action::Unstake { amount: self.model.staked(who) }),
            Action::WithdrawStake => {
                let expected = self.model.withdraw_stake(who, now);
                self.get(who, 1, messages().withdraw_stake(), expected)
            }
            Action::Collect { tier, max_epochs } => self.collect(who, tier, max_epochs).1,
            Action::Claim { asset, version } => {
                let expected = self.model.claim(who, asset, version);
                self.get(who, asset, messages().claim(self.asset(asset), version as u32), expected)
            }
            Action::ClaimStakeIncome { asset } => self.claim_stake_income(who, asset).1,
            Action::Prune { fan } => {
                let fan = self.model.someone_idle(fan, now);
                let expected = self.model.prune(fan, now);
                self.send(who, (0, 0), messages().prune(self.people[fan]), expected)
            }
            Action::Dismiss { fan } => {
                let fan = self.model.someone_paying(fan, now);
                let expected = self.model.end_by_owner(fan, now);
                self.send(who, (0, 0), messages().end_subscription(self.people[fan]), expected)
            }
            Action::Grant { fan, tier, lasting } => {
                let expected = self.model.grant(fan, tier, now + lasting, now);
                let message = messages().grant(self.people[fan], tier as TierId, now + lasting);
                self.send(who, (0, 0), message, expected)
            }
            Action::Revoke { fan } => {
                let fan = self.model.someone_idle(fan, now);
                let expected = self.model.revoke(fan, now);
                self.send(who, (0, 0), messages().revoke_grant(self.people[fan]), expected)
            }
            Action::Offer { tier, quarters, seats, open } => {
                let price = (TIERS[tier].1 * quarters / 4).max(1);
                self.model.offer(tier, price, seats, open);
                let message = messages().update_tier(tier as TierId, price, seats, open, vec![]);
                self.send(who, (0, 0), message, Ok(()))
            }
            Action::Split { splits } => self.split(who, splits),
            Action::Pause { paused } => {
                self.model.paused = paused;
                self.send(who, (0, 0), messages().set_paused(paused), Ok(()))
            }
        }
    }

    /// Sends `message` with an amount of an asset, which moves unless the call fails.
    fn send<E, Args, T>(
        &mut self,
        who: usize,
        (asset, amount): (usize, u128),
        message: Message<E, Args, Result<T, Box<VaultError>>>,
        expected: Result<T, Box<VaultError>>,
    ) -> Moved
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        T: Decode + std::fmt::Debug + PartialEq,
    {
        let value = if asset == 0 { amount } else { 0 };
        let receipt = self.fixture.env.call(self.people[who], value, message);
        assert_eq!(receipt.value, expected);
        if expected.is_err() {
            assert_eq!(receipt.deposit, 0, "a refusal changed something");
            assert_eq!(receipt.events.len(), 0, "a refusal changed something");
        }
        let mut moved = Moved { deposit: receipt.deposit, ..Moved::default() };
        moved.paid[asset] = if expected.is_ok() { amount } else { 0 };
        moved
    }

    /// Sends `message`, whose answer is the amount of an asset that the caller gets.
    fn get<E, Args>(
        &mut self,
        who: usize,
        asset: usize,
        message: Message<E, Args, Result<u128, Box<VaultError>>>,
        expected: Result<u128, Box<VaultError>>,
    ) -> Moved
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
    {
        let mut moved = self.send(who, (0, 0), message, expected.clone());
        moved.got[asset] = expected.unwrap_or(0);
        moved
    }

    /// Returns whether days are left, and what moved.
    fn collect(&mut self, who: usize, tier: usize, max_epochs: u32) -> (bool, Moved) {
        let message = contracts::vault(self.fixture.vault).collect(tier as TierId, max_epochs);
        let receipt = self.fixture.env.call(self.people[who], 0, message);
        let Settlement { amount, more } = receipt.value.expect("there is such a tier, and its money can be counted");
        self.model.collect(tier, amount, more, self.fixture.now());
        (more, Moved { deposit: receipt.deposit, ..Moved::default() })
    }

    /// Returns whether more is left to claim, and what moved.
    fn claim_stake_income(&mut self, who: usize, asset: usize) -> (bool, Moved) {
        let (vault, of) = (self.fixture.vault, self.asset(asset));
        let result = self.fixture.env.ask(contracts::vault(vault).stake_income_of(self.people[who], of));
        let receipt = self.fixture.env.call(self.people[who], 0, contracts::vault(vault).claim_stake_income(of));
        let amount = receipt.value.clone().unwrap_or(0);
        assert_eq!(amount, result);
        let event = receipt.events.iter().find_map(|event| event.decode::<StakeIncomeClaimed>());
        assert_eq!(event.as_ref().map(|event| event.amount), receipt.value.clone().ok());
        let more = event.is_some_and(|event| event.more);
        self.model.claim_stake_income(who, asset, (receipt.value, more), self.fixture.now());
        let mut moved = Moved { deposit: receipt.deposit, ..Moved::default() };
        moved.got[asset] = amount;
        (more, moved)
    }

    fn split(&mut self, who: usize, splits: usize) -> Moved {
        let now = self.fixture.now();
        let (shares, stakers) = shares(&self.people, splits);
        let message = contracts::vault(self.fixture.vault).set_splits(shares, stakers);
        let receipt = self.fixture.env.call(self.people[who], 0, message);
        if let Err(error) = receipt.value {
            let VaultError::CollectFirst { tier } = *error else { panic!("{error:?}") };
            let swept = self.fixture.tier(tier).expect("it says so").settled_until;
            assert!(swept + 7 * DAY < now, "a week and less is swept on the way");
            return Moved::default();
        }
        let collected = receipt.events.iter().filter_map(|event| event.decode::<Collected>());
        let collected: Vec<_> = collected.map(|event| (event.tier as usize, event.amount)).collect();
        for tier in 0..TIERS.len() {
            let amount = collected.iter().find(|(of, _)| *of == tier).map_or(0, |(_, amount)| *amount);
            self.model.collect(tier, amount, false, now);
        }
        self.model.split(splits);
        Moved { deposit: receipt.deposit, ..Moved::default() }
    }

    /// Asserts that every sum is the model's, and that the vault holds exactly what it owes.
    fn check(&mut self) {
        let vault = self.fixture.vault;
        let held = [self.fixture.env.balance(vault) - EXISTENTIAL_DEPOSIT, self.fixture.env.tokens(self.token, vault)];
        for asset in [0, 1] {
            let owed = self.model.obligations(asset);
            assert_eq!(self.fixture.owed(self.asset(asset)), owed);
            assert_eq!(held[asset], owed.total());
        }
    }
}

/// Parts of the recipients and of the stakers.
fn shares(people: &[AccountId; 5], splits: usize) -> (Vec<Share<AccountId>>, u16) {
    let (parts, stakers) = SPLITS[splits];
    let parts = people.iter().zip(parts).filter(|(_, bp)| *bp > 0);
    (parts.map(|(recipient, bp)| Share { recipient: *recipient, bp }).collect(), stakers)
}

/// Configuration of histories of 50 calls: `PATRONAGE_HISTORIES` cases, or a number that takes seconds.
fn config() -> ProptestConfig {
    let cases = std::env::var("PATRONAGE_HISTORIES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(8),
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_vault_pays_everyone_exactly(
        steps in prop::collection::vec(step(), 50),
        order in order(),
    ) {
        let mut history = History::new();
        for Step { wait, who, action } in steps {
            let to_midnight = DAY - history.fixture.now() % DAY;
            match wait {
                0 => {}
                u64::MAX => history.fixture.wait(to_midnight),
                wait => history.fixture.wait(wait),
            }
            history.act(who, &action);
        }
        history.everyone_leaves(&order);
    }
}

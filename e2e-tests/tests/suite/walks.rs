//! Random sequences of fans' actions: access always follows balances and subscriptions, the contracts hold what they
//! owe, and everyone can leave at the end.

use patronage::contracts;
use patronage_interfaces::{
    registry::Condition,
    token::CreatorToken,
    vault::{Asset, PatronageVault, VaultError},
    AccountId,
};
use proptest::prelude::*;
use psp22::PSP22;
use test_kit::{
    access::{any_of, holds, subscribed},
    histories, tier_terms, token_terms, vault_terms, TestEnv, DAY, TOKEN, UNIT,
};

#[derive(Debug, Clone)]
enum Step {
    Buy { fan: usize, value: u128 },
    Sell { fan: usize, percent: u128 },
    Give { fan: usize, to: usize, percent: u128 },
    Tip { fan: usize, amount: u128 },
    Subscribe { fan: usize, tier: u32, periods: u128 },
    Cancel { fan: usize },
    Collect { tier: u32, days: u32 },
    Wait { ms: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let fan = || 0..3_usize;
    prop_oneof![
        (fan(), UNIT / 3..20 * UNIT).prop_map(|(fan, value)| Step::Buy { fan, value }),
        (fan(), 1..=100_u128).prop_map(|(fan, percent)| Step::Sell { fan, percent }),
        (fan(), fan(), 1..=100_u128).prop_map(|(fan, to, percent)| Step::Give { fan, to, percent }),
        (fan(), 1..UNIT).prop_map(|(fan, amount)| Step::Tip { fan, amount }),
        (fan(), 0..2_u32, 1..4_u128).prop_map(|(fan, tier, periods)| Step::Subscribe { fan, tier, periods }),
        fan().prop_map(|fan| Step::Cancel { fan }),
        (0..2_u32, 0..9_u32).prop_map(|(tier, days)| Step::Collect { tier, days }),
        prop_oneof![1..DAY, 1..40 * DAY].prop_map(|ms| Step::Wait { ms }),
    ]
}

const GRACE: u64 = 3 * DAY;
const PRICES: [u128; 2] = [30 * UNIT + 7, UNIT + 1];

struct Walk {
    env: TestEnv,
    fans: [AccountId; 3],
    token: AccountId,
    vault: AccountId,
    registry: AccountId,
    tipped: [u128; 3],
}

impl Walk {
    fn begin() -> Self {
        let mut env = TestEnv::default();
        let tiers = vec![tier_terms(PRICES[0], 2), tier_terms(PRICES[1], 1)];
        let shares = [(env.creator, 6_667), (env.cleo, 3_333)];
        let (token, vault) = (env.token(&token_terms()), env.vault(&vault_terms(tiers, &shares)));
        let registry = env.registry();
        for rules in [
            [holds(token, 5 * TOKEN)],
            [Condition::Subscribed { vault, level: 2, grace: GRACE }],
            [Condition::Tipped { vault, amount: UNIT }],
            [subscribed(vault, 1)],
        ] {
            env.publish(registry, any_of(&[&rules]));
        }
        let fans = [env.ana, env.ben, env.cleo];
        Self { env, fans, token, vault, registry, tipped: [0; 3] }
    }

    fn tokens(&mut self, fan: usize) -> u128 {
        self.env.ask(contracts::psp22(self.token).balance_of(self.fans[fan]))
    }

    /// Executes a step. The contracts refuse some steps.
    fn take(&mut self, step: &Step) {
        let (token, vault) = (self.token, self.vault);
        match *step {
            Step::Buy { fan, value } => {
                drop(self.env.call(self.fans[fan], value, contracts::sale(token).buy(self.fans[fan], 1, None)));
            }
            Step::Sell { fan, percent } => {
                let tokens = self.tokens(fan) * percent / 100;
                drop(self.env.call(self.fans[fan], 0, contracts::sale(token).sell(tokens, 0)));
            }
            Step::Give { fan, to, percent } => {
                let tokens = self.tokens(fan) * percent / 100;
                let gift = contracts::psp22(token).transfer(self.fans[to], tokens, vec![]);
                self.env.call(self.fans[fan], 0, gift).value.expect("the fan has them");
            }
            Step::Tip { fan, amount } => {
                self.env.call(self.fans[fan], amount, contracts::vault(vault).tip(vec![])).value.expect("it is money");
                self.tipped[fan] += amount;
            }
            Step::Subscribe { fan, tier, periods } => {
                let value = PRICES[tier as usize] * periods;
                let answer = self.env.call(
                    self.fans[fan],
                    value,
                    contracts::vault(vault).subscribe(tier, self.fans[fan], 0, value),
                );
                let held = |error: &VaultError| matches!(error, VaultError::AlreadySubscribed { .. });
                assert!(answer.value.as_ref().map_or_else(|error| held(error), |_| true), "{answer:?}");
            }
            Step::Cancel { fan } => {
                let due = self.env.ask(contracts::vault(vault).refund_of(self.fans[fan]));
                let refund = self.env.call(self.fans[fan], 0, contracts::vault(vault).cancel()).value;
                assert!(refund == Ok(due) || refund == Err(VaultError::NotSubscribed.into()), "{refund:?}, due {due}");
            }
            Step::Collect { tier, days } => {
                let creator = self.env.creator;
                self.env.call(creator, 0, contracts::vault(vault).collect(tier, days)).value.expect("anyone may");
            }
            Step::Wait { ms } => self.env.chain.advance(ms),
        }
    }

    fn assert_access(&mut self) {
        let now = self.env.chain.now();
        for fan in 0..3 {
            let tokens = self.tokens(fan);
            let who = self.fans[fan];
            let held = self.env.ask(contracts::vault(self.vault).fan(who)).subscription;
            let runs = |level: u32, grace: u64| held.is_some_and(|s| 2 - s.tier >= level && now < s.stream.end + grace);
            let expected = [tokens >= 5 * TOKEN, runs(2, GRACE), self.tipped[fan] >= UNIT, runs(1, 0)];
            let found = [0, 1, 2, 3].map(|id| self.env.access(self.registry, id, who).is_granted());
            assert_eq!(found, expected, "fan {fan}");
        }
    }

    fn assert_solvent(&mut self) {
        let owed = self.env.ask(contracts::vault(self.vault).obligations(Asset::Native)).total();
        assert!(self.env.balance(self.vault) >= owed);
        let mut streams = 0;
        for who in self.fans {
            streams += self.env.ask(contracts::vault(self.vault).refund_of(who));
        }
        assert!(owed >= streams);
        let creator = self.env.creator;
        let owed = self.env.ask(contracts::sale(self.token).reserve())
            + self.env.ask(contracts::sale(self.token).claimable(creator));
        assert!(self.env.balance(self.token) >= owed);
    }

    fn everyone_leaves(&mut self) {
        for (fan, who) in self.fans.into_iter().enumerate() {
            let tokens = self.tokens(fan);
            if tokens > 0 {
                // Tokens that bring no payout cannot be sold, and nobody has a claim to them.
                let worth = self.env.ask(contracts::sale(self.token).quote_sell(tokens)).is_ok();
                let sold = self.env.call(who, 0, contracts::sale(self.token).sell(tokens, 0)).value;
                assert_eq!(sold.is_ok(), worth, "{sold:?}");
            }
            if self.env.ask(contracts::vault(self.vault).fan(who)).subscription.is_some() {
                self.env.call(who, 0, contracts::vault(self.vault).cancel()).value.expect("leaving is always possible");
            }
        }
        self.assert_access();
        self.assert_solvent();
        self.env.chain.advance(2 * DAY);
        let creator = self.env.creator;
        for tier in [0, 1] {
            self.env.call(creator, 0, contracts::vault(self.vault).collect(tier, u32::MAX)).value.expect("anyone may");
        }
        let obligations = self.env.ask(contracts::vault(self.vault).obligations(Asset::Native));
        assert_eq!(obligations.streams, 0, "all that was paid is refunded or collected");
        for who in [creator, self.env.cleo] {
            let due = self.env.ask(contracts::vault(self.vault).claimable_of(who, Asset::Native, 0));
            let claimed = self.env.call(who, 0, contracts::vault(self.vault).claim(Asset::Native, 0)).value;
            assert!(
                claimed == Ok(due) || (due == 0 && claimed == Err(VaultError::NothingToClaim.into())),
                "{claimed:?}"
            );
        }
        let left = self.env.ask(contracts::vault(self.vault).obligations(Asset::Native));
        assert!(left.total() < 2, "{left:?}");
    }
}

proptest! {
    #![proptest_config(histories(6))]

    #[test]
    fn access_follows_holdings_and_the_books_balance_on_any_walk(steps in prop::collection::vec(step(), 1..20)) {
        let mut walk = Walk::begin();
        for step in &steps {
            walk.take(step);
            walk.assert_access();
            walk.assert_solvent();
        }
        walk.everyone_leaves();
    }
}

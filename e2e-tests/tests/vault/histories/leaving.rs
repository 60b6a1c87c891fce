//! The end of a history: everyone withdraws everything.

use super::*;

impl History {
    /// Everyone withdraws everything, in this order and as often as needed. What is collected on the third day from now
    /// is claimed on the sixth.
    pub fn everyone_leaves(&mut self, order: &[usize]) {
        let mut actions = Vec::new();
        for who in 0..5 {
            let of = |asset| Action::Withdraw { asset };
            actions.extend([Action::Cancel, of(0), of(1), Action::UnstakeAll, Action::WithdrawStake].map(|a| (who, a)));
            // All tiers and all versions, one after the other.
            actions.push((who, Action::Collect { tier: who, max_epochs: 2_000 }));
            actions.push((who, Action::Claim { asset: 0, version: 0 }));
            // Both assets.
            actions.push((who, Action::ClaimStakeIncome { asset: 0 }));
        }
        for (who, account) in self.people.into_iter().enumerate() {
            assert_eq!(self.fixture.standing(account), self.model.standing(who));
        }
        for _ in 0..3 {
            for (who, action) in order.iter().map(|index| &actions[*index]) {
                match action {
                    // Most people have nothing to withdraw in most of these ways.
                    Action::Cancel if !self.model.holds(*who) => {}
                    Action::Withdraw { asset } if !self.model.waits(*who, *asset) => {}
                    Action::UnstakeAll if self.model.staked(*who) == 0 => {}
                    Action::WithdrawStake if !self.model.unstaking(*who) => {}
                    Action::Collect { tier, max_epochs } => while self.collect(0, *tier, *max_epochs).0 {},
                    Action::Claim { .. } => self.claim_all(*who),
                    Action::ClaimStakeIncome { .. } => self.claim_all_stake_income(*who),
                    action => self.act(*who, action),
                }
            }
            self.fixture.wait(COOLDOWN);
        }
        self.check();
        for tier in 0..TIERS.len() {
            let held = self.fixture.tier(tier as TierId).expect("it was offered from the start");
            assert_eq!(held.taken, 0);
            assert_eq!(held.unsettled, 0);
        }
        for asset in [0, 1] {
            let owed = self.asset(asset);
            let Obligations { streams, unclaimed, credits, stakes } = self.fixture.owed(owed);
            assert_eq!(streams, 0, "refunds, stakes and earnings are all that came in");
            assert_eq!(credits, 0, "refunds, stakes and earnings are all that came in");
            assert_eq!(stakes, 0, "refunds, stakes and earnings are all that came in");
            assert!(unclaimed <= self.model.most_dust(asset), "only fractions of a unit are left");
        }
    }

    fn claim_all_stake_income(&mut self, who: usize) {
        for asset in [0, 1] {
            // The last person has never staked.
            while who < 4
                && (self.model.stakers.waits(who, asset) || self.model.stakers.is_open(asset, self.fixture.now()))
            {
                self.act(who, &Action::ClaimStakeIncome { asset });
            }
        }
    }

    fn claim_all(&mut self, who: usize) {
        for version in 0..self.model.versions() {
            for asset in [0, 1] {
                // The last person has no part of the income.
                if who < 4 && self.model.due(who, asset, version) > 0 {
                    self.act(who, &Action::Claim { asset, version });
                }
            }
        }
    }
}

//! What transactions take from the account that sends them, and whether it has that.

use std::fmt;

use crate::{units::Unit, Chain, ChainError, Outcome};

/// Native money of an account, in planck.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funds {
    /// What is not on hold, for deposits and the like.
    pub free: u128,
    /// What of the free money can't leave the account, as it is locked or keeps the account in existence.
    pub kept: u128,
}

/// What a transaction takes from its sender, in planck.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// What goes along with it.
    pub value: u128,
    /// Its fee at most.
    pub fee: u128,
    /// Its storage deposit.
    pub deposit: u128,
    /// What has to be in the account beside the rest, and stays there.
    pub beside: u128,
}

impl Needs {
    /// What a transaction with this `value` and `outcome` takes on a chain with this `existential_deposit`, which
    /// `pallet-contracts` wants to see a second time beside each deposit.
    pub fn of(value: u128, outcome: &Outcome, existential_deposit: u128) -> Self {
        Self::new(value, outcome.fee, u128::try_from(outcome.deposit).unwrap_or(0), existential_deposit)
    }

    /// What a transaction takes with this `value`, `fee` and storage `deposit`.
    pub fn new(value: u128, fee: u128, deposit: u128, existential_deposit: u128) -> Self {
        Self { value, fee, deposit, beside: if deposit > 0 { existential_deposit } else { 0 } }
    }

    /// What leaves the account.
    fn leaves(&self) -> u128 {
        self.value.saturating_add(self.fee).saturating_add(self.deposit)
    }

    /// Both, one after the other.
    fn and(&self, then: &Self) -> Self {
        Self {
            value: self.value.saturating_add(then.value),
            fee: self.fee.saturating_add(then.fee),
            deposit: self.deposit.saturating_add(then.deposit),
            beside: self.beside.max(then.beside),
        }
    }
}

/// That an account does not have what a transaction takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// What it has.
    pub funds: Funds,
    /// What it would take.
    pub needs: Needs,
    /// Whether it takes more storage deposit than the account has, so that nobody knows how much.
    pub more: bool,
    /// The chain's own token.
    pub unit: Unit,
}

impl Shortfall {
    /// What is missing, in planck.
    pub fn missing(&self) -> u128 {
        let stays = self.funds.kept.saturating_add(self.needs.beside);
        self.needs.leaves().saturating_add(stays).saturating_sub(self.funds.free)
    }
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { funds, needs, more, unit } = self;
        let least = if *more { "at least " } else { "" };
        write!(f, "this takes {least}{}", unit.format(needs.leaves()))?;
        let parts = [(needs.value, "to pay"), (needs.fee, "of fees at most"), (needs.deposit, "of storage deposit")];
        let parts: Vec<_> = parts
            .iter()
            .filter(|(planck, _)| *planck > 0)
            .map(|(planck, what)| format!("{} {what}", unit.format(*planck)))
            .collect();
        if parts.len() > 1 {
            write!(f, " ({})", parts.join(", "))?;
        }
        let stays = funds.kept.saturating_add(needs.beside);
        if *more {
            let left = funds.free.saturating_sub(stays).saturating_sub(needs.leaves());
            write!(f, " and more than {} of storage deposit", unit.format(left))?;
        }
        write!(f, ", and the account has {}", unit.format(funds.free))?;
        if stays > 1 {
            write!(f, " ({} must stay in it)", unit.format(stays))?;
        }
        match (self.missing(), more) {
            (0, _) => f.write_str(": get more money first, or take less"),
            (missing, true) => write!(f, ": get more than {} more first, or take less", unit.format(missing)),
            (missing, false) => write!(f, ": get {} more first, or take less", unit.format(missing)),
        }
    }
}

/// Whether an account that has `funds` can pay what it `needs`.
///
/// # Errors
///
/// The shortfall.
pub fn affords(funds: Funds, needs: Needs, unit: &Unit) -> Result<(), ChainError> {
    let shortfall = Shortfall { funds, needs, more: false, unit: unit.clone() };
    match shortfall.missing() {
        0 => Ok(()),
        _ => Err(ChainError::Funds(Box::new(shortfall))),
    }
}

/// Money of an account for several transactions, of which each finds what those before it left.
pub struct Purse {
    funds: Funds,
    needs: Needs,
    unit: Unit,
    existential_deposit: u128,
}

impl Purse {
    /// That of `who`.
    ///
    /// # Errors
    ///
    /// When the chain gives no answer.
    pub fn of(chain: &mut dyn Chain, who: &patronage_interfaces::AccountId) -> Result<Self, ChainError> {
        let existential_deposit = chain.properties().existential_deposit;
        let unit = chain.properties().unit();
        Ok(Self { funds: chain.funds_of(who)?, needs: Needs::default(), unit, existential_deposit })
    }

    /// Whether all that was paid so far and a transaction with this `value` can be paid, whatever else that takes.
    ///
    /// # Errors
    ///
    /// The shortfall.
    pub fn has(&self, value: u128) -> Result<(), ChainError> {
        affords(self.funds, self.needs.and(&Needs { value, ..Needs::default() }), &self.unit)
    }

    /// Pays for a transaction with this `value` and `outcome`. Deposits that come back are not counted on.
    ///
    /// # Errors
    ///
    /// The shortfall.
    pub fn pay(&mut self, value: u128, outcome: &Outcome) -> Result<(), ChainError> {
        self.pay_for(Needs::of(value, outcome, self.existential_deposit))
    }

    /// Pays for a transaction that can't be tried yet, and takes at most this `fee` and `deposit`.
    ///
    /// # Errors
    ///
    /// The shortfall.
    pub fn pay_at_most(&mut self, fee: u128, deposit: u128) -> Result<(), ChainError> {
        self.pay_for(Needs::new(0, fee, deposit, self.existential_deposit))
    }

    fn pay_for(&mut self, needs: Needs) -> Result<(), ChainError> {
        self.needs = self.needs.and(&needs);
        affords(self.funds, self.needs, &self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit() -> Unit {
        Unit::of_token("UNIT", 2)
    }

    #[test]
    fn to_the_planck_it_suffices_or_says_how_much_is_missing() {
        let needs = Needs::new(1_000, 20, 300, 10);
        for (free, missing) in [(1_340, 0), (1_339, 1), (1_341, 0), (0, 1_340)] {
            let answer = affords(Funds { free, kept: 10 }, needs, &unit());
            match missing {
                0 => answer.unwrap(),
                _ => match answer.unwrap_err() {
                    ChainError::Funds(shortfall) => assert_eq!(shortfall.missing(), missing),
                    other => panic!("{other}"),
                },
            }
        }
    }

    #[test]
    fn a_shortfall_says_what_it_takes_and_what_there_is() {
        let funds = Funds { free: 1_100, kept: 10 };
        let shortfall = Shortfall { funds, needs: Needs::new(1_000, 20, 300, 10), more: false, unit: unit() };
        assert_eq!(
            shortfall.to_string(),
            "this takes 13.2 UNIT (10 UNIT to pay, 0.2 UNIT of fees at most, 3 UNIT of storage deposit), and the \
             account has 11 UNIT (0.2 UNIT must stay in it): get 2.4 UNIT more first, or take less"
        );
        let needs = Needs { beside: 10, ..Needs::new(1_000, 20, 0, 0) };
        assert_eq!(
            Shortfall { needs, more: true, ..shortfall }.to_string(),
            "this takes at least 10.2 UNIT (10 UNIT to pay, 0.2 UNIT of fees at most) and more than 0.6 UNIT of storage \
             deposit, and the account has 11 UNIT (0.2 UNIT must stay in it): get more money first, or take less"
        );
    }
}

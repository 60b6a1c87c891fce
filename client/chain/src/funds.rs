//! The funds that transactions need, and checks that the sender has them.

use std::fmt;

use crate::{units::Unit, Chain, ChainError, Outcome};

/// The native balance of an account, in planck.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funds {
    /// The free balance, without holds such as deposits.
    pub free: u128,
    /// The part of the free balance that can't leave the account, because it is locked or is the existential deposit.
    pub locked: u128,
}

/// The amounts that a transaction needs from its sender, in planck.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// The transferred value.
    pub value: u128,
    /// The maximum fee.
    pub fee: u128,
    /// The storage deposit.
    pub deposit: u128,
    /// An amount that must be in the account in addition, and stays there.
    pub minimum_left: u128,
}

impl Needs {
    /// The needs of a transaction with this `value` and `outcome`. `pallet-contracts` requires the `existential_deposit` a second time if
    /// there is a storage deposit.
    pub fn of(value: u128, outcome: &Outcome, existential_deposit: u128) -> Self {
        Self::new(value, outcome.fee, u128::try_from(outcome.deposit).unwrap_or(0), existential_deposit)
    }

    /// The needs of a transaction with this `value`, `fee` and storage `deposit`.
    pub fn new(value: u128, fee: u128, deposit: u128, existential_deposit: u128) -> Self {
        Self { value, fee, deposit, minimum_left: if deposit > 0 { existential_deposit } else { 0 } }
    }

    /// The amount that leaves the account.
    fn total(&self) -> u128 {
        self.value.saturating_add(self.fee).saturating_add(self.deposit)
    }

    /// The needs of both transactions, one after the other.
    fn and(&self, then: &Self) -> Self {
        Self {
            value: self.value.saturating_add(then.value),
            fee: self.fee.saturating_add(then.fee),
            deposit: self.deposit.saturating_add(then.deposit),
            minimum_left: self.minimum_left.max(then.minimum_left),
        }
    }
}

/// The account does not have the amounts that a transaction needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// The funds of the account.
    pub funds: Funds,
    /// The needs of the transaction.
    pub needs: Needs,
    /// Whether the storage deposit exceeds the funds, so that its amount is unknown.
    pub unknown_deposit: bool,
    /// Unit of the chain's own token.
    pub unit: Unit,
}

impl Shortfall {
    /// The missing amount in planck.
    pub fn missing(&self) -> u128 {
        let stays = self.funds.locked.saturating_add(self.needs.minimum_left);
        self.needs.total().saturating_add(stays).saturating_sub(self.funds.free)
    }
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { funds, needs, unknown_deposit, unit } = self;
        let least = if *unknown_deposit { "at least " } else { "" };
        write!(f, "insufficient balance: this needs {least}{}", unit.format(needs.total()))?;
        let parts = [(needs.value, "to pay"), (needs.fee, "of fees at most"), (needs.deposit, "of storage deposit")];
        let parts: Vec<_> = parts
            .iter()
            .filter(|(planck, _)| *planck > 0)
            .map(|(planck, what)| format!("{} {what}", unit.format(*planck)))
            .collect();
        if parts.len() > 1 {
            write!(f, " ({})", parts.join(", "))?;
        }
        let stays = funds.locked.saturating_add(needs.minimum_left);
        if *unknown_deposit {
            let left = funds.free.saturating_sub(stays).saturating_sub(needs.total());
            write!(f, " and more than {} of storage deposit", unit.format(left))?;
        }
        write!(f, ", and the account has {}", unit.format(funds.free))?;
        if stays > 1 {
            write!(f, " ({} must stay in it)", unit.format(stays))?;
        }
        match (self.missing(), unknown_deposit) {
            (0, _) => f.write_str("; get more money first, or choose a smaller amount"),
            (missing, true) => {
                write!(f, "; get more than {} more first, or choose a smaller amount", unit.format(missing))
            }
            (missing, false) => write!(f, "; get {} more first, or choose a smaller amount", unit.format(missing)),
        }
    }
}

/// Checks that an account with these `funds` can pay `needs`.
///
/// # Errors
///
/// [`ChainError::Funds`] with the shortfall.
pub fn affords(funds: Funds, needs: Needs, unit: &Unit) -> Result<(), ChainError> {
    let shortfall = Shortfall { funds, needs, unknown_deposit: false, unit: unit.clone() };
    match shortfall.missing() {
        0 => Ok(()),
        _ => Err(ChainError::Funds(Box::new(shortfall))),
    }
}

/// The funds of an account for several transactions in a row.
pub struct Budget {
    funds: Funds,
    needs: Needs,
    unit: Unit,
    existential_deposit: u128,
}

impl Budget {
    /// The funds of `who`.
    ///
    /// # Errors
    ///
    /// If the chain returns no answer.
    pub fn of(chain: &mut dyn Chain, who: &patronage_interfaces::AccountId) -> Result<Self, ChainError> {
        let existential_deposit = chain.properties().existential_deposit;
        let unit = chain.properties().unit();
        Ok(Self { funds: chain.funds_of(who)?, needs: Needs::default(), unit, existential_deposit })
    }

    /// Checks that the account can pay a transaction with this `value`, without its fee and deposit.
    ///
    /// # Errors
    ///
    /// The shortfall.
    pub fn has(&self, value: u128) -> Result<(), ChainError> {
        affords(self.funds, self.needs.and(&Needs { value, ..Needs::default() }), &self.unit)
    }

    /// Reserves the needs of a transaction with this `value` and `outcome`. Returned deposits are not added.
    ///
    /// # Errors
    ///
    /// The shortfall.
    pub fn pay(&mut self, value: u128, outcome: &Outcome) -> Result<(), ChainError> {
        self.pay_for(Needs::of(value, outcome, self.existential_deposit))
    }

    /// Reserves the needs of a transaction that can't be dry-run yet, with bounds for its `fee` and `deposit`.
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
    fn a_shortfall_is_exact_to_the_planck() {
        let needs = Needs::new(1_000, 20, 300, 10);
        for (free, missing) in [(1_340, 0), (1_339, 1), (1_341, 0), (0, 1_340)] {
            let answer = affords(Funds { free, locked: 10 }, needs, &unit());
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
    fn a_shortfall_shows_the_needs_and_the_funds() {
        let funds = Funds { free: 1_100, locked: 10 };
        let shortfall =
            Shortfall { funds, needs: Needs::new(1_000, 20, 300, 10), unknown_deposit: false, unit: unit() };
        assert_eq!(
            shortfall.to_string(),
            "insufficient balance: this needs 13.2 UNIT (10 UNIT to pay, 0.2 UNIT of fees at most, 3 UNIT of storage \
             deposit), and the account has 11 UNIT (0.2 UNIT must stay in it); get 2.4 UNIT more first, or choose a smaller \
             amount"
        );
        let needs = Needs { minimum_left: 10, ..Needs::new(1_000, 20, 0, 0) };
        assert_eq!(
            Shortfall { needs, unknown_deposit: true, ..shortfall }.to_string(),
            "insufficient balance: this needs at least 10.2 UNIT (10 UNIT to pay, 0.2 UNIT of fees at most) and more than 0.6 \
             UNIT of storage deposit, and the account has 11 UNIT (0.2 UNIT must stay in it); get more money first, or \
             choose a smaller amount"
        );
    }
}

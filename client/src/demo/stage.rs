//! The chain with the suite on it, and calls that say in words what went wrong.

use std::fmt::Display;

use ink::scale::{Decode, Encode};
use patronage_interfaces::{
    registry::{Access, ContentRegistry},
    token::{CreatorToken, SaleError, Trade},
    vault::{Asset, PatronageVault, TierId},
    AccountId, PatronageEnvironment as Env,
};
use psp22::PSP22;

use super::people::People;
use crate::{
    embedded::{EmbeddedChain, Message},
    explain::{self, TokenUnit},
    suite::{self, Suite},
    units::NATIVE_DECIMALS,
};

/// Native units that everyone brings along, at least: enough for storage deposits and small purchases.
const POCKET_MONEY: u128 = 1_000;

/// The chain, who is on it, and the creator's contracts.
pub struct Stage {
    /// The chain.
    pub chain: EmbeddedChain,
    /// The cast.
    pub people: People,
    /// The contracts.
    pub suite: Suite,
    /// The creator token's symbol and decimals.
    pub unit: TokenUnit,
}

/// How many days one call of `collect` sweeps: a year fits a block many times over.
const DAYS_AT_ONCE: u32 = 366;

/// The first thing that is not as told, in words.
pub type Told<T> = Result<T, String>;

impl Stage {
    /// Sends a message that must reach the contract; the contract's own answer comes back.
    ///
    /// Checks that nothing but `value`, the storage deposit and what the contract `pays` by its answer moved from or to the
    /// sender.
    pub fn send<Args: Encode, R: Decode>(
        &mut self,
        from: AccountId,
        value: u128,
        message: Message<Env, Args, R>,
        pays: impl FnOnce(&R) -> u128,
    ) -> Told<R> {
        let before = signed(self.balance(from))?;
        let receipt = self.chain.call(&from, value, message).map_err(words)?;
        let after = signed(self.balance(from))?;
        let moved = after.checked_sub(before).ok_or(TOO_LARGE)?;
        let paid = signed(pays(&receipt.value))?;
        let told =
            paid.checked_sub(signed(value)?).and_then(|sum| sum.checked_sub(receipt.deposit)).ok_or(TOO_LARGE)?;
        expect(&format!("what {} has more or less", self.people.name(&from)), moved, told)?;
        Ok(receipt.value)
    }

    /// Asks something that changes nothing.
    pub fn ask<Args: Encode, R: Decode>(&mut self, message: Message<Env, Args, R>) -> Told<R> {
        self.chain.ask(message).map_err(words)
    }

    /// Gives `who` pocket money, and `amount` planck on top.
    pub fn give(&mut self, who: AccountId, amount: u128) -> Told<()> {
        let pocket = POCKET_MONEY * 10_u128.pow(u32::from(NATIVE_DECIMALS));
        self.chain.fund(&who, amount.saturating_add(pocket)).map_err(words)
    }

    /// Free native balance of `who`.
    pub fn balance(&mut self, who: AccountId) -> u128 {
        self.chain.balance(&who)
    }

    /// Creator tokens of `who`, in smallest units.
    pub fn tokens(&mut self, who: AccountId) -> Told<u128> {
        self.ask(suite::psp22(self.suite.token).balance_of(who))
    }

    /// Sells `tokens` of `who` at the price of now, and checks quote and payment to the unit.
    pub fn sell(&mut self, who: AccountId, tokens: u128) -> Told<Trade> {
        let unit = self.unit.clone();
        let sale = |error: Box<SaleError>| explain::sale(&error, &unit);
        let quote = self.ask(suite::sale(self.suite.token).quote_sell(tokens))?.map_err(sale)?;
        let reserve = self.ask(suite::sale(self.suite.token).reserve())?;
        let message = suite::sale(self.suite.token).sell(tokens, quote.amount);
        let sold = self.send(who, 0, message, |sold| sold.as_ref().map_or(0, |sold| sold.amount))?.map_err(sale)?;
        expect("selling brings what was quoted", sold, quote)?;
        let after = self.ask(suite::sale(self.suite.token).reserve())?;
        // Both were native amounts a moment ago.
        expect("the reserve pays seller and fee", reserve.saturating_sub(after), sold.amount.saturating_add(sold.fee))?;
        Ok(sold)
    }

    /// What the vault would pay `who` now from its first splits, in planck.
    pub fn claimable(&mut self, who: AccountId) -> Told<u128> {
        self.ask(suite::vault(self.suite.vault).claimable_of(who, Asset::Native, 0))
    }

    /// What the running and expired subscriptions of the fans to `tier` have earned, one by one, in planck.
    pub fn earned(&mut self, tier: TierId) -> Told<u128> {
        let mut earned = 0_u128;
        for fan in self.people.fans() {
            let Some(subscription) = self.ask(suite::vault(self.suite.vault).fan(fan))?.subscription else { continue };
            if subscription.tier == tier {
                let refund = self.ask(suite::vault(self.suite.vault).refund_of(fan))?;
                earned = subscription
                    .stream
                    .paid
                    .checked_sub(refund)
                    .and_then(|part| earned.checked_add(part))
                    .ok_or(TOO_LARGE)?;
            }
        }
        Ok(earned)
    }

    /// `who` sweeps all that `tier` has earned into the income; returns how much, in planck.
    pub fn collect(&mut self, who: AccountId, tier: TierId) -> Told<u128> {
        let mut collected = 0_u128;
        loop {
            let message = suite::vault(self.suite.vault).collect(tier, DAYS_AT_ONCE);
            let sweep = self.send(who, 0, message, |_| 0)?.map_err(|error| explain::vault(&error))?;
            collected = collected.checked_add(sweep.amount).ok_or(TOO_LARGE)?;
            if !sweep.more {
                return Ok(collected);
            }
        }
    }

    /// `who` has the vault collect the token's fees; returns how much, in planck, and 0 where there are none.
    pub fn collect_fees(&mut self, who: AccountId) -> Told<u128> {
        let Suite { token, vault, .. } = self.suite;
        let waiting = self.ask(suite::sale(token).claimable(vault))?;
        if waiting > 0 {
            let collected = self.send(who, 0, suite::vault(vault).collect_sale_fees(), |_| 0)?;
            expect("all fees are collected", collected.map_err(|error| explain::vault(&error))?, waiting)?;
        }
        Ok(waiting)
    }

    /// `who` takes what waits in the vault; returns how much, in planck, and 0 where nothing does.
    pub fn claim(&mut self, who: AccountId) -> Told<u128> {
        let waiting = self.claimable(who)?;
        if waiting > 0 {
            let message = suite::vault(self.suite.vault).claim(Asset::Native, 0);
            let claimed = self.send(who, 0, message, |claimed| *claimed.as_ref().unwrap_or(&0))?;
            expect("a claim pays what waits", claimed.map_err(|error| explain::vault(&error))?, waiting)?;
        }
        Ok(waiting)
    }

    /// `who` cancels; returns the refund in planck.
    pub fn cancel(&mut self, who: AccountId) -> Told<u128> {
        let owed = self.ask(suite::vault(self.suite.vault).refund_of(who))?;
        let refund =
            self.send(who, 0, suite::vault(self.suite.vault).cancel(), |refund| *refund.as_ref().unwrap_or(&0))?;
        let refund = refund.map_err(|error| explain::vault(&error))?;
        expect("cancelling refunds all that is not yet earned", refund, owed)?;
        Ok(refund)
    }

    /// The registry's answer for `who`, which must be the same from both of its messages.
    pub fn access(&mut self, content: u32, who: AccountId) -> Told<Access> {
        let access = self.ask(suite::registry(self.suite.registry).check(content, who))?;
        let access = access.map_err(|error| explain::registry(&error))?;
        let granted = self.ask(suite::registry(self.suite.registry).has_access(content, who))?;
        expect("check and has_access agree", access.is_granted(), granted)?;
        Ok(access)
    }
}

const TOO_LARGE: &str = "an amount is too large to be told";

fn signed(amount: u128) -> Told<i128> {
    i128::try_from(amount).map_err(|_| TOO_LARGE.to_owned())
}

/// Ends the story unless `found` is what was `told`.
pub fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, told: T) -> Told<()> {
    match found == told {
        true => Ok(()),
        false => Err(format!("{what}: expected {told:?}, found {found:?}")),
    }
}

/// Anything that knows its words.
pub fn words(error: impl Display) -> String {
    error.to_string()
}

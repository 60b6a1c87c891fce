//! The chain with the suite on it, and calls that say in words what went wrong.

use std::fmt::Display;

use ink::scale::{Decode, Encode};
use patronage::{
    actions::{income, subscriptions, token},
    deployment::Deployment,
    explain,
    plan::{Done, Plan},
    session::{Failure, Session},
    suite::{self, Suite},
};
use patronage_chain::{units::Units, ContractEvent, Message, Messages};
use patronage_embedded::{EmbeddedChain, NATIVE_DECIMALS};
use patronage_interfaces::{
    registry::{Access, ContentRegistry},
    token::{CreatorToken, Sold},
    vault::{Asset, Collected, Paid, PatronageVault, TierId},
    AccountId, PatronageEnvironment as Env,
};
use psp22::PSP22;

use super::people::People;

/// Native units that everyone brings along, at least: enough for storage deposits and small purchases.
const POCKET_MONEY: u128 = 1_000;

/// The chain, who is on it, and the creator's contracts.
pub struct Stage {
    /// The chain.
    pub chain: EmbeddedChain,
    /// The cast.
    pub people: People,
    /// The contracts.
    pub deployment: Deployment,
    /// How amounts are written.
    pub units: Units,
}

/// The first thing that is not as told, in words.
pub type Told<T> = Result<T, String>;

/// What came of a plan.
pub struct Acted {
    /// Planck that came to the sender, or left it where negative, deposits left out.
    pub moved: i128,
    events: Vec<ContractEvent>,
}

impl Acted {
    /// The first event of this kind.
    pub fn event<T: ink::env::Event + Decode>(&self) -> Told<T> {
        self.events
            .iter()
            .find_map(ContractEvent::decode)
            .ok_or_else(|| "a contract did not tell what it did".to_owned())
    }

    /// What was collected, in planck.
    fn collected(&self) -> Told<u128> {
        let mut collected = self.events.iter().filter_map(|event| event.decode::<Collected>());
        collected.try_fold(0_u128, |sum, event| sum.checked_add(event.amount)).ok_or_else(|| TOO_LARGE.to_owned())
    }
}

impl Stage {
    /// The contracts.
    pub fn suite(&self) -> Suite {
        self.deployment.suite
    }

    /// Carries out for `who` what `make` plans, as the command does: tried first, then sent. The failure comes back where it
    /// is refused.
    ///
    /// Nothing but what is told as moved, and the storage deposit, may have moved from or to `who`.
    pub fn act(
        &mut self,
        who: AccountId,
        make: impl FnOnce(&mut Session<'_>) -> Result<Plan, Failure>,
    ) -> Result<Acted, Failure> {
        let before = self.balance(who);
        let (deployment, units) = (self.deployment.clone(), self.units.clone());
        let mut session = Session::with_units(&mut self.chain, deployment, units);
        let plan = make(&mut session)?;
        let quoted = plan.preview(&mut session, &who)?;
        let Done { cost, events } = plan.execute(&mut session, &who.into())?;
        if quoted.fee != cost.fee {
            return Err(Failure::Request(format!("a fee of {} was quoted, and {} were taken", quoted.fee, cost.fee)));
        }
        let moved = signed(self.balance(who)).and_then(|after| Ok((after, signed(before)?)));
        let (after, before) = moved.map_err(Failure::Request)?;
        let moved = after.checked_sub(before).and_then(|moved| moved.checked_add(cost.deposit));
        let moved = moved.ok_or_else(|| Failure::Request(TOO_LARGE.to_owned()))?;
        Ok(Acted { moved, events })
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
        self.ask(suite::psp22(self.suite().token).balance_of(who))
    }

    /// Sells `tokens` of `who` at the price of now, and checks quote and payment to the unit.
    pub fn sell(&mut self, who: AccountId, tokens: u128) -> Told<Sold> {
        let units = self.units.clone();
        let quote = self.ask(suite::sale(self.suite().token).quote_sell(tokens))?;
        let quote = quote.map_err(|error| explain::sale(&error, &units))?;
        let reserve = self.ask(suite::sale(self.suite().token).reserve())?;
        let acted = self.act(who, |session| token::sell(session, tokens, Some(quote.amount))).map_err(words)?;
        let sold: Sold = acted.event()?;
        expect("selling brings what was quoted", (sold.payout, sold.fee), (quote.amount, quote.fee))?;
        expect("the seller is paid", acted.moved, signed(sold.payout)?)?;
        let after = self.ask(suite::sale(self.suite().token).reserve())?;
        // Both were native amounts a moment ago.
        let left = reserve.saturating_sub(after);
        expect("the reserve pays seller and fee", left, sold.payout.saturating_add(sold.fee))?;
        Ok(sold)
    }

    /// What the vault would pay `who` now from its first splits, in planck.
    pub fn claimable(&mut self, who: AccountId) -> Told<u128> {
        self.ask(suite::vault(self.suite().vault).claimable_of(who, Asset::Native, 0))
    }

    /// What the running and expired subscriptions of the fans to `tier` have earned, one by one, in planck.
    pub fn earned(&mut self, tier: TierId) -> Told<u128> {
        let mut earned = 0_u128;
        for fan in self.people.fans() {
            let Some(subscription) = self.ask(suite::vault(self.suite().vault).fan(fan))?.subscription else {
                continue;
            };
            if subscription.tier == tier {
                let period = self.ask(suite::vault(self.suite().vault).tier(tier))?.map_or(0, |tier| tier.terms.period);
                let stream = subscription.stream;
                earned = stream
                    .paid
                    .checked_sub(stream.unearned(period, self.chain.now()))
                    .and_then(|part| earned.checked_add(part))
                    .ok_or(TOO_LARGE)?;
            }
        }
        Ok(earned)
    }

    /// `who` sweeps all that `tier` has earned into the income; returns how much, in planck, and 0 where there is nothing.
    pub fn collect(&mut self, who: AccountId, tier: TierId) -> Told<u128> {
        let acted = match self.act(who, |session| income::collect(session, who, &[tier])) {
            Err(Failure::Request(_)) => return Ok(0),
            other => other.map_err(words)?,
        };
        acted.collected()
    }

    /// `who` has the vault collect everything that is left, the token's fees too; returns these, in planck.
    pub fn collect_fees(&mut self, who: AccountId) -> Told<u128> {
        let Suite { token, vault, .. } = self.suite();
        let waiting = self.ask(suite::sale(token).claimable(vault))?;
        if waiting > 0 {
            let acted = self.act(who, |session| income::collect(session, who, &[])).map_err(words)?;
            expect("all fees are collected", acted.event::<Paid>()?.amount, waiting)?;
        }
        Ok(waiting)
    }

    /// `who` takes what waits in the vault; returns how much, in planck, and 0 where nothing does.
    pub fn claim(&mut self, who: AccountId) -> Told<u128> {
        let waiting = self.claimable(who)?;
        if waiting > 0 {
            let acted = self.act(who, |session| income::claim(session, who, &[])).map_err(words)?;
            expect("a claim pays what waits", acted.moved, signed(waiting)?)?;
        }
        Ok(waiting)
    }

    /// What time has not earned of the subscription of `who` and cancelling now would not refund, for the minimum stay, in planck.
    pub fn kept(&mut self, who: AccountId) -> Told<u128> {
        let vault = self.suite().vault;
        let Some(held) = self.ask(suite::vault(vault).fan(who))?.subscription else { return Ok(0) };
        let period = self.ask(suite::vault(vault).tier(held.tier))?.map_or(0, |tier| tier.terms.period);
        let refund = self.ask(suite::vault(vault).refund_of(who))?;
        Ok(held.stream.unearned(period, self.chain.now()).saturating_sub(refund))
    }

    /// `who` cancels; returns the refund in planck.
    pub fn cancel(&mut self, who: AccountId) -> Told<u128> {
        let owed = self.ask(suite::vault(self.suite().vault).refund_of(who))?;
        let acted = self.act(who, |session| subscriptions::cancel(session, who)).map_err(words)?;
        expect("cancelling refunds what was quoted", acted.moved, signed(owed)?)?;
        Ok(owed)
    }

    /// The registry's answer for `who`, which must be the same from both of its messages.
    pub fn access(&mut self, content: u32, who: AccountId) -> Told<Access> {
        let access = self.ask(suite::registry(self.suite().registry).check(content, who))?;
        let access = access.map_err(|error| explain::registry(&error, &self.units.native))?;
        let granted = self.ask(suite::registry(self.suite().registry).has_access(content, who))?;
        expect("check and has_access agree", access.is_granted(), granted)?;
        Ok(access)
    }
}

const TOO_LARGE: &str = "an amount is too large to be told";

/// `amount` as a change of a balance.
pub fn signed(amount: u128) -> Told<i128> {
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

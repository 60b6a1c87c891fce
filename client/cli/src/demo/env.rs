//! The environment of the demo: the chain, the accounts and the contracts. Errors are text.

use std::fmt::Display;

use ink::scale::{Decode, Encode};
use patronage::{
    actions::{income, subscriptions, token},
    client::Client,
    contracts::{self, Contracts},
    deployment::Deployment,
    error::Error,
    messages,
    plan::{Receipt, TxPlan},
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

/// Native units that each account has at least, for storage deposits and small purchases.
const INITIAL_BALANCE: u128 = 1_000;

/// The environment of the demo.
pub struct DemoEnv {
    /// The chain.
    pub chain: EmbeddedChain,
    /// The accounts.
    pub people: People,
    /// The contracts.
    pub deployment: Deployment,
    /// Units of amounts.
    pub units: Units,
}

/// The result of a step. The error describes the first difference.
pub type StepResult<T> = Result<T, String>;

/// The result of a plan.
pub struct TxResult {
    /// Change of the sender's balance in planck, without deposits.
    pub moved: i128,
    events: Vec<ContractEvent>,
}

impl TxResult {
    /// The first event of this kind.
    pub fn event<T: ink::env::Event + Decode>(&self) -> StepResult<T> {
        self.events
            .iter()
            .find_map(ContractEvent::decode)
            .ok_or_else(|| "a contract did not emit the expected event".to_owned())
    }

    /// The collected amount in planck.
    fn collected(&self) -> StepResult<u128> {
        let mut collected = self.events.iter().filter_map(|event| event.decode::<Collected>());
        collected.try_fold(0_u128, |sum, event| sum.checked_add(event.amount)).ok_or_else(|| TOO_LARGE.to_owned())
    }
}

impl DemoEnv {
    /// The contracts.
    pub fn contracts(&self) -> Contracts {
        self.deployment.contracts
    }

    /// Executes the plan that `make` returns, with `who` as the sender: a preview, and then the transactions, as in the command. Checks the
    /// quoted fee.
    pub fn act(
        &mut self,
        who: AccountId,
        make: impl FnOnce(&mut Client<'_>) -> Result<TxPlan, Error>,
    ) -> Result<TxResult, Error> {
        let before = self.balance(who);
        let (deployment, units) = (self.deployment.clone(), self.units.clone());
        let mut client = Client::with_units(&mut self.chain, deployment, units);
        let plan = make(&mut client)?;
        let quoted = plan.preview(&mut client, &who)?;
        let Receipt { cost, events } = plan.execute(&mut client, &who.into())?;
        if quoted.fee != cost.fee {
            return Err(Error::Request(format!("the quoted fee was {}, but {} was charged", quoted.fee, cost.fee)));
        }
        let moved = signed(self.balance(who)).and_then(|after| Ok((after, signed(before)?)));
        let (after, before) = moved.map_err(Error::Request)?;
        let moved = after.checked_sub(before).and_then(|moved| moved.checked_add(cost.deposit));
        let moved = moved.ok_or_else(|| Error::Request(TOO_LARGE.to_owned()))?;
        Ok(TxResult { moved, events })
    }

    /// Returns the answer of a message that only reads.
    pub fn query<Args: Encode, R: Decode>(&mut self, message: Message<Env, Args, R>) -> StepResult<R> {
        self.chain.query(message).map_err(error_text)
    }

    /// Funds `who` with the initial balance and `amount` planck.
    pub fn fund(&mut self, who: AccountId, amount: u128) -> StepResult<()> {
        let initial = INITIAL_BALANCE * 10_u128.pow(u32::from(NATIVE_DECIMALS));
        self.chain.fund(&who, amount.saturating_add(initial)).map_err(error_text)
    }

    /// Free native balance of `who`.
    pub fn balance(&mut self, who: AccountId) -> u128 {
        self.chain.balance(&who)
    }

    /// Creator tokens of `who`, in smallest units.
    pub fn tokens(&mut self, who: AccountId) -> StepResult<u128> {
        self.query(contracts::psp22(self.contracts().token).balance_of(who))
    }

    /// Sells `tokens` of `who`, and checks the payment against the quote.
    pub fn sell(&mut self, who: AccountId, tokens: u128) -> StepResult<Sold> {
        let units = self.units.clone();
        let quote = self.query(contracts::sale(self.contracts().token).quote_sell(tokens))?;
        let quote = quote.map_err(|error| messages::sale(&error, &units))?;
        let reserve = self.query(contracts::sale(self.contracts().token).reserve())?;
        let result = self.act(who, |client| token::sell(client, tokens, Some(quote.amount))).map_err(error_text)?;
        let sold: Sold = result.event()?;
        expect("selling brings what was quoted", (sold.payout, sold.fee), (quote.amount, quote.fee))?;
        expect("the seller is paid", result.moved, signed(sold.payout)?)?;
        let after = self.query(contracts::sale(self.contracts().token).reserve())?;
        // A sale never increases the reserve.
        let left = reserve.saturating_sub(after);
        expect("the reserve pays seller and fee", left, sold.payout.saturating_add(sold.fee))?;
        Ok(sold)
    }

    /// Claimable income of `who` under the first splits, in planck.
    pub fn claimable(&mut self, who: AccountId) -> StepResult<u128> {
        self.query(contracts::vault(self.contracts().vault).claimable_of(who, Asset::Native, 0))
    }

    /// Sum of the earnings of all subscriptions of fans to `tier`, in planck.
    pub fn earned(&mut self, tier: TierId) -> StepResult<u128> {
        let mut earned = 0_u128;
        for fan in self.people.fans() {
            let Some(subscription) = self.query(contracts::vault(self.contracts().vault).fan(fan))?.subscription else {
                continue;
            };
            if subscription.tier == tier {
                let period = self
                    .query(contracts::vault(self.contracts().vault).tier(tier))?
                    .map_or(0, |tier| tier.terms.period);
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

    /// `who` collects the earnings of `tier`. Returns the amount in planck.
    pub fn collect(&mut self, who: AccountId, tier: TierId) -> StepResult<u128> {
        let result = match self.act(who, |client| income::collect(client, who, &[tier])) {
            Err(Error::Request(_)) => return Ok(0),
            other => other.map_err(error_text)?,
        };
        result.collected()
    }

    /// `who` collects everything, including the token's fees. Returns the fees in planck.
    pub fn collect_fees(&mut self, who: AccountId) -> StepResult<u128> {
        let Contracts { token, vault, .. } = self.contracts();
        let waiting = self.query(contracts::sale(token).claimable(vault))?;
        if waiting > 0 {
            let result = self.act(who, |client| income::collect(client, who, &[])).map_err(error_text)?;
            expect("all fees are collected", result.event::<Paid>()?.amount, waiting)?;
        }
        Ok(waiting)
    }

    /// `who` claims income from the vault. Returns the amount in planck.
    pub fn claim(&mut self, who: AccountId) -> StepResult<u128> {
        let waiting = self.claimable(who)?;
        if waiting > 0 {
            let result = self.act(who, |client| income::claim(client, who, &[])).map_err(error_text)?;
            expect("a claim pays the claimable amount", result.moved, signed(waiting)?)?;
        }
        Ok(waiting)
    }

    /// The part of the subscription of `who` that is not yet earned, but not refunded because of the minimum stay. In planck.
    pub fn kept(&mut self, who: AccountId) -> StepResult<u128> {
        let vault = self.contracts().vault;
        let Some(held) = self.query(contracts::vault(vault).fan(who))?.subscription else { return Ok(0) };
        let period = self.query(contracts::vault(vault).tier(held.tier))?.map_or(0, |tier| tier.terms.period);
        let refund = self.query(contracts::vault(vault).refund_of(who))?;
        Ok(held.stream.unearned(period, self.chain.now()).saturating_sub(refund))
    }

    /// `who` cancels. Returns the refund in planck.
    pub fn cancel(&mut self, who: AccountId) -> StepResult<u128> {
        let owed = self.query(contracts::vault(self.contracts().vault).refund_of(who))?;
        let result = self.act(who, |client| subscriptions::cancel(client, who)).map_err(error_text)?;
        expect("cancelling refunds what was quoted", result.moved, signed(owed)?)?;
        Ok(owed)
    }

    /// Access of `who`. Checks that `check` and `has_access` agree.
    pub fn access(&mut self, content: u32, who: AccountId) -> StepResult<Access> {
        let access = self.query(contracts::registry(self.contracts().registry).check(content, who))?;
        let access = access.map_err(|error| messages::registry(&error, &self.units.native))?;
        let granted = self.query(contracts::registry(self.contracts().registry).has_access(content, who))?;
        expect("check and has_access agree", access.is_granted(), granted)?;
        Ok(access)
    }
}

const TOO_LARGE: &str = "an amount is too large for the demo";

/// `amount` as a signed number.
pub fn signed(amount: u128) -> StepResult<i128> {
    i128::try_from(amount).map_err(|_| TOO_LARGE.to_owned())
}

/// Fails unless `found` equals `expected`.
pub fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> StepResult<()> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{what}: expected {expected:?}, found {found:?}")),
    }
}

/// The text of an error.
pub fn error_text(error: impl Display) -> String {
    error.to_string()
}

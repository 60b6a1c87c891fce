//! Prepares the transaction of a call: a dry run measures its needs, limits are set that the account can pay, and a second dry run uses
//! exactly the limits that will be signed. A dry run by the user takes the same steps.

use ink::scale::{Decode, Encode};
use patronage_chain::{
    dry_run_caller,
    funds::{affords, Funds, Needs, Shortfall},
    Call, ChainError, Outcome, Target, Weight,
};
use patronage_interfaces::AccountId;
use subxt::{
    config::polkadot::PolkadotExtrinsicParamsBuilder as Params,
    ext::subxt_core::utils::MultiSignature,
    tx::{DynamicPayload, PartialExtrinsic},
    utils::H256,
    Config, OnlineClient,
};

use super::{
    messages::failed,
    node::{account_id, ChainConfig, Node},
    request::{Action, DryRunLimits, Limits, Request},
};

/// Length of the mortal era of a transaction in blocks: six minutes on most chains. After that, no block can include it.
pub(super) const MORTALITY: u64 = 64;

/// A transaction without its signature.
pub(super) struct Unsigned {
    pub(super) transaction: PartialExtrinsic<ChainConfig, OnlineClient<ChainConfig>>,
    /// Nonce of the account.
    pub(super) nonce: u64,
    /// Number of the birth block of its mortal era.
    pub(super) birth: u32,
}

/// A call after its dry run.
pub(super) struct Prepared<'a> {
    /// The outcome, with the maximum fee.
    pub(super) outcome: Outcome,
    /// The request of the dry run.
    pub(super) request: Request<'a>,
    /// The transaction. `None` if the contract reverted.
    pub(super) unsigned: Option<Unsigned>,
}

/// The nonce and the birth block of a transaction.
pub(super) struct TxPosition {
    nonce: u64,
    birth: <ChainConfig as Config>::Header,
}

/// The runtime's information about a transaction.
struct Info {
    weight: Weight,
    fee: u128,
}

impl Node {
    /// Dry-runs `call`. Determines the cost unless `from` is the placeholder caller.
    pub(super) async fn dry_run(&self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        match *from == dry_run_caller() {
            true => {
                let at = self.hash_of(None).await?;
                let request = self.request(from, call, at).await?;
                self.run_dry(&request, DryRunLimits::default(), at).await?.into_outcome()
            }
            false => Ok(self.prepare(from, call).await?.outcome),
        }
    }

    /// Prepares the transaction of `call`, and dry-runs it with its limits.
    pub(super) async fn prepare<'a>(&self, from: &AccountId, call: &Call<'a>) -> Result<Prepared<'a>, ChainError> {
        let at = self.hash_of(None).await?;
        let funds = self.funds(from, Some(at)).await?;
        let paid = Needs::new(call.value, 0, 0, 0);
        affords(funds, paid, &self.unit)?;
        let request = self.request(from, call, at).await?;
        // All remaining funds, as the chain's default limit may be too low.
        let limits = DryRunLimits { weight: None, deposit: Some(self.remaining(funds, paid)) };
        let dry_run = self.run_dry(&request, limits, at).await?;
        let required = dry_run.required;
        let outcome = match dry_run.into_outcome() {
            Ok(outcome) if outcome.reverted => return Ok(Prepared { outcome, request, unsigned: None }),
            Ok(outcome) => outcome,
            Err(ChainError::Refused(name)) if is_funds_error(&name) => {
                return Err(self.unknown_deposit(&request, required, funds, at).await?);
            }
            Err(error) => return Err(error),
        };
        let (limits, unsigned, fee) = self.limited(&request, required, &outcome, funds, at).await?;
        // Uses exactly the limits that will be signed.
        let outcome = self.run_dry(&request, limits.into(), at).await?.into_outcome()?;
        let unsigned = (!outcome.reverted).then_some(unsigned);
        Ok(Prepared { outcome: Outcome { fee, ..outcome }, request, unsigned })
    }

    /// The request for `call` from `from`, in the block `at`.
    pub(super) async fn request<'a>(
        &self,
        from: &AccountId,
        call: &Call<'a>,
        at: H256,
    ) -> Result<Request<'a>, ChainError> {
        let action = match call.target {
            Target::Contract(contract) => Action::Call(contract),
            Target::Code(code) => Action::Code(code),
            Target::New { code, salt } => {
                let hash = sp_core::hashing::blake2_256(code);
                match self.has_code(&hash, at).await? {
                    true => Action::Instantiate { hash, salt },
                    false => Action::Upload { code, salt },
                }
            }
        };
        Ok(Request { from: *from, action, value: call.value, data: call.data })
    }

    /// The limits for `request`, the transaction, and its fee. Other transactions may be executed first, so the limits have a margin: 10 %
    /// for the weight, and 10 % and two records for the storage deposit, as far as the block limit and the funds permit.
    async fn limited(
        &self,
        request: &Request<'_>,
        required: Weight,
        outcome: &Outcome,
        funds: Funds,
        at: H256,
    ) -> Result<(Limits, Unsigned, u128), ChainError> {
        let position = self.position(&request.from).await?;
        let needed = u128::try_from(outcome.deposit).unwrap_or(0);
        let most = needed.saturating_add(needed / 10).saturating_add(self.item_deposit.saturating_mul(2));
        let mut limits = Limits { weight: a_tenth_more(required), deposit: most };
        let unsigned = |limits: Limits| self.unsigned(&request.payload(limits), &position);
        let mut info = self.info(&request.from, &unsigned(limits)?, at).await?;
        let excess = info.weight.saturating_sub(self.max_weight.unwrap_or(Weight::MAX));
        if excess != Weight::zero() {
            // The rest of the transaction's weight does not depend on this limit.
            limits.weight = limits.weight.saturating_sub(excess);
            if !limits.weight.all_gte(required) {
                return Err(ChainError::Refused("OutOfGas".to_owned()));
            }
            info = self.info(&request.from, &unsigned(limits)?, at).await?;
        }
        // The fee is withdrawn before the call, so the dry run does not check it. A lower deposit limit can only make the encoding shorter,
        // and the fee lower.
        let needs = Needs::new(request.value, info.fee, needed, self.existential_deposit);
        affords(funds, needs, &self.unit)?;
        limits.deposit = deposit_limit(self.remaining(funds, needs), needs, most);
        Ok((limits, unsigned(limits)?, info.fee))
    }

    /// The part of `funds` that remains for the storage deposit after the other `needs`.
    fn remaining(&self, funds: Funds, needs: Needs) -> u128 {
        let other = [funds.locked, needs.value, needs.fee, self.existential_deposit];
        other.iter().fold(funds.free, |left, planck| left.saturating_sub(*planck))
    }

    /// The error for an account that can't pay the storage deposit, whose amount is unknown.
    async fn unknown_deposit(
        &self,
        request: &Request<'_>,
        required: Weight,
        funds: Funds,
        at: H256,
    ) -> Result<ChainError, ChainError> {
        let position = self.position(&request.from).await?;
        let unsigned = self.unsigned(&request.payload(Limits { weight: required, deposit: 0 }), &position)?;
        let fee = self.info(&request.from, &unsigned, at).await?.fee;
        let needs = Needs { minimum_left: self.existential_deposit, ..Needs::new(request.value, fee, 0, 0) };
        Ok(ChainError::Funds(Box::new(Shortfall { funds, needs, unknown_deposit: true, unit: self.unit.clone() })))
    }

    /// The next nonce of `from`, and the current birth block.
    pub(super) async fn position(&self, from: &AccountId) -> Result<TxPosition, ChainError> {
        // Includes pending transactions.
        let nonce = self.methods.system_account_next_index(&account_id(from)).await.map_err(failed)?;
        let hash = self.methods.chain_get_finalized_head().await.map_err(failed)?;
        let birth = self.methods.chain_get_header(Some(hash)).await.map_err(failed)?;
        let birth = birth.ok_or_else(|| {
            ChainError::Unavailable("the node does not return its finalized block: try again".to_owned())
        })?;
        Ok(TxPosition { nonce, birth })
    }

    /// The transaction of `payload` with this nonce and birth block.
    pub(super) fn unsigned(&self, payload: &DynamicPayload, position: &TxPosition) -> Result<Unsigned, ChainError> {
        let params = Params::new().nonce(position.nonce).mortal(&position.birth, MORTALITY).build();
        let transaction = self.api.tx().create_partial_signed_offline(payload, params).map_err(failed)?;
        Ok(Unsigned { transaction, nonce: position.nonce, birth: position.birth.number })
    }

    /// The fee that is withdrawn for a transaction.
    pub(super) async fn fee(&self, from: &AccountId, unsigned: &Unsigned, at: H256) -> Result<u128, ChainError> {
        Ok(self.info(from, unsigned, at).await?.fee)
    }

    /// Queries weight and fee of the transaction by `TransactionPaymentApi`. It needs a signature of the right length, which is not checked.
    async fn info(&self, from: &AccountId, unsigned: &Unsigned, at: H256) -> Result<Info, ChainError> {
        let signature = MultiSignature::Sr25519([1; 64]);
        let signed = unsigned.transaction.sign_with_address_and_signature(&account_id(from).into(), &signature);
        let mut input = signed.into_encoded();
        u32::try_from(input.len()).unwrap_or(u32::MAX).encode_to(&mut input);
        let function = "TransactionPaymentApi_query_info";
        let answer = self.methods.state_call(function, Some(&input), Some(at)).await.map_err(failed)?;
        let undecodable = |_| ChainError::Undecodable(answer.clone());
        let rest = &mut &answer[..];
        // The dispatch class is between them.
        let (weight, _) = <(Weight, u8)>::decode(rest).map_err(undecodable)?;
        let fee = self.width.decode(rest).map_err(undecodable)?;
        Ok(Info { weight, fee })
    }
}

/// Whether this is an error of `pallet-contracts`, or of its transfers, that more funds would avoid.
fn is_funds_error(name: &str) -> bool {
    let token = ["FundsUnavailable", "NotExpendable", "Frozen"].iter().any(|error| name == format!("Token({error})"));
    token || ["StorageDepositNotEnoughFunds", "StorageDepositLimitExhausted", "TransferFailed"].contains(&name)
}

fn a_tenth_more(weight: Weight) -> Weight {
    let more = |figure: u64| figure.saturating_add(figure / 10);
    Weight::from_parts(more(weight.ref_time()), more(weight.proof_size()))
}

/// The limit for the storage deposit: at most `most` planck, and at most the `remaining` funds after the other `needs`.
/// `pallet-contracts` refuses a limit above the funds, even if the deposit is lower.
///
/// If there are enough funds, a tenth of the fee is left for a rise of the fee.
fn deposit_limit(remaining: u128, needs: Needs, most: u128) -> u128 {
    // At least the needed deposit, which `affords` has checked.
    most.min(remaining.saturating_sub(needs.fee / 10).max(needs.deposit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deposit_limit_is_what_can_be_paid_and_covers_the_need() {
        let limit = |funds: u128, needed: u128| deposit_limit(funds, Needs::new(100, 20, needed, 10), needed + 40);
        assert_eq!([limit(50, 50), limit(51, 50), limit(52, 50), limit(53, 50)], [50, 50, 50, 51]);
        assert_eq!([limit(91, 50), limit(92, 50), limit(1_000, 50)], [89, 90, 90]);
        assert_eq!([limit(0, 0), limit(2, 0), limit(3, 0)], [0, 0, 1]);
    }

    #[test]
    fn errors_that_more_funds_would_avoid_are_recognized() {
        for name in ["StorageDepositLimitExhausted", "TransferFailed", "Token(FundsUnavailable)"] {
            assert!(is_funds_error(name), "{name}");
        }
        for name in ["OutOfGas", "ContractTrapped", "Token(BelowMinimum)"] {
            assert!(!is_funds_error(name), "{name}");
        }
    }
}

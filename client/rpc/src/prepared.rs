//! From a call to the transaction that is signed: first what it takes is asked for, then limits are set that the account can pay,
//! and then exactly what would be signed is tried. What is only tried goes the same way.

use ink::scale::{Decode, Encode};
use patronage_chain::{
    funds::{affords, Funds, Needs, Shortfall},
    nobody, Call, ChainError, Outcome, Target, Weight,
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
    node::{account_id, Kind, Node},
    request::{Action, Limits, Request, TrialLimits},
    words::failed,
};

/// Blocks for which a transaction can be taken: six minutes on most chains. After that it can't happen any more.
pub(super) const MORTALITY: u64 = 64;

/// A transaction that lacks nothing but a signature.
pub(super) struct Unsigned {
    pub(super) transaction: PartialExtrinsic<Kind, OnlineClient<Kind>>,
    /// Its number among those of its account.
    pub(super) nonce: u64,
    /// Number of the block from which its life counts.
    pub(super) birth: u32,
}

/// A call that was tried.
pub(super) struct Prepared<'a> {
    /// What it would do. The fee is the most that it can be.
    pub(super) outcome: Outcome,
    /// What was tried.
    pub(super) request: Request<'a>,
    /// The transaction that does that, unless the contract refuses.
    pub(super) unsigned: Option<Unsigned>,
}

/// The place of a transaction in the order of its account's, and in time.
pub(super) struct Place {
    nonce: u64,
    birth: <Kind as Config>::Header,
}

/// What the runtime says of a transaction.
struct Info {
    weight: Weight,
    fee: u128,
}

impl Node {
    /// What `call` would do, and what it would cost where that matters to someone.
    pub(super) async fn dry_run(&self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        match *from == nobody() {
            true => {
                let at = self.hash_of(None).await?;
                let request = self.request(from, call, at).await?;
                self.try_out(&request, TrialLimits::default(), at).await?.answered()
            }
            false => Ok(self.prepare(from, call).await?.outcome),
        }
    }

    /// The transaction of `call`, tried with the limits that it has.
    pub(super) async fn prepare<'a>(&self, from: &AccountId, call: &Call<'a>) -> Result<Prepared<'a>, ChainError> {
        let at = self.hash_of(None).await?;
        let funds = self.funds(from, Some(at)).await?;
        let paid = Needs::new(call.value, 0, 0, 0);
        affords(funds, paid, &self.unit)?;
        let request = self.request(from, call, at).await?;
        // All that the account has beside, as what the chain takes for usual may be less than it takes.
        let limits = TrialLimits { weight: None, deposit: Some(self.room(funds, paid)) };
        let tried = self.try_out(&request, limits, at).await?;
        let required = tried.required;
        let outcome = match tried.answered() {
            Ok(outcome) if outcome.reverted => return Ok(Prepared { outcome, request, unsigned: None }),
            Ok(outcome) => outcome,
            Err(ChainError::Refused(name)) if is_about_money(&name) => {
                return Err(self.unknown_deposit(&request, required, funds, at).await?);
            }
            Err(error) => return Err(error),
        };
        let (limits, unsigned, fee) = self.limited(&request, required, &outcome, funds, at).await?;
        // Exactly what will be signed.
        let outcome = self.try_out(&request, limits.into(), at).await?.answered()?;
        let unsigned = (!outcome.reverted).then_some(unsigned);
        Ok(Prepared { outcome: Outcome { fee, ..outcome }, request, unsigned })
    }

    /// `call` from `from`, as the chain has to be asked for it in the block `at`.
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

    /// The limits with which `request` can be signed, the transaction, and its fee. Until it is in a block, others'
    /// transactions come before it: it may use a tenth more weight than it takes now, and a tenth and two records more of
    /// storage deposit, as far as a block has room and the account can pay.
    async fn limited(
        &self,
        request: &Request<'_>,
        required: Weight,
        outcome: &Outcome,
        funds: Funds,
        at: H256,
    ) -> Result<(Limits, Unsigned, u128), ChainError> {
        let place = self.place(&request.from).await?;
        let needed = u128::try_from(outcome.deposit).unwrap_or(0);
        let most = needed.saturating_add(needed / 10).saturating_add(self.item_deposit.saturating_mul(2));
        let mut limits = Limits { weight: a_tenth_more(required), deposit: most };
        let unsigned = |limits: Limits| self.unsigned(&request.payload(limits), &place);
        let mut info = self.info(&request.from, &unsigned(limits)?, at).await?;
        let excess = info.weight.saturating_sub(self.most_weight.unwrap_or(Weight::MAX));
        if excess != Weight::zero() {
            // All beside the contracts' execution has a weight that does not depend on its limit.
            limits.weight = limits.weight.saturating_sub(excess);
            if !limits.weight.all_gte(required) {
                return Err(ChainError::Refused("OutOfGas".to_owned()));
            }
            info = self.info(&request.from, &unsigned(limits)?, at).await?;
        }
        // The fee is withdrawn before the call, so the trial does not show whether there is enough beside it. A lower limit
        // for the deposit can only make it lower, by some bytes that are fewer.
        let needs = Needs::new(request.value, info.fee, needed, self.existential_deposit);
        affords(funds, needs, &self.unit)?;
        limits.deposit = most_deposit(self.room(funds, needs), needs, most);
        Ok((limits, unsigned(limits)?, info.fee))
    }

    /// What is left for the storage deposit of an account with these `funds`, beside the rest of what it `needs`.
    fn room(&self, funds: Funds, needs: Needs) -> u128 {
        let beside = [funds.kept, needs.value, needs.fee, self.existential_deposit];
        beside.iter().fold(funds.free, |left, planck| left.saturating_sub(*planck))
    }

    /// That the account can't pay the storage deposit, of which nobody knows how much it is.
    async fn unknown_deposit(
        &self,
        request: &Request<'_>,
        required: Weight,
        funds: Funds,
        at: H256,
    ) -> Result<ChainError, ChainError> {
        let place = self.place(&request.from).await?;
        let unsigned = self.unsigned(&request.payload(Limits { weight: required, deposit: 0 }), &place)?;
        let fee = self.info(&request.from, &unsigned, at).await?.fee;
        let needs = Needs { beside: self.existential_deposit, ..Needs::new(request.value, fee, 0, 0) };
        Ok(ChainError::Funds(Box::new(Shortfall { funds, needs, more: true, unit: self.unit.clone() })))
    }

    /// The next place of `from`.
    pub(super) async fn place(&self, from: &AccountId) -> Result<Place, ChainError> {
        // Counts transactions that wait, too.
        let nonce = self.methods.system_account_next_index(&account_id(from)).await.map_err(failed)?;
        let hash = self.methods.chain_get_finalized_head().await.map_err(failed)?;
        let birth = self.methods.chain_get_header(Some(hash)).await.map_err(failed)?;
        let birth =
            birth.ok_or_else(|| ChainError::Unavailable("the node does not have its own newest block".to_owned()))?;
        Ok(Place { nonce, birth })
    }

    /// The transaction of `payload` at this place.
    pub(super) fn unsigned(&self, payload: &DynamicPayload, place: &Place) -> Result<Unsigned, ChainError> {
        let params = Params::new().nonce(place.nonce).mortal(&place.birth, MORTALITY).build();
        let transaction = self.api.tx().create_partial_signed_offline(payload, params).map_err(failed)?;
        Ok(Unsigned { transaction, nonce: place.nonce, birth: place.birth.number })
    }

    /// The fee that is withdrawn for a transaction before it happens.
    pub(super) async fn fee(&self, from: &AccountId, unsigned: &Unsigned, at: H256) -> Result<u128, ChainError> {
        Ok(self.info(from, unsigned, at).await?.fee)
    }

    /// What the runtime says of the transaction, by `TransactionPaymentApi`. It needs a signature of the right length, and
    /// does not check it.
    async fn info(&self, from: &AccountId, unsigned: &Unsigned, at: H256) -> Result<Info, ChainError> {
        let signature = MultiSignature::Sr25519([1; 64]);
        let signed = unsigned.transaction.sign_with_address_and_signature(&account_id(from).into(), &signature);
        let mut input = signed.into_encoded();
        u32::try_from(input.len()).unwrap_or(u32::MAX).encode_to(&mut input);
        let function = "TransactionPaymentApi_query_info";
        let answer = self.methods.state_call(function, Some(&input), Some(at)).await.map_err(failed)?;
        let undecodable = |_| ChainError::Undecodable(answer.clone());
        let rest = &mut &answer[..];
        // Between them is its class.
        let (weight, _) = <(Weight, u8)>::decode(rest).map_err(undecodable)?;
        let fee = self.width.decode(rest).map_err(undecodable)?;
        Ok(Info { weight, fee })
    }
}

/// Errors of `pallet-contracts`, and of the transfers that it makes, which an account with more money would not get.
fn is_about_money(name: &str) -> bool {
    let token = ["FundsUnavailable", "NotExpendable", "Frozen"].iter().any(|error| name == format!("Token({error})"));
    token || ["StorageDepositNotEnoughFunds", "StorageDepositLimitExhausted", "TransferFailed"].contains(&name)
}

fn a_tenth_more(weight: Weight) -> Weight {
    let more = |figure: u64| figure.saturating_add(figure / 10);
    Weight::from_parts(more(weight.ref_time()), more(weight.proof_size()))
}

/// A limit for the storage deposit, of up to `most` planck, for which an account has `room` beside the rest of what it `needs`:
/// `pallet-contracts` refuses a limit above what is there, also where less would do.
///
/// Where there is enough, a tenth of the fee is left for fees that rise until the transaction is in a block.
fn most_deposit(room: u128, needs: Needs, most: u128) -> u128 {
    // At least what is needed, as `affords` has said that there is room for it.
    most.min(room.saturating_sub(needs.fee / 10).max(needs.deposit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deposit_limit_is_what_can_be_paid_and_covers_the_need() {
        let limit = |room: u128, needed: u128| most_deposit(room, Needs::new(100, 20, needed, 10), needed + 40);
        assert_eq!([limit(50, 50), limit(51, 50), limit(52, 50), limit(53, 50)], [50, 50, 50, 51]);
        assert_eq!([limit(91, 50), limit(92, 50), limit(1_000, 50)], [89, 90, 90]);
        assert_eq!([limit(0, 0), limit(2, 0), limit(3, 0)], [0, 0, 1]);
    }

    #[test]
    fn what_money_would_help_against_is_told_apart() {
        for name in ["StorageDepositLimitExhausted", "TransferFailed", "Token(FundsUnavailable)"] {
            assert!(is_about_money(name), "{name}");
        }
        for name in ["OutOfGas", "ContractTrapped", "Token(BelowMinimum)"] {
            assert!(!is_about_money(name), "{name}");
        }
    }
}

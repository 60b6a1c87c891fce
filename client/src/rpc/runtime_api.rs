use drink::{frame_support::sp_runtime::DispatchError, Weight};
use ink::scale::{Decode, Encode};
use patronage_interfaces::AccountId;

use super::{
    events::Told,
    node::Node,
    words::{failed, name_of},
};
use crate::chain::{nobody, Call, ChainError, Outcome, Target, Width};

/// `ReturnFlags::REVERT` of `pallet-contracts`.
const REVERT: u32 = 1;

/// What a transaction must be allowed to use, beside what it does.
pub(super) struct Tried {
    pub(super) outcome: Outcome,
    /// Weight at its highest point, which may be more than what is charged in the end.
    pub(super) required: Weight,
}

/// What a contract answered: flags and data.
type Answer = (u32, Vec<u8>);

impl Node {
    /// What `call` would do, with an estimate of the fee where it matters to someone.
    pub(super) async fn dry_run(&self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        let Tried { mut outcome, required } = self.try_out(from, call).await?;
        if *from != nobody() && !outcome.reverted {
            outcome.fee = self.estimate(from, call, required, outcome.deposit).await?;
        }
        Ok(outcome)
    }

    /// What `call` would do, by the runtime's `ContractsApi`. The fee is left out.
    pub(super) async fn try_out(&self, from: &AccountId, call: &Call<'_>) -> Result<Tried, ChainError> {
        // Neither is limited: what it takes is the question.
        let (weight, deposit) = (None::<Weight>, None::<()>);
        let value = self.width.encode(call.value)?;
        let mut input = from.encode();
        let function = match call.target {
            Target::Contract(contract) => {
                contract.encode_to(&mut input);
                input.extend(value);
                (weight, deposit, call.data).encode_to(&mut input);
                "ContractsApi_call"
            }
            Target::New { code, salt } => {
                input.extend(value);
                // 0 is `Code::Upload`.
                (weight, deposit, 0_u8, code, call.data, salt).encode_to(&mut input);
                "ContractsApi_instantiate"
            }
        };
        let answer = self.methods.state_call(function, Some(&input), None).await.map_err(failed)?;
        let new = matches!(call.target, Target::New { .. });
        let (tried, rest) = self.read(&answer, new)?;
        self.told_in(tried, rest)
    }

    /// Reads a `ContractResult` as `pallet-contracts` encodes it, and gives what follows it.
    fn read<'a>(&self, answer: &'a [u8], new: bool) -> Result<(Tried, &'a [u8]), ChainError> {
        let undecodable = |_| ChainError::Undecodable(answer.to_vec());
        let input = &mut &answer[..];
        let (weight, required) = <(Weight, Weight)>::decode(input).map_err(undecodable)?;
        let refund = u8::decode(input).map_err(undecodable)? == 0;
        let deposit = self.width.decode(input).map_err(undecodable)?;
        let deposit = i128::try_from(deposit).unwrap_or(i128::MAX);
        Vec::<u8>::decode(input).map_err(undecodable)?;
        let (answered, contract) = match new {
            true => match Result::<(Answer, AccountId), DispatchError>::decode(input).map_err(undecodable)? {
                Ok((answer, contract)) => (Ok(answer), Some(contract)),
                Err(error) => (Err(error), None),
            },
            false => (Result::<Answer, DispatchError>::decode(input).map_err(undecodable)?, None),
        };
        let (flags, output) = answered.map_err(|error| ChainError::Refused(name_of(&error, &self.api.metadata())))?;
        let reverted = flags & REVERT != 0;
        let outcome = Outcome {
            output,
            reverted,
            contract: contract.filter(|_| !reverted),
            weight,
            // Cannot overflow: it is not negative.
            deposit: if refund { -deposit } else { deposit },
            fee: 0,
            events: Vec::new(),
        };
        Ok((Tried { outcome, required }, *input))
    }

    /// Adds the events that may follow.
    fn told_in(&self, mut tried: Tried, rest: &[u8]) -> Result<Tried, ChainError> {
        if let Some((1, records)) = rest.split_first() {
            let records = subxt::ext::subxt_core::events::decode_from(records.to_vec(), self.api.metadata());
            let records = records.iter().map(|record| record.map_err(Into::into));
            tried.outcome.events = Told::of(records, None)?.events;
        }
        Ok(tried)
    }

    /// What `call` to a contract would answer nobody in particular, within this `weight`. It must not pay anything.
    pub(super) async fn ask_within(&self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        let Target::Contract(contract) = call.target else { return self.dry_run(&nobody(), call).await };
        let mut input = (nobody(), contract).encode();
        input.extend(self.width.encode(call.value)?);
        (Some(weight), None::<()>, call.data).encode_to(&mut input);
        let answer = self.methods.state_call("ContractsApi_call", Some(&input), None).await.map_err(failed)?;
        Ok(self.read(&answer, false)?.0.outcome)
    }

    /// What the transaction of `call` would cost, by the runtime's `TransactionPaymentApi`.
    async fn estimate(
        &self,
        from: &AccountId,
        call: &Call<'_>,
        required: Weight,
        deposit: i128,
    ) -> Result<u128, ChainError> {
        let mut input = self.unsigned(from, call, required, deposit).await?;
        let length = u32::try_from(input.len()).unwrap_or(u32::MAX);
        length.encode_to(&mut input);
        let function = "TransactionPaymentApi_query_info";
        let answer = self.methods.state_call(function, Some(&input), None).await.map_err(failed)?;
        let undecodable = |_| ChainError::Undecodable(answer.clone());
        let rest = &mut &answer[..];
        // Its weight and its class.
        <(Weight, u8)>::decode(rest).map_err(undecodable)?;
        self.width.decode(rest).map_err(undecodable)
    }
}

impl Width {
    /// `planck` as this chain has it.
    ///
    /// # Errors
    ///
    /// When the chain can't have so many.
    fn encode(self, planck: u128) -> Result<Vec<u8>, ChainError> {
        match self {
            Self::U128 => Ok(planck.encode()),
            Self::U64 => match u64::try_from(planck) {
                Ok(planck) => Ok(planck.encode()),
                Err(_) => Err(ChainError::Refused("there is not so much money on this chain: send less".to_owned())),
            },
        }
    }

    fn decode(self, input: &mut &[u8]) -> Result<u128, ink::scale::Error> {
        match self {
            Self::U128 => u128::decode(input),
            Self::U64 => u64::decode(input).map(Into::into),
        }
    }
}

use ink::scale::Decode;
use patronage_chain::{nobody, Call, ChainError, Outcome, Weight};
use patronage_interfaces::AccountId;
use subxt::utils::H256;

use super::{
    dispatch_error::DispatchError,
    events::Told,
    node::Node,
    request::{Request, TrialKind, TrialLimits},
    words::failed,
};

/// `ReturnFlags::REVERT` of `pallet-contracts`.
const REVERT: u32 = 1;

/// What came of a trial.
pub(super) struct Tried {
    /// What it would do, or the name of the error with which the chain refuses or stops it.
    outcome: Result<Outcome, String>,
    /// Weight at its highest point, which may be more than what is charged in the end.
    pub(super) required: Weight,
}

/// What a contract answered: flags and data.
type Answer = (u32, Vec<u8>);

impl Tried {
    /// What it would do.
    ///
    /// # Errors
    ///
    /// When the chain refuses or stops it.
    pub(super) fn answered(self) -> Result<Outcome, ChainError> {
        self.outcome.map_err(ChainError::Refused)
    }
}

impl Node {
    /// What `request` would do in the block `at`, by the runtime's `ContractsApi`, within `limits`. The fee is left
    /// out.
    pub(super) async fn try_out(
        &self,
        request: &Request<'_>,
        limits: TrialLimits,
        at: H256,
    ) -> Result<Tried, ChainError> {
        let (function, input) = request.trial(limits, self.width)?;
        let answer = self.methods.state_call(function, Some(&input), Some(at)).await.map_err(failed)?;
        if request.trial_kind() == TrialKind::Deposit {
            return self.read_upload(&answer);
        }
        let (tried, rest) = self.read(&answer, request.trial_kind() == TrialKind::Contract)?;
        self.told_in(tried, rest)
    }

    /// Reads a `CodeUploadResult` as `pallet-contracts` encodes it.
    fn read_upload(&self, answer: &[u8]) -> Result<Tried, ChainError> {
        let undecodable = |_| ChainError::Undecodable(answer.to_vec());
        let input = &mut &answer[..];
        let outcome = match u8::decode(input).map_err(undecodable)? {
            0 => {
                <[u8; 32]>::decode(input).map_err(undecodable)?;
                let deposit = self.width.decode(input).map_err(undecodable)?;
                let deposit = i128::try_from(deposit).unwrap_or(i128::MAX);
                let (output, events, weight) = (Vec::new(), Vec::new(), Weight::default());
                Ok(Outcome { output, reverted: false, contract: None, weight, deposit, fee: 0, events })
            }
            _ => Err(DispatchError::decode(input).map_err(undecodable)?.name(&self.api.metadata())),
        };
        Ok(Tried { outcome, required: Weight::default() })
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
        let outcome = answered.map_err(|error| error.name(&self.api.metadata())).map(|(flags, output)| {
            let reverted = flags & REVERT != 0;
            Outcome {
                output,
                reverted,
                contract: contract.filter(|_| !reverted),
                weight,
                // Cannot overflow: it is not negative.
                deposit: if refund { -deposit } else { deposit },
                fee: 0,
                events: Vec::new(),
            }
        });
        Ok((Tried { outcome, required }, *input))
    }

    /// Adds the events that may follow.
    fn told_in(&self, mut tried: Tried, rest: &[u8]) -> Result<Tried, ChainError> {
        if let (Ok(outcome), Some((1, records))) = (&mut tried.outcome, rest.split_first()) {
            let records = subxt::ext::subxt_core::events::decode_from(records.to_vec(), self.api.metadata());
            let records = records.iter().map(|record| record.map_err(Into::into));
            outcome.events = Told::of(records, None)?.events;
        }
        Ok(tried)
    }

    /// What `call` to a contract would answer nobody in particular, within this `weight`. It must not pay anything.
    pub(super) async fn ask_within(&self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        let at = self.hash_of(None).await?;
        let request = self.request(&nobody(), call, at).await?;
        let limits = TrialLimits { weight: Some(weight), deposit: None };
        self.try_out(&request, limits, at).await?.answered()
    }
}

use ink::scale::Decode;
use patronage_chain::{dry_run_caller, Call, ChainError, Outcome, Weight, Width};
use patronage_interfaces::AccountId;
use subxt::utils::H256;

use super::{
    dispatch_error::DispatchError,
    events::TxEvents,
    messages::failed,
    node::Node,
    request::{DryRunKind, DryRunLimits, Request},
};

/// `ReturnFlags::REVERT` of `pallet-contracts`.
const REVERT: u32 = 1;

/// The result of a dry run.
pub(super) struct DryRun {
    /// The outcome, or the name of the chain's error.
    outcome: Result<Outcome, String>,
    /// Peak weight, which may be higher than the charged weight.
    pub(super) required: Weight,
}

/// A contract's answer: flags and data.
type Answer = (u32, Vec<u8>);

impl DryRun {
    /// The outcome.
    ///
    /// # Errors
    ///
    /// If the chain refuses or stops the call.
    pub(super) fn into_outcome(self) -> Result<Outcome, ChainError> {
        self.outcome.map_err(ChainError::Refused)
    }
}

impl Node {
    /// Dry-runs `request` in the block `at`, by the runtime's `ContractsApi`, with `limits`. The outcome has no fee.
    pub(super) async fn run_dry(
        &self,
        request: &Request<'_>,
        limits: DryRunLimits,
        at: H256,
    ) -> Result<DryRun, ChainError> {
        let (function, input) = request.dry_run_input(limits, self.width)?;
        let answer = self.methods.state_call(function, Some(&input), Some(at)).await.map_err(failed)?;
        let metadata = self.api.metadata();
        let name = |error: &DispatchError| error.name(&metadata);
        let (dry_run, rest) = match request.dry_run_kind() {
            DryRunKind::Deposit => return read_upload(&answer, self.width, &name),
            kind => read(&answer, kind == DryRunKind::Contract, self.width, &name)?,
        };
        self.with_events(dry_run, rest)
    }

    /// Decodes the optional events in `rest`.
    fn with_events(&self, mut dry_run: DryRun, rest: &[u8]) -> Result<DryRun, ChainError> {
        if let (Ok(outcome), Some((1, records))) = (&mut dry_run.outcome, rest.split_first()) {
            let records = subxt::ext::subxt_core::events::decode_from(records.to_vec(), self.api.metadata());
            let records = records.iter().map(|record| record.map_err(Into::into));
            outcome.events = TxEvents::of(records, None)?.events;
        }
        Ok(dry_run)
    }

    /// Dry-runs `call` from the placeholder caller, with this limit of `weight`. The call must not transfer a value.
    pub(super) async fn query_within(&self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        let at = self.hash_of(None).await?;
        let request = self.request(&dry_run_caller(), call, at).await?;
        let limits = DryRunLimits { weight: Some(weight), deposit: None };
        self.run_dry(&request, limits, at).await?.into_outcome()
    }
}

/// Returns the name of a chain's error.
type Name<'a> = &'a dyn Fn(&DispatchError) -> String;

/// Decodes a `CodeUploadResult` of `pallet-contracts`.
fn read_upload(answer: &[u8], width: Width, name: Name<'_>) -> Result<DryRun, ChainError> {
    let undecodable = |_| ChainError::Undecodable(answer.to_vec());
    let input = &mut &answer[..];
    let failed = bool::decode(input).map_err(undecodable)?;
    let outcome = if failed {
        Err(name(&DispatchError::decode(input).map_err(undecodable)?))
    } else {
        <[u8; 32]>::decode(input).map_err(undecodable)?;
        let deposit = width.decode(input).map_err(undecodable)?;
        let deposit = i128::try_from(deposit).unwrap_or(i128::MAX);
        let (output, events, weight) = (Vec::new(), Vec::new(), Weight::default());
        Ok(Outcome { output, reverted: false, contract: None, weight, deposit, fee: 0, events })
    };
    Ok(DryRun { outcome, required: Weight::default() })
}

/// Decodes a `ContractResult` of `pallet-contracts`; that of a constructor if `new`. Also returns the bytes after it.
fn read<'a>(answer: &'a [u8], new: bool, width: Width, name: Name<'_>) -> Result<(DryRun, &'a [u8]), ChainError> {
    let undecodable = |_| ChainError::Undecodable(answer.to_vec());
    let input = &mut &answer[..];
    let (weight, required) = <(Weight, Weight)>::decode(input).map_err(undecodable)?;
    // `StorageDeposit`: a refund or a charge.
    let charged = bool::decode(input).map_err(undecodable)?;
    let deposit = width.decode(input).map_err(undecodable)?;
    let deposit = i128::try_from(deposit).unwrap_or(i128::MAX);
    Vec::<u8>::decode(input).map_err(undecodable)?;
    let (answered, contract) = match new {
        true => match Result::<(Answer, AccountId), DispatchError>::decode(input).map_err(undecodable)? {
            Ok((answer, contract)) => (Ok(answer), Some(contract)),
            Err(error) => (Err(error), None),
        },
        false => (Result::<Answer, DispatchError>::decode(input).map_err(undecodable)?, None),
    };
    let outcome = answered.map_err(|error| name(&error)).map(|(flags, output)| {
        let reverted = flags & REVERT != 0;
        Outcome {
            output,
            reverted,
            contract: contract.filter(|_| !reverted),
            weight,
            // Can't overflow: it is not negative.
            deposit: if charged { deposit } else { -deposit },
            fee: 0,
            events: Vec::new(),
        }
    });
    Ok((DryRun { outcome, required }, *input))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(error: &DispatchError) -> String {
        format!("{error:?}")
    }

    /// An answer whose storage deposit of 5 planck has this variant.
    fn answer(variant: u8) -> Vec<u8> {
        let deposit = [vec![variant], 5_u64.to_le_bytes().to_vec()].concat();
        // Four parts of weights, no debug message, success, no flags, output.
        [vec![4, 8, 12, 16], deposit, vec![0, 0, 0, 0, 0, 0, 4, 9]].concat()
    }

    #[test]
    fn deposits_are_charged_or_returned_and_nothing_else() {
        let deposit = |variant| match read(&answer(variant), false, Width::U64, &name) {
            Ok((dry_run, [])) => dry_run.outcome.map(|outcome| outcome.deposit),
            Ok((_, rest)) => panic!("{} bytes are not read", rest.len()),
            Err(error) => Err(error.to_string()),
        };
        assert_eq!(deposit(0), Ok(-5));
        assert_eq!(deposit(1), Ok(5));
        for variant in [2, 255] {
            assert!(deposit(variant).unwrap_err().starts_with("malformed"), "{variant}");
        }
    }

    #[test]
    fn an_upload_succeeds_or_fails_and_nothing_else() {
        let upload = |variant: u8| [vec![variant], vec![7; 32], 5_u64.to_le_bytes().to_vec()].concat();
        let read = |answer: &[u8]| read_upload(answer, Width::U64, &name).map(|dry_run| dry_run.outcome);
        assert_eq!(read(&upload(0)).unwrap().unwrap().deposit, 5);
        assert_eq!(read(&[1, 2]).unwrap().unwrap_err(), "BadOrigin");
        assert!(read(&upload(2)).is_err());
    }
}

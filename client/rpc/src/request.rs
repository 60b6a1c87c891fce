use ink::scale::Encode;
use patronage_chain::{ChainError, Weight, Width};
use patronage_interfaces::AccountId;
use subxt::{dynamic::Value, tx::DynamicPayload};

use super::node::account_value;

/// The limits of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Weight for the execution of contracts.
    pub(super) weight: Weight,
    /// Storage deposit in planck.
    pub(super) deposit: u128,
}

/// The limits of a dry run. `None` means the block limit for the weight, and the chain's default for the deposit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DryRunLimits {
    /// As in [`Limits`].
    pub(super) weight: Option<Weight>,
    /// As in [`Limits`].
    pub(super) deposit: Option<u128>,
}

impl From<Limits> for DryRunLimits {
    fn from(Limits { weight, deposit }: Limits) -> Self {
        Self { weight: Some(weight), deposit: Some(deposit) }
    }
}

/// The action of a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Action<'a> {
    /// Calls a contract.
    Call(AccountId),
    /// Uploads code.
    Code(&'a [u8]),
    /// Uploads code and instantiates it.
    Upload { code: &'a [u8], salt: &'a [u8] },
    /// Instantiates code that the chain has, by its hash.
    Instantiate { hash: [u8; 32], salt: &'a [u8] },
}

/// The kind of result of a dry run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DryRunKind {
    /// A contract's answer.
    Answer,
    /// A constructor's answer, and the contract.
    Contract,
    /// The deposit for a code.
    Deposit,
}

/// A request: everything about a transaction except its limits, nonce and era. Both the dry run and the transaction are encoded from it, so
/// they can't differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) from: AccountId,
    pub(super) action: Action<'a>,
    pub(super) value: u128,
    pub(super) data: &'a [u8],
}

impl Request<'_> {
    /// The kind of result of its dry run.
    pub(super) fn dry_run_kind(&self) -> DryRunKind {
        match self.action {
            Action::Call(_) => DryRunKind::Answer,
            Action::Code(_) => DryRunKind::Deposit,
            Action::Upload { .. } | Action::Instantiate { .. } => DryRunKind::Contract,
        }
    }

    /// Name and input of the function of the runtime's `ContractsApi` for a dry run with `limits`.
    ///
    /// # Errors
    ///
    /// If an amount exceeds the width of the chain's balances.
    pub(super) fn dry_run_input(
        &self,
        limits: DryRunLimits,
        width: Width,
    ) -> Result<(&'static str, Vec<u8>), ChainError> {
        let value = width.encode(self.value)?;
        let weight = limits.weight;
        let deposit = match limits.deposit {
            Some(planck) => [vec![1], width.encode(planck)?].concat(),
            None => vec![0],
        };
        let mut input = self.from.encode();
        let function = match self.action {
            Action::Call(contract) => {
                contract.encode_to(&mut input);
                input.extend(value);
                weight.encode_to(&mut input);
                input.extend(deposit);
                self.data.encode_to(&mut input);
                "ContractsApi_call"
            }
            Action::Code(code) => {
                code.encode_to(&mut input);
                input.extend(deposit);
                // `Determinism::Enforced` of `pallet-contracts`.
                input.push(0);
                "ContractsApi_upload_code"
            }
            Action::Upload { salt, .. } | Action::Instantiate { salt, .. } => {
                input.extend(value);
                weight.encode_to(&mut input);
                input.extend(deposit);
                // `Code` of `pallet-contracts`.
                match self.action {
                    Action::Instantiate { hash, .. } => (1_u8, hash).encode_to(&mut input),
                    Action::Upload { code, .. } => (0_u8, code).encode_to(&mut input),
                    Action::Call(_) | Action::Code(_) => {}
                }
                (self.data, salt).encode_to(&mut input);
                "ContractsApi_instantiate"
            }
        };
        Ok((function, input))
    }

    /// The runtime call of the transaction, with `limits`.
    pub(super) fn payload(&self, limits: Limits) -> DynamicPayload {
        let weight = Value::named_composite([
            ("ref_time", Value::u128(limits.weight.ref_time().into())),
            ("proof_size", Value::u128(limits.weight.proof_size().into())),
        ]);
        let deposit = Value::unnamed_variant("Some", [Value::u128(limits.deposit)]);
        let (value, data) = (Value::u128(self.value), Value::from_bytes(self.data));
        let (name, arguments) = match self.action {
            Action::Call(contract) => {
                let dest = Value::unnamed_variant("Id", [account_value(&contract)]);
                ("call", vec![dest, value, weight, deposit, data])
            }
            Action::Code(code) => {
                let determinism = Value::unnamed_variant("Enforced", []);
                ("upload_code", vec![Value::from_bytes(code), deposit, determinism])
            }
            Action::Upload { code, salt } => {
                let (code, salt) = (Value::from_bytes(code), Value::from_bytes(salt));
                ("instantiate_with_code", vec![value, weight, deposit, code, data, salt])
            }
            Action::Instantiate { hash, salt } => {
                let (hash, salt) = (Value::from_bytes(hash), Value::from_bytes(salt));
                ("instantiate", vec![value, weight, deposit, hash, data, salt])
            }
        };
        subxt::dynamic::tx("Contracts", name, arguments)
    }
}

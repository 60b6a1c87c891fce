use ink::scale::Decode;
use patronage_chain::{ChainError, ContractEvent};
use patronage_interfaces::AccountId;
use subxt::{
    events::{EventDetails, StaticEvent},
    ext::{scale_decode::DecodeAsType, subxt_core::utils::AccountId32},
    Error,
};

use super::{dispatch_error::DispatchError, messages::failed, node::ChainConfig};

/// The relevant content of a transaction's events.
#[derive(Default)]
pub(super) struct TxEvents {
    /// Events of contracts, in order.
    pub(super) events: Vec<ContractEvent>,
    /// Contracts that the sender instantiated, in order.
    pub(super) contracts: Vec<AccountId>,
    /// Fee that the sender paid, in planck.
    pub(super) fee: u128,
    /// Deposits of the sender in planck. Negative if they were returned.
    pub(super) deposit: i128,
    /// The error, if the transaction failed.
    pub(super) error: Option<DispatchError>,
}

// Events of the runtime, with the relevant fields. The types in the metadata may be narrower.

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct ContractEmitted {
    contract: AccountId32,
    data: Vec<u8>,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Instantiated {
    deployer: AccountId32,
    contract: AccountId32,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct StorageDepositTransferredAndHeld {
    from: AccountId32,
    amount: u128,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct StorageDepositTransferredAndReleased {
    to: AccountId32,
    amount: u128,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct CodeStored {
    deposit_held: u128,
    uploader: AccountId32,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct TransactionFeePaid {
    who: AccountId32,
    actual_fee: u128,
}

macro_rules! events_of {
    ($($pallet:ident: $($name:ident),*;)*) => {$($(
        impl StaticEvent for $name {
            const PALLET: &'static str = stringify!($pallet);
            const EVENT: &'static str = stringify!($name);
        }
    )*)*};
}

events_of! {
    Contracts: ContractEmitted, Instantiated, StorageDepositTransferredAndHeld, StorageDepositTransferredAndReleased, CodeStored;
    TransactionPayment: TransactionFeePaid;
}

impl TxEvents {
    /// Reads `records`. With a `sender`, also reads its fee and deposits.
    pub(super) fn of(
        records: impl Iterator<Item = Result<EventDetails<ChainConfig>, Error>>,
        sender: Option<&AccountId>,
    ) -> Result<Self, ChainError> {
        let mut events = Self::default();
        for record in records {
            events.add(&record.map_err(failed)?, sender).map_err(failed)?;
        }
        Ok(events)
    }

    fn add(&mut self, record: &EventDetails<ChainConfig>, sender: Option<&AccountId>) -> Result<(), Error> {
        let sends = |account: &AccountId32| sender.is_some_and(|sender| *sender == AccountId::from(account.0));
        let signed = |planck: u128| i128::try_from(planck).unwrap_or(i128::MAX);
        match (record.pallet_name(), record.variant_name()) {
            ("Contracts", "ContractEmitted") => {
                if let Some(event) = record.as_event::<ContractEmitted>()? {
                    let topics = record.topics().iter().map(|topic| topic.0).collect();
                    self.events.push(ContractEvent { contract: event.contract.0.into(), topics, data: event.data });
                }
            }
            ("Contracts", "Instantiated") => {
                if let Some(event) = record.as_event::<Instantiated>()?.filter(|event| sends(&event.deployer)) {
                    self.contracts.push(event.contract.0.into());
                }
            }
            ("Contracts", "StorageDepositTransferredAndHeld") => {
                let event = record.as_event::<StorageDepositTransferredAndHeld>()?;
                if let Some(event) = event.filter(|event| sends(&event.from)) {
                    self.deposit = self.deposit.saturating_add(signed(event.amount));
                }
            }
            ("Contracts", "StorageDepositTransferredAndReleased") => {
                let event = record.as_event::<StorageDepositTransferredAndReleased>()?;
                if let Some(event) = event.filter(|event| sends(&event.to)) {
                    self.deposit = self.deposit.saturating_sub(signed(event.amount));
                }
            }
            ("Contracts", "CodeStored") => {
                if let Some(event) = record.as_event::<CodeStored>()?.filter(|event| sends(&event.uploader)) {
                    self.deposit = self.deposit.saturating_add(signed(event.deposit_held));
                }
            }
            ("TransactionPayment", "TransactionFeePaid") => {
                if let Some(event) = record.as_event::<TransactionFeePaid>()?.filter(|event| sends(&event.who)) {
                    self.fee = self.fee.saturating_add(event.actual_fee);
                }
            }
            ("System", "ExtrinsicFailed") => self.error = Some(DispatchError::decode(&mut record.field_bytes())?),
            _ => {}
        }
        Ok(())
    }
}

//! Records of events, as a chain stores them.

use parity_scale_codec::{Compact, Decode, Encode};
use patronage_chain::ContractEvent;
use patronage_interfaces::AccountId;
use subxt::{
    ext::{scale_value::Composite, subxt_core::events::decode_from},
    Metadata, PolkadotConfig,
};

use crate::{
    node::METADATA,
    node_reader::readers::{events, TxEvents},
    world::account,
};

/// Events that the reader looks at, and some that it does not.
const KINDS: [(&str, &str); 12] = [
    ("Contracts", "ContractEmitted"),
    ("Contracts", "Instantiated"),
    ("Contracts", "StorageDepositTransferredAndHeld"),
    ("Contracts", "StorageDepositTransferredAndReleased"),
    ("Contracts", "CodeStored"),
    ("TransactionPayment", "TransactionFeePaid"),
    ("System", "ExtrinsicFailed"),
    ("System", "ExtrinsicSuccess"),
    ("Contracts", "Called"),
    ("Contracts", "Terminated"),
    ("Balances", "Transfer"),
    ("Balances", "Deposit"),
];
/// Records of an input.
const MOST_RECORDS: usize = 16;

/// Each record has a byte for its kind, one for its topics and its phase, one for the length of its fields, and its fields.
fn records(mut rest: &[u8], metadata: &Metadata) -> Vec<u8> {
    let (mut count, mut records) = (0_u32, Vec::new());
    while let ([kind, form, length, after @ ..], true) = (rest, (count as usize) < MOST_RECORDS) {
        let (fields, after) = after.split_at(usize::from(*length).min(after.len()));
        let (pallet, event) = KINDS[usize::from(*kind) % KINDS.len()];
        let pallet = metadata.pallet_by_name(pallet).expect("a pallet");
        let mut variants = pallet.event_variants().expect("events").iter();
        let variant = variants.find(|variant| variant.name == event).expect("an event").index;
        match form % 3 {
            0 => (0_u8, u32::from(form % 7)).encode_to(&mut records),
            form => form.encode_to(&mut records),
        }
        (pallet.index(), variant).encode_to(&mut records);
        records.extend(fields);
        vec![[form / 16; 32]; usize::from(form / 16 % 5)].encode_to(&mut records);
        count += 1;
        rest = after;
    }
    [Compact(count).encode(), records].concat()
}

/// A second reader, which finds fields by their names.
#[derive(Default)]
struct Second(TxEvents);

impl Default for TxEvents {
    fn default() -> Self {
        Self { events: Vec::new(), contracts: Vec::new(), fee: 0, deposit: 0, error: None }
    }
}

fn field<'a>(fields: &'a Composite<u32>, name: &str) -> &'a subxt::ext::scale_value::Value<u32> {
    let Composite::Named(fields) = fields else { panic!("no names in {fields:?}") };
    fields.iter().find(|(its, _)| its == name).map(|(_, value)| value).unwrap_or_else(|| panic!("no {name}"))
}

fn number(fields: &Composite<u32>, name: &str) -> u128 {
    field(fields, name).as_u128().expect("a number")
}

/// Bytes, however they are nested.
fn bytes(value: &subxt::ext::scale_value::Value<u32>) -> Vec<u8> {
    use subxt::ext::scale_value::ValueDef;
    match &value.value {
        ValueDef::Composite(parts) => parts.values().flat_map(bytes).collect(),
        ValueDef::Primitive(_) => vec![value.as_u128().and_then(|byte| byte.try_into().ok()).expect("a byte")],
        other => panic!("{other:?}"),
    }
}

fn id(fields: &Composite<u32>, name: &str) -> AccountId {
    <[u8; 32]>::try_from(bytes(field(fields, name))).expect("an account").into()
}

impl Second {
    fn add(&mut self, pallet: &str, event: &str, fields: &Composite<u32>, topics: Vec<[u8; 32]>, sender: &AccountId) {
        let Self(all) = self;
        let amount = |name| i128::try_from(number(fields, name)).unwrap_or(i128::MAX);
        match (pallet, event) {
            ("Contracts", "ContractEmitted") => {
                let (contract, data) = (id(fields, "contract"), bytes(field(fields, "data")));
                all.events.push(ContractEvent { contract, topics, data });
            }
            ("Contracts", "Instantiated") if id(fields, "deployer") == *sender => {
                all.contracts.push(id(fields, "contract"));
            }
            ("Contracts", "StorageDepositTransferredAndHeld") if id(fields, "from") == *sender => {
                all.deposit = all.deposit.saturating_add(amount("amount"));
            }
            ("Contracts", "StorageDepositTransferredAndReleased") if id(fields, "to") == *sender => {
                all.deposit = all.deposit.saturating_sub(amount("amount"));
            }
            ("Contracts", "CodeStored") if id(fields, "uploader") == *sender => {
                all.deposit = all.deposit.saturating_add(amount("deposit_held"));
            }
            ("TransactionPayment", "TransactionFeePaid") if id(fields, "who") == *sender => {
                all.fee = all.fee.saturating_add(number(fields, "actual_fee"));
            }
            _ => {}
        }
    }
}

/// The first byte chooses whether the rest are records as they are, or their parts.
pub fn check(data: &[u8]) {
    let Some((form, rest)) = data.split_first() else { return };
    thread_local!(static METADATA_OF_CHAIN: Metadata = Metadata::decode(&mut &METADATA[..]).expect("metadata"));
    METADATA_OF_CHAIN.with(|metadata| {
        let records = if *form == 0 { rest.to_vec() } else { records(rest, metadata) };
        let sender = account(3);
        let read = events(records.clone(), metadata, Some(&sender));
        let mut second = Second::default();
        for record in decode_from::<PolkadotConfig>(records, metadata.clone()).iter() {
            let Ok(record) = record else {
                assert!(read.is_err(), "a malformed record is left out");
                return;
            };
            let Ok(fields) = record.field_values() else {
                panic!("a second reader does not read {}.{}", record.pallet_name(), record.variant_name());
            };
            let topics = record.topics().iter().map(|topic| topic.0).collect();
            second.add(record.pallet_name(), record.variant_name(), &fields, topics, &sender);
        }
        // The error of a failed transaction has a reader of its own, which knows fewer of them.
        let Ok(read) = read else { return };
        let Second(mut expected) = second;
        expected.error = read.error.clone();
        assert_eq!(read, expected);
    });
}

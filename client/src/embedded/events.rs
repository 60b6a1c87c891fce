use drink::{
    frame_support::sp_runtime::testing::H256,
    minimal::{MinimalSandboxRuntime, RuntimeEvent},
    pallet_contracts::Event,
};
use ink::scale::{Decode, Encode};
use patronage_interfaces::AccountId;

use super::contract_account;

/// An event that a contract emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractEvent {
    /// The contract that emitted it.
    pub contract: AccountId,
    /// Topics in order: the event's signature first, then each field marked as a topic.
    pub topics: Vec<[u8; 32]>,
    /// All fields, SCALE encoded.
    pub data: Vec<u8>,
}

impl ContractEvent {
    /// The event as a `T`, where its first topic is the signature of `T` and its data decodes.
    pub fn decode<T: ink::env::Event + Decode>(&self) -> Option<T> {
        let named = T::SIGNATURE_TOPIC.is_some() && self.topics.first() == T::SIGNATURE_TOPIC.as_ref();
        named.then(|| T::decode(&mut &self.data[..]).ok()).flatten()
    }
}

pub(super) fn of_contracts(records: impl Iterator<Item = (RuntimeEvent, Vec<H256>)>) -> Vec<ContractEvent> {
    records
        .filter_map(|(event, topics)| match event {
            RuntimeEvent::Contracts(Event::<MinimalSandboxRuntime>::ContractEmitted { contract, data }) => {
                let topics = topics.iter().map(|topic| topic.0).collect();
                Some(ContractEvent { contract: contract_account(&contract), topics, data })
            }
            _ => None,
        })
        .collect()
}

/// Topic of a field: the encoded value itself where it is at most 32 bytes, padded with zeros, else its BLAKE2b-256.
pub fn field_topic(value: &impl Encode) -> [u8; 32] {
    let encoded = value.encode();
    match encoded.len() {
        0..=32 => {
            let mut topic = [0; 32];
            topic[..encoded.len()].copy_from_slice(&encoded);
            topic
        }
        _ => sp_core::hashing::blake2_256(&encoded),
    }
}

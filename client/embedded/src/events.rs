use drink::{
    frame_support::sp_runtime::testing::H256,
    minimal::{MinimalSandboxRuntime, RuntimeEvent},
    pallet_contracts::Event,
};
use ink::scale::Encode;

use super::contract_account;
use crate::chain::ContractEvent;

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

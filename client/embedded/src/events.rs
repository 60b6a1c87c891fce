use drink::{
    frame_support::sp_runtime::testing::H256,
    minimal::{MinimalSandboxRuntime, RuntimeEvent},
    pallet_contracts::Event,
};
use patronage_chain::ContractEvent;

use super::contract_account;

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

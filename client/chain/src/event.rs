use ink::scale::Decode;
use patronage_interfaces::AccountId;

/// An event that a contract emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode)]
pub struct ContractEvent {
    /// The contract that emitted it.
    pub contract: AccountId,
    /// Topics in order: the event's signature, and then the fields that are marked as topics.
    pub topics: Vec<[u8; 32]>,
    /// SCALE encoding of all fields.
    pub data: Vec<u8>,
}

impl ContractEvent {
    /// Decodes the event as a `T`. Returns `None` if its first topic is not the signature of `T`, or its data is malformed.
    pub fn decode<T: ink::env::Event + Decode>(&self) -> Option<T> {
        let named = T::SIGNATURE_TOPIC.is_some() && self.topics.first() == T::SIGNATURE_TOPIC.as_ref();
        named.then(|| T::decode(&mut &self.data[..]).ok()).flatten()
    }
}

/// An event with its block.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode)]
pub struct PastEvent {
    /// Number of the block.
    pub block: u32,
    /// Time of the block in ms.
    pub time: u64,
    /// The event.
    pub event: ContractEvent,
}

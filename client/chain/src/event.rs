use ink::scale::Decode;
use patronage_interfaces::AccountId;

/// An event that a contract emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode)]
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

/// An event of the past.
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

use ink::primitives::AccountId;
use ink_lite::{
    alloc_zeroed,
    calls::{call, Limits},
    env,
};
use patronage_interfaces::{
    calls,
    registry::{ContentId, RegistryError},
};

/// The maximum length of a vault's return data, in bytes. Longer data ends the call.
const MAX_RETURN_DATA: usize = 256;

/// Pays `price` planck to the vault for the content `id`. After an error the message must fail.
pub fn pay(vault: &AccountId, id: ContentId, price: u128) -> Result<(), RegistryError> {
    // The caller waits for this contract, so it cannot be called. Trying would end the call.
    if *vault == env::caller() {
        return Err(RegistryError::VaultFailed);
    }
    let message = calls::pay(id.into());
    let reply = call(vault, Limits::default(), price, message.input, Some(alloc_zeroed(MAX_RETURN_DATA)));
    match message.decode_reply(reply) {
        Some(result) => result.map_err(RegistryError::Refused),
        None => Err(RegistryError::VaultFailed),
    }
}

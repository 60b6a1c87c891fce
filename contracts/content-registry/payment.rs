use ink::primitives::AccountId;
use ink_lite::{
    alloc_zeroed,
    calls::{self, Limits, Reply},
    env,
};
use patronage_interfaces::{
    patronage::PayError,
    registry::{ContentId, RegistryError},
};

/// Longest answer of a vault that is not an offence.
const ANSWER: usize = 256;

/// Gives `price` planck to the vault, for what was bought. The vault takes it as a whole, or the message must fail.
pub fn pay(vault: &AccountId, id: ContentId, price: u128) -> Result<(), RegistryError> {
    // Who waits for this contract can't be called, and trying would end the call.
    if *vault == env::caller() {
        return Err(RegistryError::VaultFailed);
    }
    let purpose = u64::from(id).to_le_bytes();
    let input = calls::message(ink::selector_bytes!("Patronage::pay"), &[&purpose]);
    // ink!'s `Ok` around the vault's own `Ok` or `Err`.
    match calls::call(vault, Limits::default(), price, input, Some(alloc_zeroed(ANSWER))) {
        Reply::Answer([0, 0]) => Ok(()),
        Reply::Refusal([0, 1, 0]) => Err(RegistryError::Refused(PayError::NothingSent)),
        Reply::Refusal([0, 1, 1]) => Err(RegistryError::Refused(PayError::Paused)),
        Reply::Refusal([0, 1, 2]) => Err(RegistryError::Refused(PayError::Overflow)),
        _ => Err(RegistryError::VaultFailed),
    }
}

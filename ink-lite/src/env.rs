//! Environment of a call: who calls, the time, value and payments. Native amounts are in planck, times in ms.

#[cfg(not(feature = "std"))]
pub use chain::*;
#[cfg(feature = "std")]
pub use engine::*;

/// Implementation by host functions of pallet-contracts, which return little-endian SCALE.
#[cfg(not(feature = "std"))]
mod chain {
    use ink::primitives::AccountId;
    use pallet_contracts_uapi::{HostFn, HostFnImpl as api, ReturnFlags};

    /// Account of the caller.
    #[inline(never)]
    pub fn caller() -> AccountId {
        let mut account = AccountId([0; 32]);
        api::caller(&mut &mut account.0[..]);
        account
    }

    /// The contract's own account.
    #[inline(never)]
    pub fn own_account() -> AccountId {
        let mut account = AccountId([0; 32]);
        api::address(&mut &mut account.0[..]);
        account
    }

    /// Value transferred with the call in planck, for any width of balances.
    #[inline(never)]
    pub fn value() -> u128 {
        let mut value = [0; 16];
        api::value_transferred(&mut &mut value[..]);
        u128::from_le_bytes(value)
    }

    /// Balance of the contract in planck.
    #[inline(never)]
    pub fn balance() -> u128 {
        let mut balance = [0; 16];
        api::balance(&mut &mut balance[..]);
        u128::from_le_bytes(balance)
    }

    /// Time of the block.
    #[inline(never)]
    pub fn now() -> u64 {
        let mut time = [0; 8];
        api::now(&mut &mut time[..]);
        u64::from_le_bytes(time)
    }

    /// Pays `amount`, a balance of the chain in SCALE. Returns whether it succeeded.
    pub fn transfer(to: &AccountId, amount: &[u8]) -> bool {
        api::transfer(&to.0, amount).is_ok()
    }

    /// Reverts the call, without return data.
    pub fn abort() -> ! {
        panic!()
    }

    /// Ends the call with return data. If `reverted`, nothing has changed.
    #[inline(never)]
    pub(crate) fn answer(reverted: bool, answer: &[u8]) -> ! {
        api::return_value(if reverted { ReturnFlags::REVERT } else { ReturnFlags::empty() }, answer)
    }

    /// Copies the call's input into `place`.
    pub(crate) fn input(place: &mut [u8]) -> &[u8] {
        let mut input = place;
        api::input(&mut input);
        input
    }

    pub(crate) fn get<'a>(key: &[u8], place: &'a mut [u8]) -> Option<&'a [u8]> {
        let mut value = place;
        api::get_storage_v1(key, &mut value).ok()?;
        Some(value)
    }

    pub(crate) fn set(key: &[u8], value: &[u8]) {
        api::set_storage_v2(key, value);
    }

    pub(crate) fn clear(key: &[u8]) {
        api::clear_storage_v1(key);
    }

    pub(crate) fn deposit_event(topics: &[u8], data: &[u8]) {
        api::deposit_event(topics, data);
    }
}

/// Implementation by ink!'s test environment, which supports balances of 128 bits only.
#[cfg(feature = "std")]
mod engine {
    use ink::{
        env::DefaultEnvironment,
        primitives::AccountId,
        scale::{Decode, Encode, Error, Input, Output},
    };

    /// Account of the caller.
    pub fn caller() -> AccountId {
        ink::env::caller::<DefaultEnvironment>()
    }

    /// The contract's own account.
    pub fn own_account() -> AccountId {
        ink::env::account_id::<DefaultEnvironment>()
    }

    /// Value transferred with the call in planck.
    pub fn value() -> u128 {
        ink::env::transferred_value::<DefaultEnvironment>()
    }

    /// Balance of the contract in planck.
    pub fn balance() -> u128 {
        ink::env::balance::<DefaultEnvironment>()
    }

    /// Time of the block.
    pub fn now() -> u64 {
        ink::env::block_timestamp::<DefaultEnvironment>()
    }

    /// Pays `amount`, a balance in SCALE. Returns whether it succeeded.
    pub fn transfer(to: &AccountId, mut amount: &[u8]) -> bool {
        let amount = u128::decode(&mut amount);
        amount.is_ok_and(|amount| ink::env::transfer::<DefaultEnvironment>(*to, amount).is_ok())
    }

    /// Ends the test.
    pub fn abort() -> ! {
        panic!("the contract stopped the call")
    }

    pub(crate) fn get<'a>(key: &[u8], place: &'a mut [u8]) -> Option<&'a [u8]> {
        let bytes = ink::env::get_contract_storage::<_, Bytes>(&Bytes(key.to_vec())).ok()??.0;
        let value = place.get_mut(..bytes.len())?;
        value.copy_from_slice(&bytes);
        Some(value)
    }

    pub(crate) fn set(key: &[u8], value: &[u8]) {
        ink::env::set_contract_storage(&Bytes(key.to_vec()), &Bytes(value.to_vec()));
    }

    pub(crate) fn clear(key: &[u8]) {
        ink::env::clear_contract_storage(&Bytes(key.to_vec()));
    }

    /// Bytes that are already encoded.
    struct Bytes(Vec<u8>);

    impl Encode for Bytes {
        fn encode_to<T: Output + ?Sized>(&self, to: &mut T) {
            to.write(&self.0);
        }
    }

    impl Decode for Bytes {
        fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
            let mut bytes = vec![0; input.remaining_len()?.unwrap_or(0)];
            input.read(&mut bytes)?;
            Ok(Self(bytes))
        }
    }
}

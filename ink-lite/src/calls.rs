//! Calls to other contracts. None of them allows reentrancy.

use crate::{alloc_zeroed, writer::Writer};
use ink::scale::Output;

#[cfg(not(feature = "std"))]
pub use chain::*;
#[cfg(feature = "std")]
pub use engine::*;

/// Limits of a call; 0 for no limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Computing time in ps, without the loading of the callee's code.
    pub ref_time: u64,
    /// Size of the proof in bytes.
    pub proof_size: u64,
    /// Storage deposit in planck that the callee can charge to the sender of the transaction.
    pub deposit: u128,
}

impl Limits {
    /// For queries: the callee can store nothing. A limit of 0 would be no limit, and 1 planck is below the smallest
    /// deposit. The chain ends the call if the callee stores anything.
    pub const QUESTION: Self = Self { ref_time: 0, proof_size: 0, deposit: 1 };
}

/// Result of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply<'a> {
    /// The callee returned this.
    Answer(&'a [u8]),
    /// The callee reverted with this, and has changed nothing.
    Refusal(&'a [u8]),
    /// The callee trapped, ran out of gas, or is not a contract. It has changed nothing.
    Failure,
}

/// The maximum length of a message: a selector and four accounts.
const MESSAGE: usize = 4 + 4 * 32;

/// A message of a selector and its arguments in SCALE, at most 128 bytes of them.
#[inline(never)]
pub fn message(selector: [u8; 4], arguments: &[&[u8]]) -> &'static [u8] {
    let mut writer = Writer::new(alloc_zeroed(MESSAGE));
    writer.write(&selector);
    for argument in arguments {
        writer.write(argument);
    }
    writer.done()
}

/// Implementation by host functions of pallet-contracts.
#[cfg(not(feature = "std"))]
mod chain {
    use super::{Limits, Reply};
    use ink::primitives::AccountId;
    use pallet_contracts_uapi::{CallFlags, HostFn, HostFnImpl as api, ReturnErrorCode};

    /// Calls `contract` with `input` (selector and arguments) and `value` planck, which must fit the chain's balances.
    /// The return data is put into `buffer`. With `None`, it is ignored.
    ///
    /// The chain ends this call if the return data is longer than `buffer`, if `contract` is waiting for this call, if
    /// it stores more than it may, or if the call stack is full. [`call_isolated`] turns these cases into a failure.
    #[inline]
    pub fn call<'a>(
        contract: &AccountId,
        limits: Limits,
        value: u128,
        input: &[u8],
        place: Option<&'a mut [u8]>,
    ) -> Reply<'a> {
        let mut answer = place;
        // Little endian, so the first bytes are the value for any width of balances.
        let value = value.to_le_bytes();
        let Limits { ref_time, proof_size, deposit } = limits;
        let deposit = deposit.to_le_bytes();
        let result = api::call_v2(
            CallFlags::empty(),
            &contract.0,
            ref_time,
            proof_size,
            Some(&deposit),
            &value,
            input,
            answer.as_mut(),
        );
        reply(result, answer.unwrap_or_default())
    }

    fn reply(result: Result<(), ReturnErrorCode>, answer: &[u8]) -> Reply<'_> {
        match result {
            Ok(()) => Reply::Answer(answer),
            Err(ReturnErrorCode::CalleeReverted) => Reply::Refusal(answer),
            Err(_) => Reply::Failure,
        }
    }

    /// Calls the contract itself with `input`, in its own frame, so that nothing in it ends this call. The frame loads
    /// the contract's code again. The return data is put into `buffer`, which must be long enough.
    #[inline(never)]
    pub fn call_isolated<'a>(input: &[u8], place: &'a mut [u8]) -> Reply<'a> {
        let mut code = [0; 32];
        api::own_code_hash(&mut code);
        let mut answer = place;
        let result = api::delegate_call(CallFlags::empty(), &code, input, Some(&mut answer));
        reply(result, answer)
    }
}

/// ink!'s test environment has no other contracts.
#[cfg(feature = "std")]
mod engine {
    use super::{Limits, Reply};
    use ink::primitives::AccountId;

    /// Always fails.
    pub fn call<'a>(_: &AccountId, _: Limits, _: u128, _: &[u8], _: Option<&'a mut [u8]>) -> Reply<'a> {
        Reply::Failure
    }

    /// Always fails.
    pub fn call_isolated<'a>(_: &[u8], _: &'a mut [u8]) -> Reply<'a> {
        Reply::Failure
    }
}

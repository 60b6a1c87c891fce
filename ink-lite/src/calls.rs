//! Calls to other contracts. None lets the callee call back.

use crate::{alloc_zeroed, writer::Writer};
use ink::scale::Output;

#[cfg(not(feature = "std"))]
pub use chain::*;
#[cfg(feature = "std")]
pub use engine::*;

/// What a call may use at most; 0 for all there is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Computing time in ps, without loading the callee's code.
    pub ref_time: u64,
    /// Size of the proof in bytes.
    pub proof_size: u64,
    /// Storage deposit in planck that the callee may charge to the sender of the transaction.
    pub deposit: u128,
}

impl Limits {
    /// Lets the callee answer and store nothing. A limit of 0 would be no limit; 1 planck is less than the smallest deposit.
    /// The chain ends the call where the callee stores all the same.
    pub const QUESTION: Self = Self { ref_time: 0, proof_size: 0, deposit: 1 };
}

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply<'a> {
    /// The callee answered this.
    Answer(&'a [u8]),
    /// The callee answered this, and has changed nothing.
    Refusal(&'a [u8]),
    /// The callee trapped, used up what it was given, or is no contract. It has changed nothing.
    Failure,
}

/// Longest message: a selector and four accounts.
const MESSAGE: usize = 4 + 4 * 32;

/// A message of a selector and its arguments in SCALE, which are at most 128 bytes.
#[inline(never)]
pub fn message(selector: [u8; 4], arguments: &[&[u8]]) -> &'static [u8] {
    let mut writer = Writer::new(alloc_zeroed(MESSAGE));
    writer.write(&selector);
    for argument in arguments {
        writer.write(argument);
    }
    writer.done()
}

/// By the host functions of pallet-contracts.
#[cfg(not(feature = "std"))]
mod chain {
    use super::{Limits, Reply};
    use ink::primitives::AccountId;
    use pallet_contracts_uapi::{CallFlags, HostFn, HostFnImpl as api, ReturnErrorCode};

    /// Sends `contract` an `input`, which is a selector and arguments, and `value` planck, which the chain must be able to count.
    /// The answer is put into `place`; where there is none, it is not read, whatever it is, and given as nothing.
    ///
    /// Ends the call where the answer is longer than `place`, where `contract` waits for this very call or stores more than it may,
    /// and where the stack is as deep as the chain allows. [`call_isolated`] makes a failure of that.
    #[inline]
    pub fn call<'a>(
        contract: &AccountId,
        limits: Limits,
        value: u128,
        input: &[u8],
        place: Option<&'a mut [u8]>,
    ) -> Reply<'a> {
        let mut answer = place;
        // Little end first, so that the first bytes are the value in the width of any chain.
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

    /// Sends the contract an `input` of its own, in a frame of its own: what ends that call is a failure here and nothing more.
    /// The frame loads the contract's code once more. The answer is put into `place`, which must be long enough for it.
    #[inline(never)]
    pub fn call_isolated<'a>(input: &[u8], place: &'a mut [u8]) -> Reply<'a> {
        let mut code = [0; 32];
        api::own_code_hash(&mut code);
        let mut answer = place;
        let result = api::delegate_call(CallFlags::empty(), &code, input, Some(&mut answer));
        reply(result, answer)
    }
}

/// There are no other contracts in ink!'s engine for unit tests.
#[cfg(feature = "std")]
mod engine {
    use super::{Limits, Reply};
    use ink::primitives::AccountId;

    /// Fails.
    pub fn call<'a>(_: &AccountId, _: Limits, _: u128, _: &[u8], _: Option<&'a mut [u8]>) -> Reply<'a> {
        Reply::Failure
    }

    /// Fails.
    pub fn call_isolated<'a>(_: &[u8], _: &'a mut [u8]) -> Reply<'a> {
        Reply::Failure
    }
}

//! Host functions of a call, from the trace of `pallet-contracts`, and their weight by the chain's schedule.

use std::sync::Once;

use anyhow::{bail, Context, Result};
use drink::{
    minimal::MinimalSandboxRuntime,
    pallet_contracts::{Config, HostFnWeights, WeightInfo},
    Weight,
};

/// Log target at which `pallet-contracts` enables tracing of host functions.
const TARGET: &str = "runtime::contracts::strace";

type Weights = <MinimalSandboxRuntime as Config>::WeightInfo;

/// Enables the trace of host functions. It charges nothing, so no weight changes.
pub fn trace() {
    struct Tracer;
    impl log::Log for Tracer {
        fn enabled(&self, metadata: &log::Metadata) -> bool {
            metadata.target() == TARGET
        }
        // The trace is in the call's result, and not in the log.
        fn log(&self, _: &log::Record) {}
        fn flush(&self) {}
    }
    static START: Once = Once::new();
    START.call_once(|| {
        // With another logger the trace stays empty, and `HostCalls::read` fails.
        if log::set_logger(&Tracer).is_ok() {
            log::set_max_level(log::LevelFilter::Trace);
        }
    });
}

/// Host functions of one call in order, including those of called contracts.
pub struct HostCalls<'a>(Vec<HostCall<'a>>);

/// A host function with its arguments and results.
struct HostCall<'a> {
    name: &'a str,
    arguments: &'a str,
    result: &'a str,
}

impl<'a> HostCalls<'a> {
    /// Reads a trace.
    ///
    /// # Errors
    ///
    /// If it is empty, or not in the format of `pallet-contracts` 31.
    pub fn read(trace: &'a [u8]) -> Result<Self> {
        let text = std::str::from_utf8(trace).context("the trace of host functions is no text")?;
        let calls: Option<Vec<_>> = text.lines().map(HostCall::read).collect();
        match calls {
            Some(calls) if !calls.is_empty() => Ok(Self(calls)),
            _ => bail!("the trace of host functions is empty or in an unknown form: {text:?}"),
        }
    }

    /// Whether the contract returned an error, which reverts its changes.
    pub fn reverted(&self) -> Result<bool> {
        // The delegate call from the hot code to the cold one can follow.
        let last = self.0.iter().rfind(|call| call.name == "return").context("the contract did not return")?;
        Ok(last.number("flags")? & 1 == 1)
    }

    /// Weight of the host functions alone, for a message of `input` bytes: the least cost of this work, whatever the
    /// code. The trace does not show two things, so they are not included: bytes of values that are read and of other
    /// contracts' answers (about a thousand ps each), and the surcharge for value sent with a call to another contract
    /// (hundreds of millions of ps).
    ///
    /// # Errors
    ///
    /// If a host function is not in the table below.
    pub fn weight(&self, input: usize) -> Result<Weight> {
        let schedule = HostFnWeights::<MinimalSandboxRuntime>::default();
        let input = schedule.input_per_byte.saturating_mul(u64::try_from(input)?);
        self.0.iter().try_fold(input, |sum, call| Ok(sum.saturating_add(call.weight(&schedule)?)))
    }

    /// Number of uses of each host function, the most used first.
    pub fn counts(&self) -> Vec<(&'a str, usize)> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for HostCall { name, .. } in &self.0 {
            match counts.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => counts.push((name, 1)),
            }
        }
        counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        counts
    }
}

impl<'a> HostCall<'a> {
    /// Reads a line such as `seal1::get_storage(key_ptr: 7, key_len: 36, ..) = Ok(Success)`.
    fn read(line: &'a str) -> Option<Self> {
        let (head, result) = line.split_once(") = ")?;
        let (name, arguments) = head.split_once('(')?;
        let (_, name) = name.split_once("::")?;
        Some(Self { name: name.strip_prefix("seal_").unwrap_or(name), arguments, result })
    }

    fn number(&self, argument: &str) -> Result<u64> {
        let mut pairs = self.arguments.split(", ").filter_map(|pair| pair.split_once(": "));
        let found = pairs.find(|(name, _)| *name == argument);
        let number = found.and_then(|(_, value)| value.parse().ok());
        number.with_context(|| format!("the trace of {} has no {argument}: {}", self.name, self.arguments))
    }

    /// Length of the value that a write replaced or removed.
    fn old_length(&self) -> Result<u64> {
        let number = self.result.strip_prefix("Ok(").and_then(|rest| rest.strip_suffix(')'));
        let length: u32 = number
            .and_then(|number| number.parse().ok())
            .with_context(|| format!("the trace of {} has no old length: {}", self.name, self.result))?;
        // The pallet's sentinel for a missing value.
        Ok(if length == u32::MAX { 0 } else { length.into() })
    }

    /// Follows `RuntimeCosts::weight` of the pallet's `wasm/runtime.rs`, which is private.
    fn weight(&self, schedule: &HostFnWeights<MinimalSandboxRuntime>) -> Result<Weight> {
        let s = schedule;
        let bytes = |base: Weight, per_byte: Weight, count: u64| base.saturating_add(per_byte.saturating_mul(count));
        Ok(match self.name {
            "caller" => s.caller,
            "address" => s.address,
            "own_code_hash" => s.own_code_hash,
            "balance" => s.balance,
            "value_transferred" => s.value_transferred,
            "minimum_balance" => s.minimum_balance,
            "now" => s.now,
            "is_contract" => s.is_contract,
            "gas_left" => s.gas_left,
            "block_number" => s.block_number,
            "input" => s.input,
            "return" => bytes(s.r#return, s.return_per_byte, self.number("data_len")?),
            "get_storage" => s.get_storage,
            "take_storage" => s.take_storage,
            "contains_storage" => s.contains_storage,
            "clear_storage" => bytes(s.clear_storage, s.clear_storage_per_byte, self.old_length()?),
            "set_storage" => bytes(
                bytes(s.set_storage, s.set_storage_per_new_byte, self.number("value_len")?),
                s.set_storage_per_old_byte,
                self.old_length()?,
            ),
            "deposit_event" => {
                // The topics are an encoded list of 32 bytes each.
                let topics = self.number("topics_len")? / 32;
                let event = bytes(s.deposit_event, s.deposit_event_per_byte, self.number("data_len")?);
                bytes(event, s.deposit_event_per_topic, topics)
            }
            "transfer" => s.transfer,
            // The callee copies in what the caller copies out.
            "call" => bytes(s.call, s.return_per_byte.saturating_add(s.input_per_byte), self.number("input_data_len")?),
            "delegate_call" => bytes(
                s.delegate_call,
                s.return_per_byte.saturating_add(s.input_per_byte),
                self.number("input_data_len")?,
            ),
            "lock_delegate_dependency" => s.lock_delegate_dependency,
            "hash_sha2_256" => bytes(s.hash_sha2_256, s.hash_sha2_256_per_byte, self.number("input_len")?),
            "hash_keccak_256" => bytes(s.hash_keccak_256, s.hash_keccak_256_per_byte, self.number("input_len")?),
            "hash_blake2_256" => bytes(s.hash_blake2_256, s.hash_blake2_256_per_byte, self.number("input_len")?),
            "hash_blake2_128" => bytes(s.hash_blake2_128, s.hash_blake2_128_per_byte, self.number("input_len")?),
            unknown => bail!("the host function {unknown} has no weight in tools/bench/src/host.rs: add it there"),
        })
    }
}

/// Weight of loading this many bytes of code, which every call pays.
pub fn load(code_bytes: usize) -> Result<Weight> {
    let length = u32::try_from(code_bytes).context("code that long fits on no chain")?;
    Ok(Weights::call_with_code_per_byte(length).saturating_sub(Weights::call_with_code_per_byte(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "seal0::input(out_ptr: 1, out_len_ptr: 2) = Ok(())\n\
        seal1::get_storage(key_ptr: 3, key_len: 36, out_ptr: 4, out_len_ptr: 5) = Ok(KeyNotFound)\n\
        seal2::set_storage(key_ptr: 3, key_len: 36, value_ptr: 4, value_len: 16) = Ok(4294967295)\n\
        seal0::deposit_event(topics_ptr: 3, topics_len: 97, data_ptr: 4, data_len: 80) = Ok(())\n\
        seal0::seal_return(flags: 0, data_ptr: 3, data_len: 2) = Err(Return(ReturnData { flags: 0, data: [0, 0] }))\n";

    #[test]
    fn the_host_cost_is_the_sum_of_the_schedules_weights() {
        let calls = HostCalls::read(TRACE.as_bytes()).unwrap();
        let s = HostFnWeights::<MinimalSandboxRuntime>::default();
        let expected = [
            s.input,
            s.input_per_byte * 53,
            s.get_storage,
            s.set_storage,
            s.set_storage_per_new_byte * 16,
            s.deposit_event,
            s.deposit_event_per_topic * 3,
            s.deposit_event_per_byte * 80,
            s.r#return,
            s.return_per_byte * 2,
        ];
        let sum = expected.into_iter().fold(Weight::zero(), |sum, weight| sum + weight);
        assert_eq!(calls.weight(53).unwrap(), sum);
        // A read and a write, in tenths of a million ps.
        let rounded = |weight: Weight| (weight.ref_time() + 50_000) / 100_000;
        assert_eq!([s.get_storage, s.set_storage].map(rounded), [302, 1_315]);
        assert_eq!(load(1).unwrap().ref_time(), 33_471);
    }

    #[test]
    fn an_error_in_the_answer_is_detected() {
        assert!(!HostCalls::read(TRACE.as_bytes()).unwrap().reverted().unwrap());
        let refused = TRACE.replace("flags: 0", "flags: 1");
        assert!(HostCalls::read(refused.as_bytes()).unwrap().reverted().unwrap());
    }

    #[test]
    fn unknown_host_functions_are_an_error() {
        assert!(HostCalls::read(b"").is_err());
        assert!(HostCalls::read(b"something else").is_err());
        let unknown = HostCalls::read(b"seal0::teleport(to: 1) = Ok(())").map(|calls| calls.weight(0));
        assert!(unknown.unwrap().unwrap_err().to_string().contains("teleport"));
        let no_length = HostCalls::read(b"seal2::set_storage(key_ptr: 3) = Ok(7)").map(|calls| calls.weight(0));
        assert!(no_length.unwrap().is_err());
    }
}

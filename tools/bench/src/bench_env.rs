//! A chain whose contract calls are measured.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{bail, ensure, Context, Result};
use contract_metadata::ContractMetadata;
use ink::{
    env::Environment,
    scale::{Decode, Encode},
};
use patronage_chain::{Call, Chain, Message, Messages, Receipt, Target, Weight};
use patronage_interfaces::AccountId;
use serde_json::Value;
use test_kit::TestEnv;
use wasmparser::{Operator, Parser, Payload};

use crate::{
    figures::{Cost, Figures, HostCost},
    host::{self, HostCalls},
};

/// A built contract: its code, and its messages by selector.
pub struct Built {
    /// Its name among the figures.
    pub name: String,
    /// Its code for the chain.
    pub code: Vec<u8>,
    /// Its cold code, if there is one.
    pub cold: Option<Vec<u8>>,
    /// Its compiler.
    pub compiler: String,
    messages: BTreeMap<[u8; 4], String>,
}

impl Built {
    /// The messages that the contract's own code knows; the others are in the cold code.
    ///
    /// # Errors
    ///
    /// When the code is no Wasm module.
    pub fn hot(&self) -> Result<Vec<String>> {
        let known = constants(&self.code).with_context(|| format!("{}: the code can't be read", self.name))?;
        // The entry points read a selector as an integer with the little end first.
        let is_hot = |selector: &[u8; 4]| known.contains(&i32::from_le_bytes(*selector));
        let hot = self.messages.iter().filter(|(selector, _)| is_hot(selector)).map(|(_, label)| label.clone());
        // In the order of their names.
        Ok(hot.collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// Reads a bundle.
    ///
    /// # Errors
    ///
    /// If it is missing, damaged or has no code.
    pub fn read(name: &str, bundle: &std::path::Path) -> Result<Self> {
        let unreadable = || format!("{} can't be read as a contract bundle: run scripts/build", bundle.display());
        let metadata = ContractMetadata::load(bundle).with_context(unreadable)?;
        let compiler = metadata.source.compiler.to_string();
        let is_split = metadata.source.build_info.as_ref().is_some_and(|info| info.contains_key("cold_code_hash"));
        let cold = if is_split {
            Some(std::fs::read(bundle.with_extension("cold.wasm")).with_context(unreadable)?)
        } else {
            None
        };
        let code = metadata.source.wasm.with_context(unreadable)?.0;
        let messages = metadata.abi.get("spec").and_then(|spec| spec.get("messages")).and_then(Value::as_array);
        let messages = messages.with_context(unreadable)?.iter().map(|message| {
            let label = message.get("label")?.as_str()?.to_owned();
            let selector = message.get("selector")?.as_str()?.strip_prefix("0x")?;
            Some((u32::from_str_radix(selector, 16).ok()?.to_be_bytes(), label))
        });
        let messages: Option<BTreeMap<_, _>> = messages.collect();
        Ok(Self { name: name.into(), code, cold, compiler, messages: messages.with_context(unreadable)? })
    }

    /// Names of the messages, sorted.
    pub fn messages(&self) -> BTreeSet<&str> {
        self.messages.values().map(String::as_str).collect()
    }
}

/// The figures so far, and the contracts that can be measured.
#[derive(Default)]
pub struct Record {
    /// The figures.
    pub figures: Figures,
    contracts: Vec<Built>,
}

impl Record {
    /// Adds a contract that can be measured.
    ///
    /// # Errors
    ///
    /// If its code is too large.
    pub fn add(&mut self, contract: Built) -> Result<()> {
        let bytes = u64::try_from(contract.code.len())?;
        self.figures.code_bytes.insert(contract.name.clone(), bytes);
        if let Some(cold) = &contract.cold {
            self.figures.code_bytes.insert(cold_of(&contract.name), u64::try_from(cold.len())?);
            self.figures.hot.insert(contract.name.clone(), contract.hot()?);
        }
        // All builds use the same toolchain.
        self.figures.compiler.clone_from(&contract.compiler);
        self.contracts.push(contract);
        Ok(())
    }

    /// Returns a contract by its name among the figures.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn contract(&self, name: &str) -> Result<&Built> {
        self.contracts.iter().find(|known| known.name == name).with_context(|| format!("there is no contract {name}"))
    }

    fn add_cost(&mut self, contract: &str, call: String, spent: Spent) -> Result<()> {
        ensure!(self.figures.cost(contract, &call).is_none(), "{contract}: {call} is measured twice under one name");
        let Spent { ref_time, proof_size, deposit, host_cost } = spent;
        self.figures.calls.push(Cost { contract: contract.into(), call: call.clone(), ref_time, proof_size, deposit });
        self.figures.host_costs.push(HostCost { contract: contract.into(), call, ..host_cost });
        Ok(())
    }

    /// Checks that every message of a contract is measured, or `left_out` with a reason.
    ///
    /// # Errors
    ///
    /// Names the messages that are neither, or both.
    pub fn ensure_complete(&self, name: &str, left_out: &[(&str, &str)]) -> Result<()> {
        let of_contract = self.figures.calls.iter().filter(|cost| cost.contract == name);
        let measured: BTreeSet<_> = of_contract.map(Cost::message).collect();
        let left_out: BTreeSet<_> = left_out.iter().map(|(message, _)| *message).collect();
        let all = self.contract(name)?.messages();
        let missing: Vec<_> = all.iter().filter(|m| !measured.contains(*m) && !left_out.contains(*m)).collect();
        ensure!(
            missing.is_empty(),
            "{name}: nothing measures {missing:?}: add them to tools/bench/src/scenarios, or leave them out there with \
             the reason"
        );
        let needless: Vec<_> = left_out.iter().filter(|m| measured.contains(*m) || !all.contains(*m)).collect();
        ensure!(needless.is_empty(), "{name}: {needless:?} are left out, but they are measured or do not exist");
        Ok(())
    }
}

/// Name of a contract's cold code among the figures.
pub fn cold_of(contract: &str) -> String {
    format!("{contract}, cold")
}

/// All 32-bit constants in the code of a module.
fn constants(module: &[u8]) -> Result<BTreeSet<i32>> {
    let mut constants = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CodeSectionEntry(body) = payload? else { continue };
        for operator in body.get_operators_reader()? {
            if let Operator::I32Const { value } = operator? {
                constants.insert(value);
            }
        }
    }
    Ok(constants)
}

/// Weight and deposit of a transaction.
pub struct Spent {
    /// Computing time, in picoseconds.
    pub ref_time: u64,
    /// Bytes of proof.
    pub proof_size: u64,
    /// Storage deposit in planck.
    pub deposit: i64,
    host_cost: HostCost,
}

impl Spent {
    fn new(weight: Weight, deposit: i128, calls: &HostCalls<'_>, input: usize) -> Result<Self> {
        let counts = calls.counts();
        let times = |names: &[&str]| -> Result<u64> {
            let counted = counts.iter().filter(|(name, _)| names.contains(name));
            Ok(u64::try_from(counted.map(|(_, count)| count).sum::<usize>())?)
        };
        let host_cost = HostCost {
            contract: String::new(),
            call: String::new(),
            ref_time: calls.weight(input)?.ref_time(),
            reads: times(&["get_storage", "take_storage", "contains_storage"])?,
            writes: times(&["set_storage", "take_storage", "clear_storage"])?,
            events: times(&["deposit_event"])?,
        };
        let (ref_time, proof_size) = (weight.ref_time(), weight.proof_size());
        Ok(Self { ref_time, proof_size, deposit: i64::try_from(deposit)?, host_cost })
    }
}

/// A chain, and the names of its measured contracts.
pub struct BenchEnv<'a> {
    /// The chain with funded accounts.
    pub env: TestEnv,
    record: &'a mut Record,
    names: BTreeMap<AccountId, String>,
}

impl<'a> BenchEnv<'a> {
    /// Creates a chain without contracts. Its calls are recorded in `record`.
    pub fn new(record: &'a mut Record) -> Self {
        host::trace();
        Self { env: TestEnv::default(), record, names: BTreeMap::new() }
    }

    /// Deploys a contract of the record by its constructor `new`, and measures it.
    ///
    /// # Errors
    ///
    /// If there is no such contract, or the constructor fails.
    pub fn deploy<T: Encode>(&mut self, name: &str, terms: &T) -> Result<AccountId> {
        let (receipt, spent) = self.deploy_unmeasured(name, terms)?;
        self.record.add_cost(name, "new".into(), spent)?;
        Ok(receipt.value)
    }

    /// Deploys a contract of the record without measuring it.
    ///
    /// # Errors
    ///
    /// As [`deploy`](Self::deploy).
    pub fn prepare<T: Encode>(&mut self, name: &str, terms: &T) -> Result<AccountId> {
        Ok(self.deploy_unmeasured(name, terms)?.0.value)
    }

    fn deploy_unmeasured<T: Encode>(&mut self, name: &str, terms: &T) -> Result<(Receipt<AccountId>, Spent)> {
        let Built { code, cold, .. } = self.record.contract(name)?;
        let (code, cold) = (code.clone(), cold.clone());
        let creator = self.env.creator;
        if let Some(cold) = cold {
            let upload = Call { target: Target::Code(&cold), value: 0, data: &[] };
            self.env.chain.submit(&creator.into(), &upload).with_context(|| format!("{name}: no cold code"))?;
        }
        let refused = || format!("{name}: the chain refused the contract");
        // The types of constructor errors differ. That there is an error is enough to know.
        let receipt = self.env.chain.deploy::<T, ()>(&creator, 0, code, terms).with_context(refused)?;
        let Ok(receipt) = receipt else { bail!("{name}: the contract refused its terms") };
        let calls = HostCalls::read(self.env.chain.host_calls())?;
        // The selector of 4 bytes, and the terms.
        let spent = Spent::new(receipt.weight, receipt.deposit, &calls, terms.encoded_size().saturating_add(4))?;
        self.names.insert(receipt.value, name.into());
        Ok((receipt, spent))
    }

    /// Sends `message` and records its cost under its name and the `case`, if that is not empty.
    ///
    /// # Errors
    ///
    /// If the contract is not in the record, or the call fails. Reverted calls are not recorded.
    pub fn measure<E, Args, R>(
        &mut self,
        case: &str,
        from: AccountId,
        value: u128,
        message: Message<E, Args, R>,
    ) -> Result<()>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
        Message<E, Args, R>: Clone,
    {
        let (called, spent) = self.send(from, value, message)?;
        let call = match case {
            "" => called.message,
            case => format!("{}, {case}", called.message),
        };
        self.record.add_cost(&called.contract, call, spent)
    }

    /// Sends `message` without recording its cost.
    ///
    /// # Errors
    ///
    /// As [`measure`](Self::measure).
    pub fn run<E, Args, R>(&mut self, from: AccountId, value: u128, message: Message<E, Args, R>) -> Result<()>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
        Message<E, Args, R>: Clone,
    {
        self.send(from, value, message).map(|_| ())
    }

    /// Sends `message`. Returns its cost without recording it.
    ///
    /// # Errors
    ///
    /// As [`measure`](Self::measure).
    pub fn spend<E, Args, R>(&mut self, from: AccountId, value: u128, message: Message<E, Args, R>) -> Result<Spent>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
        Message<E, Args, R>: Clone,
    {
        Ok(self.send(from, value, message)?.1)
    }

    fn send<E, Args, R>(
        &mut self,
        from: AccountId,
        value: u128,
        message: Message<E, Args, R>,
    ) -> Result<(Called, Spent)>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
        Message<E, Args, R>: Clone,
    {
        let params = message.clone().params();
        let input = params.exec_input().encode();
        let contract =
            self.names.get(params.callee()).context("a call to a contract that was not deployed here")?.clone();
        let known = &self.record.contract(&contract)?.messages;
        let name = input.first_chunk::<4>().and_then(|selector| known.get(selector)).cloned();
        // Fixtures and baselines can lack messages of the trait that they are called by.
        let message_name = name.with_context(|| format!("{contract} has no message that a scenario calls"))?;
        let failed = || format!("{contract}: {message_name} failed");
        let receipt = self.env.chain.send(&from.into(), value, message).with_context(failed)?;
        let calls = HostCalls::read(self.env.chain.host_calls()).with_context(failed)?;
        ensure!(!calls.reverted().with_context(failed)?, "{contract}: {message_name} was refused in its scenario");
        let spent = Spent::new(receipt.weight, receipt.deposit, &calls, input.len()).with_context(failed)?;
        Ok((Called { contract, message: message_name }, spent))
    }
}

struct Called {
    contract: String,
    message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unmeasured_messages_and_needless_exceptions_are_named() {
        let messages = [([1; 4], "A::one"), ([2; 4], "A::two")].map(|(selector, name)| (selector, name.to_owned()));
        let mut record = Record::default();
        record
            .add(Built {
                name: "a".into(),
                code: vec![0; 7],
                cold: None,
                compiler: "rustc".into(),
                messages: messages.into(),
            })
            .unwrap();
        assert_eq!(record.figures.code_bytes["a"], 7);
        let refusal = record.ensure_complete("a", &[("A::two", "no reason")]).unwrap_err().to_string();
        assert!(refusal.contains("A::one") && !refusal.contains("A::two"), "{refusal}");

        let cost = Cost { contract: "a".into(), call: "A::one, again".into(), ref_time: 1, proof_size: 1, deposit: 0 };
        record.figures.calls.push(cost);
        assert!(record.ensure_complete("a", &[("A::two", "no reason")]).is_ok());
        for needless in ["A::one", "A::three"] {
            let refusal = record.ensure_complete("a", &[("A::two", "no reason"), (needless, "no reason")]);
            assert!(refusal.unwrap_err().to_string().contains(needless));
        }
    }
}

//! That a contract asks the same of the chain after Binaryen's passes and ours as its code did when it left the linker.
//!
//! A stand-in for the chain answers the host functions from what it is asked, and writes down each call with the bytes that the
//! contract hands over, so that addresses in memory do not matter. The contracts are those that `scripts/build` left in `target/ink`.

use std::collections::BTreeMap;
use std::path::Path;

use blake2::{Blake2b512, Digest};
use wasmi::core::{Trap, ValueType};
use wasmi::{Caller, Config, Engine, Error, Func, Linker, Memory, MemoryType, Module, Store, Value};
use wasmparser::{Operator, Parser, Payload};

use crate::wasm::strip;

/// The module, the name without `seal_` and the arguments of each host function: `r` an address and a length of bytes that are read,
/// `w` an address of a buffer and of its length, `A` 32 bytes that are read, `B` a balance that is read, `h` 32 bytes that are written,
/// `n` a number of 32 bits, `N` one of 64 bits.
const HOST: [(&str, &str, &str); 22] = [
    ("seal0", "address", "w"),
    ("seal0", "balance", "w"),
    ("seal0", "caller", "w"),
    ("seal0", "delegate_call", "nArw"),
    ("seal0", "deposit_event", "rr"),
    ("seal0", "hash_blake2_256", "rh"),
    ("seal0", "input", "w"),
    ("seal0", "lock_delegate_dependency", "A"),
    ("seal0", "minimum_balance", "w"),
    ("seal0", "now", "w"),
    ("seal0", "own_code_hash", "w"),
    ("seal0", "return", "nr"),
    ("seal0", "transfer", "rr"),
    ("seal0", "value_transferred", "w"),
    ("seal1", "call", "nANBrw"),
    ("seal1", "clear_storage", "r"),
    ("seal1", "contains_storage", "r"),
    ("seal1", "get_storage", "rw"),
    ("seal1", "take_storage", "rw"),
    ("seal1", "terminate", "A"),
    ("seal2", "call", "nANNBBrw"),
    ("seal2", "set_storage", "rr"),
];

/// How often each message is called, with other arguments.
const VARIANTS: u64 = 12;

/// The address that stands for none.
const NONE: usize = u32::MAX as usize;

#[derive(Default, Clone)]
struct Chain {
    storage: BTreeMap<Vec<u8>, Vec<u8>>,
    input: Vec<u8>,
    /// What was asked, in order.
    trace: Vec<String>,
    memory: Option<Memory>,
    seed: u64,
}

fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Blake2b512::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().to_vec()
}

impl Chain {
    /// What the chain answers: the result, and the bytes for a buffer.
    fn answer(&mut self, name: &str, read: &[Vec<u8>]) -> (i32, Vec<u8>) {
        let random = digest(&[name.as_bytes(), &self.seed.to_le_bytes(), &read.concat()]);
        match name {
            "input" => (0, self.input.clone()),
            "get_storage" | "contains_storage" | "take_storage" | "set_storage" | "clear_storage" => {
                let unknown = || match random[0] % 4 {
                    // So that messages find more than nothing, and things that they did not write.
                    0 => Some(vec![0; usize::from(random[1])]),
                    1 => Some([&random[..], &[random[2] % 3; 80]].concat()),
                    _ => None,
                };
                let known = self.storage.get(&read[0]).cloned().or_else(unknown);
                match name {
                    "set_storage" => drop(self.storage.insert(read[0].clone(), read[1].clone())),
                    "take_storage" | "clear_storage" => drop(self.storage.remove(&read[0])),
                    _ => {}
                }
                match (name, known) {
                    ("get_storage" | "take_storage", Some(bytes)) => (0, bytes),
                    ("get_storage" | "take_storage", None) => (3, Vec::new()),
                    // As the chain does: the old value's length, or that there was none.
                    (_, known) => (known.map_or(-1, |bytes| bytes.len() as i32), Vec::new()),
                }
            }
            "call" | "delegate_call" => match random[0] % 4 {
                0 => (2, random),
                1 => (0, vec![0; 1 + usize::from(random[1] % 40)]),
                _ => (0, [&[0, 0][..], &random].concat()),
            },
            "now" => (0, 1_790_000_000_000_u64.to_le_bytes().to_vec()),
            "value_transferred" => {
                (0, if random[0].is_multiple_of(2) { vec![0; 16] } else { 10_u128.pow(12).to_le_bytes().to_vec() })
            }
            "balance" | "minimum_balance" => (0, 10_u128.pow(13).to_le_bytes().to_vec()),
            _ => (0, random[..32].to_vec()),
        }
    }
}

/// Serves a call of a host function.
fn serve(mut caller: Caller<'_, Chain>, name: &str, kinds: &str, params: &[Value]) -> Result<i32, Trap> {
    let memory = caller.data().memory.ok_or_else(|| Trap::new("no memory"))?;
    let outside = || Trap::new("outside of memory");
    let mut read = Vec::new();
    let mut numbers = Vec::new();
    let mut target = None;
    let mut params = params.iter().map(|param| match param {
        Value::I32(value) => *value as u32 as u64,
        Value::I64(value) => *value as u64,
        _ => 0,
    });
    let mut next = || params.next().unwrap_or_default() as usize;
    for kind in kinds.chars() {
        let (at, length) = match kind {
            'r' => (next(), next()),
            'A' => (next(), 32),
            'B' => (next(), 16),
            'w' => {
                target = Some((next(), Some(next())));
                continue;
            }
            'h' => {
                target = Some((next(), None));
                continue;
            }
            _ => {
                numbers.push(next());
                continue;
            }
        };
        if at == NONE {
            continue;
        }
        let bytes = memory.data(&caller).get(at..at.saturating_add(length)).ok_or_else(outside)?;
        read.push(bytes.to_vec());
    }
    let room = match target {
        // What is not to be written has no length.
        Some((NONE, Some(_))) => 0,
        Some((_, Some(length))) => {
            let bytes = memory.data(&caller).get(length..length + 4).ok_or_else(outside)?;
            u32::from_le_bytes(bytes.try_into().map_err(|_| outside())?) as usize
        }
        Some((_, None)) => 32,
        None => 0,
    };
    caller.data_mut().trace.push(format!("{name}({numbers:?}, {read:02x?}, {room})"));
    let (result, bytes) = caller.data_mut().answer(name, &read);
    if name == "return" || name == "terminate" {
        return Err(Trap::i32_exit(0));
    }
    if let Some((at, length)) = target.filter(|(at, _)| *at != NONE) {
        // The chain ends the call where the buffer is too small.
        let bytes = bytes.get(..bytes.len().min(room)).unwrap_or_default();
        memory.data_mut(&mut caller).get_mut(at..at + bytes.len()).ok_or_else(outside)?.copy_from_slice(bytes);
        if let Some(at) = length {
            let length = (bytes.len() as u32).to_le_bytes();
            memory.data_mut(&mut caller).get_mut(at..at + 4).ok_or_else(outside)?.copy_from_slice(&length);
        }
    }
    Ok(result)
}

/// Calls an entry point, and gives what the chain is afterwards with what was asked, and the instructions that it took.
fn call(code: &[u8], entry: &str, mut chain: Chain) -> (Chain, u64) {
    let mut config = Config::default();
    config.consume_fuel(true).wasm_multi_value(false).wasm_mutable_global(false).wasm_bulk_memory(false);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, code).unwrap();
    chain.trace.clear();
    let mut store = Store::new(&engine, chain);
    store.add_fuel(20_000_000).unwrap();
    let mut linker = <Linker<Chain>>::new(&engine);
    for import in module.imports() {
        let (place, name) = (import.module().to_owned(), import.name().to_owned());
        let item: wasmi::Extern = match import.ty().func() {
            None => {
                let memory = Memory::new(&mut store, MemoryType::new(2, Some(16)).unwrap()).unwrap();
                store.data_mut().memory = Some(memory);
                memory.into()
            }
            Some(ty) => {
                let base = name.trim_start_matches("seal_");
                let (_, label, kinds) = HOST
                    .into_iter()
                    .find(|(known_place, known, _)| (*known_place, *known) == (&*place, base))
                    .unwrap_or_else(|| panic!("the stand-in does not know {place}.{name}"));
                Func::new(&mut store, ty.clone(), move |caller, params, results| {
                    let result = serve(caller, label, kinds, params)?;
                    if let Some(slot) = results.first_mut() {
                        *slot =
                            if slot.ty() == ValueType::I32 { Value::I32(result) } else { Value::I64(result.into()) };
                    }
                    Ok(())
                })
                .into()
            }
        };
        linker.define(&place, &name, item).unwrap();
    }
    let instance = linker.instantiate(&mut store, &module).unwrap().start(&mut store).unwrap();
    let ended = match instance.get_func(&store, entry).unwrap().call(&mut store, &[], &mut []) {
        Ok(()) => "returned".into(),
        Err(Error::Trap(trap)) if trap.i32_exit_status().is_some() => "ended".into(),
        Err(error) => format!("{error}"),
    };
    store.data_mut().trace.push(ended);
    let fuel = store.fuel_consumed().unwrap_or_default();
    (store.into_data(), fuel)
}

/// The file of a contract that `scripts/build` has made.
fn built(name: &str, kind: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/ink").join(name).join(format!("{name}{kind}"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}: run scripts/build", path.display()))
}

/// The selectors of all messages and constructors, hot and cold, and one that nobody has.
fn selectors(name: &str) -> Vec<[u8; 4]> {
    let metadata: serde_json::Value = serde_json::from_slice(&built(name, ".json")).unwrap();
    let mut selectors = vec![[0; 4]];
    for kind in ["constructors", "messages"] {
        for entry in metadata["spec"][kind].as_array().unwrap() {
            let text = entry["selector"].as_str().unwrap().trim_start_matches("0x");
            selectors.push(u32::from_str_radix(text, 16).unwrap().to_be_bytes());
        }
    }
    selectors
}

/// Arguments: nothing but zeros, anything, or an account, a choice, and amounts.
fn arguments(seed: u64, variant: u64) -> Vec<u8> {
    let random = digest(&[b"arguments", &seed.to_le_bytes()]);
    match variant % 3 {
        0 => vec![0; variant as usize * 20],
        1 => [&random[..], &[0; 100]].concat(),
        _ => [&random[..32], &[random[40]], &[0; 15], &random[32..48], &[0; 60]].concat(),
    }
}

/// Calls each message of a contract, on two chains that begin alike, in the code as it was linked and as it goes on the chain.
fn compare(name: &str, linked: &[u8], code: &[u8]) {
    let (mut plain, mut small) = (Chain::default(), Chain::default());
    let (mut asked, mut fuel) = (0, [0, 0]);
    for (index, selector) in selectors(name).into_iter().enumerate() {
        for variant in 0..VARIANTS {
            let seed = index as u64 * 100 + variant;
            let input = [&selector[..], &arguments(seed, variant)].concat();
            let entry = if variant % 4 == 3 { "deploy" } else { "call" };
            for chain in [&mut plain, &mut small] {
                chain.input.clone_from(&input);
                chain.seed = seed;
            }
            let (one, cost) = call(linked, entry, plain.clone());
            let (two, less) = call(code, entry, small.clone());
            assert_eq!(one.trace, two.trace, "{name}: {entry} {input:02x?}");
            assert_eq!(one.storage, two.storage);
            asked += one.trace.len();
            fuel = [fuel[0] + cost, fuel[1] + less];
            (plain, small) = (one, two);
        }
    }
    println!("{name}: {} and {} bytes, {asked} questions, {fuel:?} instructions", linked.len(), code.len());
    assert!(asked > 700, "{name}: {asked} questions");
    assert!(fuel[1] < fuel[0], "{name}: {fuel:?} instructions");
}

/// Whether anything moves the stack pointer: whether the frames have no fixed addresses, and so no proved bound.
fn moves_the_stack(code: &[u8]) -> bool {
    let sets = |body: wasmparser::FunctionBody<'_>| {
        let operators = body.get_operators_reader().unwrap();
        operators.into_iter().any(|operator| matches!(operator.unwrap(), Operator::GlobalSet { .. }))
    };
    Parser::new(0).parse_all(code).any(|payload| match payload.unwrap() {
        Payload::CodeSectionEntry(body) => sets(body),
        _ => false,
    })
}

#[test]
fn contracts_ask_the_same_of_the_chain_after_all_passes() {
    for name in ["creator_token", "patronage_vault", "content_registry"] {
        for part in ["", ".cold"] {
            let linked = strip(&built(name, &format!("{part}.linked.wasm"))).unwrap();
            let code = built(name, &format!("{part}.wasm"));
            assert!(moves_the_stack(&linked) && !moves_the_stack(&code), "{name}{part}");
            compare(name, &linked, &code);
        }
    }
}

//! Runs modules in an interpreter and records everything that a host can see.
#![allow(dead_code)]

pub mod program;

use wasmi::core::{TrapCode, ValueType};
use wasmi::{Caller, Config, Engine, Error, Extern, ExternType, Func, FuncRef, Global, Linker, Memory, Module, Store};
use wasmi::{Table, Value};

/// What a host sees of a module.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Each call of the host, with its arguments; in the place of an address and a length, the bytes there.
    pub host_calls: Vec<String>,
    /// What each export gave: its results, or how it trapped.
    pub results: Vec<String>,
    /// The memory, from the address that was asked for. After a trap nobody looks at it.
    pub memory: Option<Vec<u8>>,
}

#[derive(Default)]
struct Host {
    calls: Vec<String>,
    memory: Option<Memory>,
}

/// Numbers that look random, the same each time.
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ value >> 31
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }
}

/// How many cases a property is tried on.
pub fn cases(default: u64) -> u64 {
    std::env::var("PATRONAGE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Runs all exported functions of a module one after the other, each twice, with arguments made from `seed`. `None` if the module can't
/// be instantiated or does not come to an end, as then there is nothing to compare.
pub fn run(wasm: &[u8], seed: u64, memory_from: usize) -> Option<Seen> {
    let mut config = Config::default();
    config.consume_fuel(true);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, &mut &*wasm).expect("the interpreter takes what the validator takes");
    let mut store = Store::new(&engine, Host::default());
    store.add_fuel(2_000_000).unwrap();
    let mut linker = <Linker<Host>>::new(&engine);
    for import in module.imports() {
        let (place, name) = (import.module().to_owned(), import.name().to_owned());
        let item: Extern = match import.ty().clone() {
            ExternType::Func(ty) => {
                let label = format!("{place}.{name}");
                let results = ty.clone();
                Func::new(&mut store, ty, move |mut caller: Caller<'_, Host>, params: &[Value], out: &mut [Value]| {
                    let text = arguments(&caller, &label, params);
                    let calls = &mut caller.data_mut().calls;
                    calls.push(text);
                    let mut random = Random(calls.len() as u64);
                    for (slot, ty) in out.iter_mut().zip(results.results()) {
                        // Small ones and large ones.
                        let value = random.next() >> (8 * random.below(8));
                        *slot = match ty {
                            ValueType::I32 => Value::I32(value as i32),
                            _ => Value::I64(value as i64),
                        };
                    }
                    Ok(())
                })
                .into()
            }
            ExternType::Memory(ty) => {
                let memory = Memory::new(&mut store, ty).ok()?;
                store.data_mut().memory = Some(memory);
                memory.into()
            }
            ExternType::Table(ty) => Table::new(&mut store, ty, FuncRef::null().into()).ok()?.into(),
            ExternType::Global(ty) => {
                let value = match ty.content() {
                    ValueType::I32 => Value::I32(7),
                    _ => Value::I64(7),
                };
                Global::new(&mut store, value, ty.mutability()).into()
            }
        };
        linker.define(&place, &name, item).ok()?;
    }
    let instance = linker.instantiate(&mut store, &module).ok()?.start(&mut store).ok()?;
    if let Some(memory) = instance.exports(&store).find_map(|export| export.into_memory()) {
        store.data_mut().memory = Some(memory);
    }
    let mut random = Random(seed);
    let mut results = Vec::new();
    let mut trapped = false;
    let mut exports: Vec<String> = module
        .exports()
        .filter(|export| export.ty().func().is_some() && !export.name().starts_with('_'))
        .map(|export| export.name().to_owned())
        .collect();
    exports.extend(exports.clone());
    for name in exports {
        let function = instance.get_func(&store, &name)?;
        let ty = function.ty(&store);
        let params: Vec<Value> = ty
            .params()
            .iter()
            .map(|ty| match ty {
                ValueType::I32 => Value::I32((random.next() >> (8 * random.below(8))) as i32),
                _ => Value::I64((random.next() >> (8 * random.below(8))) as i64),
            })
            .collect();
        let mut out: Vec<_> = ty.results().iter().map(|ty| Value::default(*ty)).collect();
        results.push(match function.call(&mut store, &params, &mut out) {
            Ok(()) => format!("{name}: {out:?}"),
            Err(Error::Trap(trap)) => match trap.trap_code() {
                Some(TrapCode::OutOfFuel) | None => return None,
                Some(code) => {
                    trapped = true;
                    format!("{name}: {code:?}")
                }
            },
            Err(error) => panic!("{name}: {error}"),
        });
    }
    let memory = store.data().memory.filter(|_| !trapped);
    let memory = memory.map(|memory| memory.data(&store).get(memory_from..).unwrap_or_default().to_vec());
    let host_calls = std::mem::take(&mut store.data_mut().calls);
    Some(Seen { host_calls, results, memory })
}

fn arguments(caller: &Caller<'_, Host>, label: &str, params: &[Value]) -> String {
    if let ("env.bytes", [Value::I32(at), Value::I32(length)]) = (label, params) {
        let (at, length) = (*at as u32 as usize, *length as u32 as usize);
        let memory = caller.data().memory.expect("there is a memory");
        let bytes = at.checked_add(length).and_then(|end| memory.data(caller).get(at..end));
        return format!("bytes({bytes:?})");
    }
    format!("{label}({params:?})")
}

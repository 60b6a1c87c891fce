//! The checks of pallet-contracts 31 on uploaded code. They run at build time, so that a build fails and not a launch.
//!
//! They follow `wasm/prepare.rs` of that pallet. The host functions are those of its `wasm/runtime.rs`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use wasmparser::{
    CompositeInnerType, ExternalKind, Operator, Parser, Payload, TypeRef, ValType, Validator, WasmFeatures,
};

use crate::wasm::ENTRY_POINTS;

/// The maximum length of code: `MaxCodeLen` of the pallet's test chains and of most others.
const MAX_CODE: usize = 123 * 1024;
/// The maximum memory in the pallet's default schedule, in pages.
const MAX_PAGES: u64 = 16;

/// Functions of `seal0` with an alias that has the prefix `seal_`.
const SEAL0: [&str; 34] = [
    "address",
    "balance",
    "block_number",
    "call",
    "call_chain_extension",
    "caller",
    "caller_is_origin",
    "clear_storage",
    "code_hash",
    "contains_storage",
    "debug_message",
    "delegate_call",
    "deposit_event",
    "ecdsa_recover",
    "ecdsa_to_eth_address",
    "gas_left",
    "get_storage",
    "hash_blake2_128",
    "hash_blake2_256",
    "hash_keccak_256",
    "hash_sha2_256",
    "input",
    "instantiate",
    "is_contract",
    "minimum_balance",
    "now",
    "own_code_hash",
    "set_code_hash",
    "set_storage",
    "take_storage",
    "terminate",
    "transfer",
    "value_transferred",
    "weight_to_fee",
];
/// Functions of `seal0` without an alias.
const SEAL0_PLAIN: [&str; 7] = [
    "call_runtime",
    "caller_is_root",
    "instantiation_nonce",
    "lock_delegate_dependency",
    "seal_return",
    "sr25519_verify",
    "unlock_delegate_dependency",
];
/// Functions of `seal1`, all with an alias.
const SEAL1: [&str; 7] =
    ["call", "clear_storage", "contains_storage", "get_storage", "instantiate", "set_storage", "terminate"];
/// The function of `seal2` with an alias.
const SEAL2: [&str; 1] = ["set_storage"];
/// Functions of `seal2` without an alias.
const SEAL2_PLAIN: [&str; 2] = ["call", "instantiate"];

/// Why the chain would refuse a module, in one sentence.
pub type Refusal = String;

/// Checks an optimised module as the chain does.
pub fn check(module: &[u8]) -> Result<(), Refusal> {
    if module.len() > MAX_CODE {
        return Err(format!("the code has {} bytes, and chains take at most {MAX_CODE}", module.len()));
    }
    // The pallet's engine supports WebAssembly 1.0 with sign extension, without floats and mutable shared globals.
    let features = WasmFeatures::GC_TYPES | WasmFeatures::SIGN_EXTENSION;
    let types = Validator::new_with_features(features)
        .validate_all(module)
        .map_err(|error| format!("the chain's engine does not take the code: {error}"))?;
    let mut memories = 0;
    let mut entry_points = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(unreadable)? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(unreadable)?;
                    memories += u32::from(matches!(import.ty, TypeRef::Memory(_)));
                    check_import(import.module, import.name, import.ty)?;
                }
            }
            Payload::MemorySection(_) => {
                return Err(
                    "the code has a memory of its own, and the chain provides it: link with --import-memory".into()
                )
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.map_err(unreadable)?;
                    if export.kind != ExternalKind::Func || !ENTRY_POINTS.contains(&export.name) {
                        return Err(format!("the code exports {}, and only call and deploy may be", export.name));
                    }
                    let id = types.as_ref().core_function_at(export.index);
                    let CompositeInnerType::Func(ty) = &types[id].composite_type.inner else {
                        return Err(format!("the entry point {} is no function", export.name));
                    };
                    if !ty.params().is_empty() || !matches!(ty.results(), [] | [ValType::I32]) {
                        return Err(format!("the entry point {} takes or gives values: {ty}", export.name));
                    }
                    entry_points.push(export.name);
                }
            }
            Payload::StartSection { .. } => {
                return Err("the code has a start function, and the chain calls only call and deploy".into())
            }
            _ => {}
        }
    }
    match memories {
        0 => return Err("the code imports no memory: link with --import-memory".into()),
        1 => {}
        more => return Err(format!("the code imports {more} memories, and there is one")),
    }
    match ENTRY_POINTS.iter().find(|name| !entry_points.contains(name)) {
        Some(name) => Err(format!("the code does not export {name}: is the crate an #[ink::contract]?")),
        None => Ok(()),
    }
}

/// Checks that the codes of a contract that uses ink-lite contain every selector of its `interface`, ink!'s metadata. A
/// message whose selector is in no code could not be called.
pub fn check_selectors(modules: &[&[u8]], interface: &Map<String, Value>) -> Result<(), Refusal> {
    let mut known = BTreeSet::new();
    for module in modules {
        known.append(&mut constants(module).map_err(unreadable)?);
    }
    for kind in ["constructors", "messages"] {
        let entries = interface.get("spec").and_then(|spec| spec.get(kind)).and_then(Value::as_array);
        for entry in entries.ok_or_else(|| format!("the metadata names no {kind}"))? {
            let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
            let selector = text("selector").strip_prefix("0x").and_then(|hex| u32::from_str_radix(hex, 16).ok());
            // The entry points read the four bytes as a little-endian integer.
            if !selector.is_some_and(|selector| known.contains(&(selector.swap_bytes() as i32))) {
                return Err(format!("{} is in the metadata, and the code does not know its selector", text("label")));
            }
        }
    }
    Ok(())
}

/// All 32-bit constants in the code of a module.
fn constants(module: &[u8]) -> wasmparser::Result<BTreeSet<i32>> {
    let mut constants = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload? {
            for operator in body.get_operators_reader()? {
                if let Operator::I32Const { value } = operator? {
                    constants.insert(value);
                }
            }
        }
    }
    Ok(constants)
}

fn check_import(module: &str, name: &str, ty: TypeRef) -> Result<(), Refusal> {
    match ty {
        TypeRef::Memory(memory) => {
            if (module, name) != ("env", "memory") {
                return Err(format!("the memory is imported as {module}.{name}, and the chain has it as env.memory"));
            }
            match memory.maximum {
                None => Err("the imported memory has no maximum: link with --max-memory=1048576".into()),
                Some(maximum) if maximum > MAX_PAGES => {
                    Err(format!("the memory may grow to {maximum} pages, and chains allow at most {MAX_PAGES}"))
                }
                Some(_) => Ok(()),
            }
        }
        TypeRef::Func(_) if is_host_function(module, name) => Ok(()),
        TypeRef::Func(_) if ["seal0", "seal1", "seal2"].contains(&module) => Err(format!(
            "the code calls {module}.{name}, which is not in the stable API of pallet-contracts: it is unknown, \
             unstable or deprecated"
        )),
        TypeRef::Func(_) => Err(format!(
            "the code imports {module}.{name}, and the chain provides only seal0, seal1 and seal2: a function is \
             declared extern but not linked"
        )),
        _ => Err(format!("the code imports {module}.{name}, and only functions and a memory may be")),
    }
}

fn is_host_function(module: &str, name: &str) -> bool {
    let base = name.strip_prefix("seal_").unwrap_or(name);
    match module {
        "seal0" => SEAL0.contains(&base) || SEAL0_PLAIN.contains(&name),
        "seal1" => SEAL1.contains(&base),
        "seal2" => SEAL2.contains(&base) || SEAL2_PLAIN.contains(&name),
        _ => false,
    }
}

fn unreadable(error: wasmparser::BinaryReaderError) -> Refusal {
    format!("the code cannot be read: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMORY: &str = r#"(import "env" "memory" (memory 2 16))"#;
    const ENTRIES: &str = r#"(func (export "call")) (func (export "deploy"))"#;

    fn verdict(parts: &[&str]) -> Result<(), Refusal> {
        check(&wat::parse_str(format!("(module {})", parts.join(" "))).unwrap())
    }

    #[track_caller]
    fn refused(parts: &[&str], because: &str) {
        let refusal = verdict(parts).expect_err("was taken");
        assert!(refusal.contains(because), "refused with: {refusal}");
    }

    fn import(module: &str, name: &str) -> String {
        format!(r#"(import "{module}" "{name}" (func (param i32)))"#)
    }

    #[test]
    fn a_message_whose_selector_is_missing_is_named() {
        let interface = serde_json::json!({ "spec": {
            "constructors": [{ "label": "new", "selector": "0x9bae9d5e" }],
            "messages": [{ "label": "PSP22::transfer", "selector": "0xdb20f9f5" }],
        }});
        let interface = interface.as_object().unwrap();
        let knowing = |numbers: [u32; 2]| {
            let [a, b] = numbers.map(|number| number as i32);
            wat::parse_str(format!("(module (func (drop (i32.const {a})) (drop (i32.const {b}))))")).unwrap()
        };
        let (new, transfer) = (0x5e9d_ae9b, 0xf5f9_20db);
        let check = |module: &[u8], interface| check_selectors(&[module], interface);
        assert_eq!(check(&knowing([new, transfer]), interface), Ok(()));
        let error = check(&knowing([new, 0xdb20_f9f5]), interface).unwrap_err();
        assert!(error.starts_with("PSP22::transfer is in the metadata"), "{error}");
        assert!(check(&knowing([transfer, 7]), interface).unwrap_err().starts_with("new is"));
        assert!(check(&knowing([new, transfer]), &Map::new()).is_err());
        assert_eq!(check_selectors(&[&knowing([7, transfer]), &knowing([new, 7])], interface), Ok(()));
        assert!(check_selectors(&[&knowing([7, transfer]), &knowing([transfer, 7])], interface).is_err());
    }

    #[test]
    fn valid_modules_are_accepted() {
        assert_eq!(verdict(&[MEMORY, ENTRIES]), Ok(()));
        let old_style = r#"(func (export "call") (result i32) i32.const 0) (func (export "deploy"))"#;
        assert_eq!(verdict(&[MEMORY, old_style]), Ok(()));
        let sign_extension = "(func (param i32) (result i32) (i32.extend8_s (local.get 0)))";
        assert_eq!(verdict(&[MEMORY, ENTRIES, sign_extension]), Ok(()));
    }

    #[test]
    fn only_host_functions_of_the_stable_interface_are_accepted() {
        for (module, name) in [
            ("seal0", "seal_return"),
            ("seal0", "seal_input"),
            ("seal0", "input"),
            ("seal0", "weight_to_fee"),
            ("seal1", "seal_terminate"),
            ("seal2", "seal_set_storage"),
            ("seal2", "call"),
        ] {
            assert_eq!(verdict(&[&import(module, name), MEMORY, ENTRIES]), Ok(()), "{module}.{name}");
        }
        for (module, name) in [
            ("seal0", "return"),
            ("seal0", "seal_caller_is_root"),
            ("seal0", "seal_random"),
            ("seal0", "xcm_send"),
            ("seal1", "gas_left"),
            ("seal2", "seal_call"),
            ("seal1", "seal_input"),
        ] {
            refused(&[&import(module, name), MEMORY, ENTRIES], "not in the stable API");
        }
        refused(&[&import("env", "memcpy"), MEMORY, ENTRIES], "declared extern");
        refused(&[&import("seal3", "call"), MEMORY, ENTRIES], "declared extern");
    }

    #[test]
    fn memory_is_imported_once_under_its_name_and_within_limits() {
        refused(&[ENTRIES], "imports no memory");
        refused(&["(memory 2 16)", ENTRIES], "a memory of its own");
        refused(&[r#"(import "env" "memory" (memory 2))"#, ENTRIES], "no maximum");
        refused(&[r#"(import "env" "memory" (memory 2 17))"#, ENTRIES], "17 pages");
        refused(&[r#"(import "env" "mem" (memory 2 16))"#, ENTRIES], "env.mem,");
        refused(&[r#"(import "seal0" "memory" (memory 2 16))"#, ENTRIES], "seal0.memory");
        refused(&[MEMORY, r#"(import "env" "memory" (memory 2 16))"#, ENTRIES], "engine does not take");
        refused(&[r#"(import "env" "table" (table 1 funcref))"#, MEMORY, ENTRIES], "only functions");
        refused(&[r#"(import "env" "g" (global i32))"#, MEMORY, ENTRIES], "only functions");
    }

    #[test]
    fn the_exports_are_the_two_entry_points_with_their_types() {
        refused(&[MEMORY, r#"(func (export "call"))"#], "does not export deploy");
        refused(&[MEMORY, r#"(func (export "deploy"))"#], "does not export call");
        refused(&[MEMORY, ENTRIES, r#"(func (export "more"))"#], "exports more");
        refused(&[MEMORY, ENTRIES, r#"(export "memory" (memory 0))"#], "exports memory");
        refused(&[MEMORY, r#"(global (export "call") i32 (i32.const 1))"#], "exports call");
        refused(&[MEMORY, r#"(func (export "call") (param i32)) (func (export "deploy"))"#], "entry point call");
        let gives_i64 = r#"(func (export "call")) (func (export "deploy") (result i64) i64.const 0)"#;
        refused(&[MEMORY, gives_i64], "entry point deploy");
    }

    #[test]
    fn features_beyond_the_pallets_engine_are_refused() {
        refused(&[MEMORY, ENTRIES, "(func (param f32))"], "engine does not take");
        refused(&[MEMORY, ENTRIES, "(func (drop (f64.const 1)))"], "engine does not take");
        refused(&[MEMORY, ENTRIES, "(func (param v128))"], "engine does not take");
        let fill = "(func (memory.fill (i32.const 0) (i32.const 0) (i32.const 1)))";
        refused(&[MEMORY, ENTRIES, fill], "engine does not take");
        refused(&[MEMORY, ENTRIES, "(func (result i32 i32) i32.const 1 i32.const 2)"], "engine does not take");
        refused(&[MEMORY, ENTRIES, "(start 0)"], "start function");
        assert!(check(b"not wasm").is_err());
    }

    #[test]
    fn too_long_code_is_refused() {
        let data = |bytes: usize| format!(r#"(data (i32.const 0) "{}")"#, "x".repeat(bytes));
        assert_eq!(verdict(&[MEMORY, ENTRIES, &data(MAX_CODE - 100)]), Ok(()));
        refused(&[MEMORY, ENTRIES, &data(MAX_CODE)], "at most 125952");
    }
}

//! Outlining changes nothing that a host can see: random modules give the same before and after.

mod common;

use arbitrary::Unstructured;
use common::{cases, run, Random};
use wasm_passes::module::Module;
use wasm_passes::outline::{self, Limits};
use wasm_smith::Config;

/// Outlines whatever can be, whether it pays or not.
const EAGER: Limits =
    Limits { longest: 40, smallest: 4, gain: -1_000_000, rounds: 2, constants: 3, leaves_only: false, in_loops: true };

fn config() -> Config {
    Config {
        allow_floats: false,
        allow_start_export: true,
        bulk_memory_enabled: false,
        compact_imports_enabled: false,
        exceptions_enabled: false,
        extended_const_enabled: false,
        gc_enabled: false,
        max_data_segments: 3,
        max_element_segments: 3,
        max_funcs: 8,
        max_globals: 4,
        max_imports: 4,
        max_instructions: 300,
        max_memory32_bytes: 4 << 16,
        max_table_elements: 20,
        memory64_enabled: false,
        min_exports: 1,
        min_funcs: 2,
        min_memories: 1,
        multi_value_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        sign_extension_ops_enabled: true,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    }
}

#[test]
fn random_modules_do_the_same_with_all_runs_outlined() {
    let (mut compared, mut functions) = (0, 0);
    let total = cases(150);
    for seed in 0..total {
        let bytes = Random(seed).bytes(4_096);
        let Ok(mut smith) = wasm_smith::Module::new(config(), &mut Unstructured::new(&bytes)) else { continue };
        if smith.ensure_termination(200).is_err() {
            continue;
        }
        let before = smith.to_bytes();
        // Some have what WebAssembly 1.0 does not have.
        let Ok(mut module) = Module::read(&before) else { continue };
        let outlined = outline::run(&mut module, &EAGER).unwrap();
        let after = module.write().unwrap();
        let Some(seen) = run(&before, seed, 0) else { continue };
        assert_eq!(run(&after, seed, 0), Some(seen), "seed {seed}");
        compared += 1;
        functions += outlined.functions;
    }
    println!("{compared} modules compared, {functions} functions outlined");
    assert!(compared > total / 4 && functions as u64 > compared, "{compared} compared, {functions} functions");
}

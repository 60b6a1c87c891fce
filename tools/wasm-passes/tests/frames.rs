//! Static frames change nothing that a host can see.

mod common;

use common::{cases, program, run};
use wasm_passes::frames;
use wasm_passes::module::Module;
use wasm_passes::outline::{self, Limits};

/// Outlines whatever can be, whether it pays or not.
const EAGER: Limits =
    Limits { longest: 40, smallest: 4, gain: -1_000_000, rounds: 3, constants: 3, leaves_only: false, in_loops: true };

fn frames_of(functions: &str) -> Result<frames::Frames, String> {
    let text = format!("(module (memory 2) (global $sp (mut i32) (i32.const 65536)) {functions})");
    frames::run(&mut Module::read(&wat::parse_str(text).unwrap()).unwrap(), program::STACK)
}

/// A function with a frame of so many bytes, around the code.
fn framed(name: &str, bytes: u32, code: &str) -> String {
    format!(
        "(func ${name} (local $fp i32)
            (global.set $sp (local.tee $fp (i32.sub (global.get $sp) (i32.const {bytes}))))
            {code}
            (global.set $sp (i32.add (local.get $fp) (i32.const {bytes}))))"
    )
}

#[test]
fn the_depth_is_that_of_the_longest_chain_of_frames() {
    let module = framed("a", 32, "(call $b) (loop (call $c) (br_if 0 (i32.load (local.get $fp))))")
        + &framed("b", 48, "(call $c)")
        + &framed("c", 16, "");
    assert_eq!(frames_of(&module), Ok(frames::Frames { depth: 96, functions: 3 }));
    // What nothing calls is not below anything.
    assert_eq!(frames_of(&(framed("a", 160, "") + &framed("b", 32, ""))).map(|frames| frames.depth), Ok(160));
}

#[test]
fn the_stack_has_to_hold_the_longest_chain() {
    let chain = |bytes: u32| framed("a", bytes, "(call $b)") + &framed("b", 1_024, "");
    // The lowest 16 bytes stay free.
    assert!(frames_of(&chain(65_536 - 1_024 - 16)).is_ok());
    let refusal = frames_of(&chain(65_536 - 1_024)).unwrap_err();
    assert!(refusal.contains("the frames take 65536 bytes, and the stack has 65536"), "{refusal}");
    let data = chain(64) + r#"(data (i32.const 65520) "xxxxxxxxxxxxxxxxx")"#;
    assert!(frames_of(&data).unwrap_err().contains("data lie in the stack"));
}

#[test]
fn what_cannot_be_proved_is_refused() {
    for (module, because) in [
        (framed("a", 32, "(call $a)"), "can call itself"),
        (framed("a", 32, "(call $b)") + &framed("b", 32, "(call $a)"), "can call itself"),
        (
            "(table 1 funcref) (elem (i32.const 0) $a) (type $t (func))".to_owned()
                + &framed("a", 32, "(call_indirect (type $t) (i32.const 0))"),
            "can call itself",
        ),
        (
            r#"(table (export "table") 1 funcref) (type $t (func))"#.to_owned()
                + &framed("a", 32, "(call_indirect (type $t) (i32.const 0))"),
            "the host sees the table",
        ),
        ("(func (global.set $sp (i32.sub (global.get $sp) (i32.const 16))))".into(), "before it returns"),
        (framed("a", 32, "(return)"), "before it returns"),
        (framed("a", 24, ""), "multiple of 16"),
        (
            "(func (param i32) (loop (global.set $sp (i32.sub (global.get $sp) (i32.const 16))) (br_if 0 (local.get 0)))
                (global.set $sp (i32.add (global.get $sp) (i32.const 16))))"
                .into(),
            "rounds of a loop",
        ),
        (
            "(func (param i32) (if (local.get 0) (then (global.set $sp (i32.sub (global.get $sp) (i32.const 16))))))".into(),
            "between two paths",
        ),
        ("(func (param i32) (global.set $sp (i32.sub (global.get $sp) (local.get 0))))".into(), "not known"),
        ("(func (global.set $sp (i32.load (i32.const 0))))".into(), "not known"),
        ("(func (drop (i32.load (i32.add (global.get $sp) (i32.const 4)))))".into(), "above its frame"),
        ("(global (mut i32) (i32.const 0))".into(), "more than one mutable global"),
    ] {
        let refusal = frames_of(&module).expect_err(&module);
        assert!(refusal.contains(because), "{refusal}: {module}");
    }
}

#[test]
fn paths_that_never_return_may_meet_with_different_pointers() {
    // As an optimiser makes one end of two that call what never returns.
    let meet = |end: &str| {
        framed("leaf", 48, "unreachable")
            + &format!(
                "(func $a (param i32) (block (br_if 0 (local.get 0))
                    (global.set $sp (i32.sub (global.get $sp) (i32.const 64)))) {end})"
            )
    };
    // Below the deeper of both paths.
    assert_eq!(frames_of(&meet("(call $leaf) unreachable")).map(|frames| frames.depth), Ok(64 + 48));
    for end in ["(drop (i32.load (global.get $sp)))", "(return)", ""] {
        let refusal = frames_of(&meet(end)).expect_err(end);
        assert!(refusal.contains("between two paths"), "{refusal}");
    }
    let again = "(loop (call $leaf) (global.set $sp (i32.const 0)) (br 0))";
    assert!(frames_of(&meet(again)).is_err());
}

#[test]
fn a_pointer_that_memcpy_returns_is_still_known() {
    let routine = "(func $copy (param i32 i32 i32) (result i32) (i32.store (local.get 0) (i32.const 1)) (local.get 0))";
    let user = "(func (local $fp i32)
        (global.set $sp (local.tee $fp (i32.sub (global.get $sp) (i32.const 32))))
        (global.set $sp (i32.add (call $copy (local.get $fp) (i32.const 0) (i32.const 4)) (i32.const 32))))";
    assert!(frames_of(&format!("{routine}{user}")).is_ok());
    let other = routine.replace("(i32.const 1)) (local", "(i32.const 1)) (local.set 0 (i32.const 8)) (local");
    assert!(frames_of(&format!("{other}{user}")).is_err());
}

#[test]
fn the_same_module_gives_the_same_bytes() {
    let before = program::module(5);
    let bytes = || {
        let mut module = Module::read(&before).unwrap();
        frames::run(&mut module, program::STACK).unwrap();
        outline::run(&mut module, &EAGER).unwrap();
        module.write().unwrap()
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn random_programs_do_the_same_after_each_pass() {
    let (mut compared, mut functions, mut traps) = (0, 0, 0);
    let total = cases(60);
    for seed in 0..total {
        let before = program::module(seed);
        let Some(seen) = run(&before, seed, program::STACK as usize) else { continue };
        let mut module = Module::read(&before).unwrap();
        let framed = frames::run(&mut module, program::STACK).unwrap_or_else(|reason| panic!("seed {seed}: {reason}"));
        assert!(framed.functions > 0 && framed.depth > 0);
        let after = module.write().unwrap();
        assert_eq!(run(&after, seed, program::STACK as usize).as_ref(), Some(&seen), "frames, seed {seed}");
        for limits in [EAGER, Limits::default()] {
            let mut module = module.clone();
            functions += outline::run(&mut module, &limits).unwrap().functions;
            let after = module.write().unwrap();
            assert_eq!(run(&after, seed, program::STACK as usize).as_ref(), Some(&seen), "outlined, seed {seed}");
        }
        // Outlining does not need them.
        let mut module = Module::read(&before).unwrap();
        functions += outline::run(&mut module, &EAGER).unwrap().functions;
        let after = module.write().unwrap();
        assert_eq!(run(&after, seed, program::STACK as usize).as_ref(), Some(&seen), "outlined alone, seed {seed}");
        compared += 1;
        traps += u64::from(seen.memory.is_none());
    }
    println!("{compared} programs compared, {traps} trapped, {functions} functions outlined");
    assert!(compared > total / 2 && traps < compared * 9 / 10);
}

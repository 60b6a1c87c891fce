//! The routines for memory do what those of the C standard do.

mod common;

use common::{cases, run, Random};
use wasm_passes::memory;

/// Byte by byte, as Rust's routines are where it optimises for size.
const NAIVE: &str = r#"
    (func $memcpy (export "memcpy") (param $to i32) (param $from i32) (param $n i32) (result i32) (local $i i32)
        (block (loop
            (br_if 1 (i32.eq (local.get $i) (local.get $n)))
            (i32.store8 (i32.add (local.get $to) (local.get $i)) (i32.load8_u (i32.add (local.get $from) (local.get $i))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br 0)))
        (local.get $to))
    (func $memset (export "memset") (param $to i32) (param $byte i32) (param $n i32) (result i32) (local $i i32)
        (block (loop
            (br_if 1 (i32.eq (local.get $i) (local.get $n)))
            (i32.store8 (i32.add (local.get $to) (local.get $i)) (local.get $byte))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br 0)))
        (local.get $to))"#;

#[test]
fn copies_and_fills_are_the_same_for_every_length_and_alignment() {
    let total = cases(150);
    let mut finished = 0;
    for seed in 0..total {
        let mut random = Random(seed);
        let length = random.below(70);
        // Some reach beyond the memory, of which there are 65,536 bytes.
        let mut place = |from: u64| from + random.below(40) + if random.below(10) == 0 { 65_400 } else { 0 };
        let (from, to) = (place(0), place(200));
        let to = if seed % 7 == 0 { from } else { to };
        let byte = random.next() as i32;
        let module = format!(
            r#"(module (memory (export "memory") 1) (data (i32.const 0) "{}") {NAIVE}
                (func (export "call") (result i32) (i32.add
                    (call $memcpy (i32.const {to}) (i32.const {from}) (i32.const {length}))
                    (call $memset (i32.const 400) (i32.const {byte}) (i32.const {length})))))"#,
            "abcdefghijklmnop".repeat(12)
        );
        let before = wat::parse_str(module).unwrap();
        let (after, replaced) = memory::replace(&before).unwrap();
        assert_eq!(replaced, ["memcpy", "memset"]);
        // The exports themselves would be called with any addresses, also of regions that overlap.
        let [before, after] = [before, after].map(|bytes| only_call(&bytes));
        let seen = run(&before, seed, 0).unwrap();
        finished += u64::from(seen.memory.is_some());
        assert_eq!(run(&after, seed, 0), Some(seen), "seed {seed}");
    }
    assert!(finished > total / 2 && finished < total);
}

/// The module without the exports of the routines.
fn only_call(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for name in ["memcpy", "memset"] {
        let at = bytes.windows(6).position(|window| window == name.as_bytes()).unwrap();
        // A name that the interpreter's runner leaves alone.
        bytes[at] = b'_';
    }
    bytes
}

#[test]
fn what_is_no_routine_for_memory_stays() {
    for function in [
        r#"(func (export "memcpy") (param i32 i32) (result i32) (local.get 0))"#,
        r#"(func (export "memset") (param i32 i32 i64) (result i32) (local.get 0))"#,
        r#"(func $f) (func (export "memcpy") (param i32 i32 i32) (result i32) (call $f) (local.get 0))"#,
        r#"(global $g (mut i32) (i32.const 0))
           (func (export "memset") (param i32 i32 i32) (result i32) (global.set $g (i32.const 1)) (local.get 0))"#,
        r#"(memory (export "memcpy") 1)"#,
    ] {
        let bytes = wat::parse_str(format!("(module {function})")).unwrap();
        let (after, replaced) = memory::replace(&bytes).unwrap();
        assert!(replaced.is_empty());
        assert_eq!(after, bytes, "{function}");
    }
}

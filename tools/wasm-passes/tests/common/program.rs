//! Random modules as a compiler makes them: frames on a stack in memory, calls with addresses of locals, loops, traps.
#![allow(dead_code)]

use std::fmt::Write;

use super::Random;

/// The size of the stack of these modules, which is also where data begin.
pub const STACK: u32 = 65_536;
/// Values of 64 bits in each frame, at least.
const SLOTS: u64 = 4;
/// Locals of 64 bits that hold values.
const VALUES: u64 = 5;

/// A module whose functions can't call themselves.
pub struct Program {
    random: Random,
    text: String,
    /// The function that is written.
    function: u64,
    functions: u64,
    /// How many loops, and blocks that are open, the statement is in.
    depth: usize,
    loops: usize,
    /// The bytes of the innermost frame, and the number of the local that is its address.
    frames: Vec<(u64, usize)>,
}

/// Writes a module.
pub fn module(seed: u64) -> Vec<u8> {
    let mut program = Program {
        random: Random(seed),
        text: String::new(),
        function: 0,
        functions: 3,
        depth: 0,
        loops: 0,
        frames: Vec::new(),
    };
    program.functions += program.random.below(5);
    program.module();
    wat::parse_str(&program.text).unwrap_or_else(|error| panic!("{error}\n{}", program.text))
}

impl Program {
    fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    fn module(&mut self) {
        self.line(
            r#"(module
            (import "env" "bytes" (func $bytes (param i32 i32)))
            (import "env" "value" (func $value (param i64) (result i64)))
            (import "env" "memory" (memory 2 16))
            (global $sp (mut i32) (i32.const 65536))
            (type $shape (func (param i32 i64) (result i64)))
            (data (i32.const 65536) "some data that is read")"#,
        );
        let table: String = (0..self.functions).map(|function| format!(" $f{function}")).collect();
        // The later half can be called through the table, by the earlier one.
        let late: String = (self.functions / 2..self.functions).map(|function| format!(" $f{function}")).collect();
        let _ = table;
        let _ = writeln!(
            self.text,
            "(table {0} {0} funcref) (elem (i32.const 0) {late})",
            self.functions - self.functions / 2
        );
        for function in 0..self.functions {
            self.function = function;
            self.function();
        }
        self.line(
            r#"(func (export "call") (drop (call $f0 (i32.const 65552) (i64.const 3))))
            (func (export "deploy") (drop (call $f1 (i32.const 65568) (call $value (i64.const 1))))))"#,
        );
    }

    fn function(&mut self) {
        let _ = write!(
            self.text,
            "(func $f{} (type $shape) (local $p i32) (local $q i32) (local $i i32) (local $j i32)",
            self.function
        );
        for value in 0..VALUES {
            let _ = write!(self.text, " (local $v{value} i64)");
        }
        // Frames within it.
        let _ = writeln!(self.text, " (local $fp0 i32) (local $fp1 i32) (local $fp2 i32)");
        self.line("(local.set $p (local.get 0)) (local.set $v0 (local.get 1))");
        let leaf = self.function + 1 == self.functions && self.random.below(2) == 0;
        if leaf {
            // A function that calls nothing need not move the pointer.
            self.frames.push((32, 0));
            self.line("(local.set $fp0 (i32.sub (global.get $sp) (i32.const 32)))");
            self.fill(32, 0);
            for _ in 0..5 {
                self.access();
            }
            self.frames.pop();
            self.line("(local.get $v1))");
            return;
        }
        let framed = self.random.below(4) > 0;
        if framed {
            self.open_frame();
        }
        for _ in 0..4 + self.random.below(8) {
            self.statement();
        }
        if framed {
            self.close_frame();
        }
        self.line("(local.get $v1))");
    }

    fn open_frame(&mut self) {
        let (size, number) = (16 * (2 + self.random.below(4)), self.frames.len());
        self.frames.push((size, number));
        match self.random.below(2) {
            0 => self.line(format!(
                "(global.set $sp (local.tee $fp{number} (i32.sub (global.get $sp) (i32.const {size}))))"
            )),
            _ => self.line(format!(
                "(global.set $sp (local.tee $fp{number} (i32.add (global.get $sp) (i32.const -{size}))))"
            )),
        }
        self.fill(size, number);
    }

    /// Nothing is read before it is written.
    fn fill(&mut self, size: u64, number: usize) {
        for slot in 0..size / 8 {
            let offset = slot * 8;
            self.line(format!("(i64.store offset={offset} (local.get $fp{number}) (i64.const {slot}))"));
        }
    }

    fn close_frame(&mut self) {
        if let Some((size, number)) = self.frames.pop() {
            self.line(format!("(global.set $sp (i32.add (local.get $fp{number}) (i32.const {size})))"));
        }
    }

    fn value(&mut self) -> String {
        match self.random.below(3) {
            0 => format!("(i64.const {})", self.random.next() as i64 >> (8 * self.random.below(8))),
            _ => format!("(local.get $v{})", self.random.below(VALUES)),
        }
    }

    fn set(&mut self) -> String {
        format!("local.set $v{}", self.random.below(VALUES))
    }

    /// An address with 16 bytes behind it: of a frame, or one that was passed.
    fn address(&mut self) -> String {
        if self.frames.is_empty() || self.random.below(3) == 0 {
            return "(local.get $p)".into();
        }
        let (size, number) = self.frames[self.random.below(self.frames.len() as u64) as usize];
        match 8 * self.random.below(size / 8 - 1) {
            0 => format!("(local.get $fp{number})"),
            offset => format!("(i32.add (local.get $fp{number}) (i32.const {offset}))"),
        }
    }

    /// Loads, stores and arithmetic.
    fn access(&mut self) {
        let (set, address, value, other) = (self.set(), self.address(), self.value(), self.value());
        let offset = [0, 8][self.random.below(2) as usize];
        let slot = |program: &mut Self| match program.frames.last() {
            Some((size, number)) => {
                format!("offset={} (local.get $fp{number})", 8 * program.random.below((size / 8).min(SLOTS)))
            }
            None => "offset=8 (local.get $p)".into(),
        };
        let line = match self.random.below(8) {
            0 => format!("(i64.store offset={offset} {address} {value})"),
            1 => format!("({set} (i64.load offset={offset} {address}))"),
            2 => format!("({set} (i64.add {value} {other}))"),
            3 => format!("({set} (i64.mul (i64.xor {value} (i64.const 77)) {other}))"),
            4 => {
                let (from, to) = (slot(self), slot(self));
                format!("(i64.store {to} (i64.add (i64.load {from}) {value}))")
            }
            5 => {
                let from = slot(self);
                format!("({set} (i64.rotl (i64.load {from}) {value}))")
            }
            6 => format!("(i32.store8 offset={offset} {address} (i32.wrap_i64 {value}))"),
            // Data that nobody's stack reaches.
            _ => format!(
                "({set} (i64.load (i32.add (i32.const 65600) (i32.and (i32.wrap_i64 {value}) (i32.const 0xff8)))))"
            ),
        };
        self.line(line);
    }

    fn statement(&mut self) {
        let (set, address, value) = (self.set(), self.address(), self.value());
        match self.random.below(16) {
            0 => self.line(format!("(call $bytes {address} (i32.const 16))")),
            1 => self.line(format!("({set} (call $value {value}))")),
            2 | 3 if self.function + 1 < self.functions => {
                let callee = self.function + 1 + self.random.below(self.functions - self.function - 1);
                self.line(format!("({set} (call $f{callee} {address} {value}))"));
            }
            // Functions of the first half only, so that none can reach itself. The index may be beyond the table.
            4 if self.function < self.functions / 2 => {
                let index = self.random.below(self.functions);
                self.line(format!("({set} (call_indirect (type $shape) {address} {value} (i32.const {index})))"));
            }
            5 if self.depth < 3 && self.loops < 2 => {
                let counter = ["$i", "$j"][self.loops];
                let rounds = 1 + self.random.below(3);
                self.line(format!("(local.set {counter} (i32.const {rounds})) (loop"));
                self.loops += 1;
                self.block(2);
                self.loops -= 1;
                self.line(format!("(br_if 0 (local.tee {counter} (i32.sub (local.get {counter}) (i32.const 1)))))"));
            }
            6 if self.depth < 3 => {
                let most = 1 << self.random.below(20);
                self.line(format!("(if (i64.lt_u {value} (i64.const {most})) (then"));
                self.block(2);
                self.line(") (else");
                self.block(2);
                self.line("))");
            }
            7 if self.depth < 3 => {
                self.line("(block");
                self.block(1);
                self.line(format!("(br_if 0 (i32.and (i32.wrap_i64 {value}) (i32.const 1)))"));
                self.block(1);
                self.line(")");
            }
            8 if self.frames.len() < 3 && !self.frames.is_empty() => {
                // As if another function had been put in its place.
                self.open_frame();
                self.block(2);
                self.close_frame();
            }
            9 => {
                let trap = self.random.below(1_000);
                self.line(format!("(if (i64.eq {value} (i64.const {trap})) (then unreachable))"));
            }
            10 if !self.frames.is_empty() => {
                let (size, number) = self.frames[0];
                let most = self.random.next() as i64;
                self.line(format!("(if (i64.eq {value} (i64.const {most})) (then"));
                self.line(format!(
                    "(global.set $sp (i32.add (local.get $fp{number}) (i32.const {size}))) (return {value})))"
                ));
            }
            11 => self.line(format!("({set} (select {value} (i64.const 5) (i64.eqz {value})))")),
            _ => self.access(),
        }
    }

    fn block(&mut self, statements: u64) {
        self.depth += 1;
        for _ in 0..statements + self.random.below(3) {
            self.statement();
        }
        self.depth -= 1;
    }
}

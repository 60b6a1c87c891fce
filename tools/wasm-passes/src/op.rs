//! Instructions of WebAssembly 1.0 with sign extension, and without floats.

use std::rc::Rc;

use wasmparser::BinaryReader;

use crate::Error;

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ty {
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
}

impl Ty {
    /// The type that a byte of the binary format stands for.
    pub fn from_byte(byte: u8) -> Result<Self, Error> {
        match byte {
            0x7f => Ok(Self::I32),
            0x7e => Ok(Self::I64),
            other => Err(Error::Unsupported(format!("values of type {other:#x}"))),
        }
    }

    /// The type's byte in the binary format.
    pub fn byte(self) -> u8 {
        match self {
            Self::I32 => 0x7f,
            Self::I64 => 0x7e,
        }
    }
}

/// An instruction.
///
/// Instructions that differ in nothing but their opcode are [`Op::Plain`], and those that access memory are [`Op::Memory`]. Both
/// keep the opcode.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// `block`, with the type of its result.
    Block(Option<Ty>),
    /// `loop`, with the type of its result.
    Loop(Option<Ty>),
    /// `if`, with the type of its result.
    If(Option<Ty>),
    /// `else`.
    Else,
    /// `end`, also that of a function.
    End,
    /// `br` to a label.
    Br(u32),
    /// `br_if` to a label.
    BrIf(u32),
    /// `br_table` with its labels; the last one is the default.
    BrTable(Rc<[u32]>),
    /// `return`.
    Return,
    /// `unreachable`.
    Unreachable,
    /// `call` of a function.
    Call(u32),
    /// `call_indirect` with a type.
    CallIndirect(u32),
    /// `drop`.
    Drop,
    /// `select`.
    Select,
    /// `local.get`.
    LocalGet(u32),
    /// `local.set`.
    LocalSet(u32),
    /// `local.tee`.
    LocalTee(u32),
    /// `global.get`.
    GlobalGet(u32),
    /// `global.set`.
    GlobalSet(u32),
    /// A load or a store.
    Memory {
        /// The opcode.
        code: u8,
        /// The exponent of the alignment, which is a hint without a meaning for the result.
        align: u8,
        /// What is added to the address.
        offset: u32,
    },
    /// `memory.size`.
    MemorySize,
    /// `memory.grow`.
    MemoryGrow,
    /// `i32.const`.
    I32Const(i32),
    /// `i64.const`.
    I64Const(i64),
    /// Any other instruction: `nop`, comparisons, arithmetic, conversions.
    Plain(u8),
}

/// Opcodes that are named in the passes.
pub mod code {
    /// `i32.add`.
    pub const I32_ADD: u8 = 0x6a;
    /// `i32.sub`.
    pub const I32_SUB: u8 = 0x6b;
    /// `i32.gt_u`.
    pub const I32_GT_U: u8 = 0x4b;
    /// `i64.mul`.
    pub const I64_MUL: u8 = 0x7e;
    /// `i64.extend_i32_u`.
    pub const I64_EXTEND_I32_U: u8 = 0xad;
    /// `i64.load`.
    pub const I64_LOAD: u8 = 0x29;
    /// `i32.load8_u`.
    pub const I32_LOAD8_U: u8 = 0x2d;
    /// `i64.store`.
    pub const I64_STORE: u8 = 0x37;
    /// `i32.store8`.
    pub const I32_STORE8: u8 = 0x3a;
}

/// The operands and the result of an instruction whose types do not depend on its surroundings.
pub type Signature = (&'static [Ty], Option<Ty>);

impl Op {
    /// Reads an instruction of a validated module.
    ///
    /// # Errors
    ///
    /// If the instruction is not one of WebAssembly 1.0 with sign extension, or has to do with floats.
    pub fn read(reader: &mut BinaryReader<'_>) -> Result<Self, Error> {
        let code = reader.read_u8()?;
        Ok(match code {
            0x00 => Self::Unreachable,
            0x02 => Self::Block(block_type(reader)?),
            0x03 => Self::Loop(block_type(reader)?),
            0x04 => Self::If(block_type(reader)?),
            0x05 => Self::Else,
            0x0b => Self::End,
            0x0c => Self::Br(reader.read_var_u32()?),
            0x0d => Self::BrIf(reader.read_var_u32()?),
            0x0e => {
                let labels = reader.read_var_u32()?;
                let labels: Result<Vec<_>, _> = (0..=labels).map(|_| reader.read_var_u32()).collect();
                Self::BrTable(labels?.into())
            }
            0x0f => Self::Return,
            0x10 => Self::Call(reader.read_var_u32()?),
            0x11 => {
                let ty = reader.read_var_u32()?;
                // The table, of which there is one.
                reader.read_var_u32()?;
                Self::CallIndirect(ty)
            }
            0x1a => Self::Drop,
            0x1b => Self::Select,
            0x20 => Self::LocalGet(reader.read_var_u32()?),
            0x21 => Self::LocalSet(reader.read_var_u32()?),
            0x22 => Self::LocalTee(reader.read_var_u32()?),
            0x23 => Self::GlobalGet(reader.read_var_u32()?),
            0x24 => Self::GlobalSet(reader.read_var_u32()?),
            0x28 | 0x29 | 0x2c..=0x37 | 0x3a..=0x3e => {
                let align =
                    u8::try_from(reader.read_var_u32()?).map_err(|_| Error::Unsupported("an alignment".into()))?;
                Self::Memory { code, align, offset: reader.read_var_u32()? }
            }
            0x3f | 0x40 => {
                reader.read_u8()?;
                if code == 0x3f {
                    Self::MemorySize
                } else {
                    Self::MemoryGrow
                }
            }
            0x41 => Self::I32Const(reader.read_var_i32()?),
            0x42 => Self::I64Const(reader.read_var_i64()?),
            0x01 | 0x45..=0x5a | 0x67..=0x8a | 0xa7 | 0xac | 0xad | 0xc0..=0xc4 => Self::Plain(code),
            other => return Err(Error::Unsupported(format!("the instruction {other:#x}"))),
        })
    }

    /// Appends the instruction in the binary format.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let mut with = |code: u8, number: u32| {
            bytes.push(code);
            unsigned(bytes, number);
        };
        match self {
            Self::Block(ty) => bytes.extend([0x02, block_byte(*ty)]),
            Self::Loop(ty) => bytes.extend([0x03, block_byte(*ty)]),
            Self::If(ty) => bytes.extend([0x04, block_byte(*ty)]),
            Self::Else => bytes.push(0x05),
            Self::End => bytes.push(0x0b),
            Self::Br(label) => with(0x0c, *label),
            Self::BrIf(label) => with(0x0d, *label),
            Self::BrTable(labels) => {
                bytes.push(0x0e);
                // Never below zero: there is a default, and a module's numbers have 32 bits.
                unsigned(bytes, labels.len().saturating_sub(1) as u32);
                labels.iter().for_each(|label| unsigned(bytes, *label));
            }
            Self::Return => bytes.push(0x0f),
            Self::Unreachable => bytes.push(0x00),
            Self::Call(function) => with(0x10, *function),
            Self::CallIndirect(ty) => {
                with(0x11, *ty);
                bytes.push(0);
            }
            Self::Drop => bytes.push(0x1a),
            Self::Select => bytes.push(0x1b),
            Self::LocalGet(local) => with(0x20, *local),
            Self::LocalSet(local) => with(0x21, *local),
            Self::LocalTee(local) => with(0x22, *local),
            Self::GlobalGet(global) => with(0x23, *global),
            Self::GlobalSet(global) => with(0x24, *global),
            Self::Memory { code, align, offset } => {
                with(*code, u32::from(*align));
                unsigned(bytes, *offset);
            }
            Self::MemorySize => bytes.extend([0x3f, 0]),
            Self::MemoryGrow => bytes.extend([0x40, 0]),
            Self::I32Const(value) => {
                bytes.push(0x41);
                signed(bytes, i64::from(*value));
            }
            Self::I64Const(value) => {
                bytes.push(0x42);
                signed(bytes, *value);
            }
            Self::Plain(code) => bytes.push(*code),
        }
    }

    /// How many bytes the instruction takes.
    pub fn size(&self) -> usize {
        let number = |number: u32| 1 + unsigned_size(number);
        match self {
            Self::Br(n) | Self::BrIf(n) | Self::Call(n) => number(*n),
            Self::LocalGet(n) | Self::LocalSet(n) | Self::LocalTee(n) | Self::GlobalGet(n) | Self::GlobalSet(n) => {
                number(*n)
            }
            Self::Block(_) | Self::Loop(_) | Self::If(_) | Self::MemorySize | Self::MemoryGrow => 2,
            Self::CallIndirect(ty) => number(*ty) + 1,
            Self::Memory { offset, .. } => 2 + unsigned_size(*offset),
            Self::I32Const(value) => 1 + signed_size(i64::from(*value)),
            Self::I64Const(value) => 1 + signed_size(*value),
            Self::BrTable(labels) => 2 + labels.iter().map(|label| unsigned_size(*label)).sum::<usize>(),
            Self::Else | Self::End | Self::Return | Self::Unreachable | Self::Drop | Self::Select | Self::Plain(_) => 1,
        }
    }

    /// The operands and the result, where they depend on nothing but the instruction itself.
    pub fn signature(&self) -> Option<Signature> {
        use Ty::{I32, I64};
        Some(match self {
            Self::I32Const(_) | Self::MemorySize => (&[], Some(I32)),
            Self::I64Const(_) => (&[], Some(I64)),
            Self::MemoryGrow => (&[I32], Some(I32)),
            Self::Memory { code, .. } => match code {
                0x28 | 0x2c..=0x2f => (&[I32], Some(I32)),
                0x29 | 0x30..=0x35 => (&[I32], Some(I64)),
                0x36 | 0x3a | 0x3b => (&[I32, I32], None),
                _ => (&[I32, I64], None),
            },
            Self::Plain(code) => match code {
                0x01 => (&[], None),
                0x45 | 0x67..=0x69 | 0xc0 | 0xc1 => (&[I32], Some(I32)),
                0x46..=0x4f | 0x6a..=0x78 => (&[I32, I32], Some(I32)),
                0x50 | 0xa7 => (&[I64], Some(I32)),
                0x51..=0x5a => (&[I64, I64], Some(I32)),
                0x79..=0x7b | 0xc2..=0xc4 => (&[I64], Some(I64)),
                0x7c..=0x8a => (&[I64, I64], Some(I64)),
                0xac | 0xad => (&[I32], Some(I64)),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The labels that the instruction may branch to.
    pub fn labels(&self) -> &[u32] {
        match self {
            Self::Br(label) | Self::BrIf(label) => std::slice::from_ref(label),
            Self::BrTable(labels) => labels,
            _ => &[],
        }
    }

    /// Whether what follows is never reached from here.
    pub fn diverts(&self) -> bool {
        matches!(self, Self::Br(_) | Self::BrTable(_) | Self::Return | Self::Unreachable)
    }

    /// Whether the instruction begins a block, which an `end` closes.
    pub fn opens(&self) -> bool {
        matches!(self, Self::Block(_) | Self::Loop(_) | Self::If(_))
    }
}

fn block_type(reader: &mut BinaryReader<'_>) -> Result<Option<Ty>, Error> {
    match reader.read_u8()? {
        0x40 => Ok(None),
        byte => Ty::from_byte(byte).map(Some),
    }
}

fn block_byte(ty: Option<Ty>) -> u8 {
    ty.map_or(0x40, Ty::byte)
}

fn unsigned(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn signed(bytes: &mut Vec<u8>, mut number: i64) {
    while !(-0x40..0x40).contains(&number) {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8 & 0x7f);
}

/// How many bytes an unsigned number takes in the binary format.
pub fn unsigned_size(number: u32) -> usize {
    // A number has at most 32 bits, so this is at most 5.
    (32 - (number | 1).leading_zeros() as usize).div_ceil(7)
}

/// How many bytes a signed number takes in the binary format.
pub fn signed_size(number: i64) -> usize {
    let magnitude = if number < 0 { !number } else { number };
    // One bit more for the sign, at most 64 + 1 bits.
    (65 - magnitude.leading_zeros() as usize).div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instruction_is_read_as_it_was_written() {
        let mut ops = vec![
            Op::Block(None),
            Op::Loop(Some(Ty::I32)),
            Op::If(Some(Ty::I64)),
            Op::Else,
            Op::End,
            Op::Br(0),
            Op::BrIf(200),
            Op::BrTable(vec![1, 300, 0].into()),
            Op::Return,
            Op::Unreachable,
            Op::Call(127),
            Op::Call(128),
            Op::CallIndirect(3),
            Op::Drop,
            Op::Select,
            Op::LocalGet(1),
            Op::LocalSet(16_384),
            Op::LocalTee(2),
            Op::GlobalGet(0),
            Op::GlobalSet(0),
            Op::MemorySize,
            Op::MemoryGrow,
        ];
        for shift in 0..64 {
            for near in [-1, 0, 1] {
                let value = (1_i64 << shift).wrapping_add(near);
                ops.extend([value, value.wrapping_neg()].map(Op::I64Const));
                ops.extend([value, value.wrapping_neg()].map(|value| Op::I32Const(value as i32)));
                ops.push(Op::Memory { code: code::I64_STORE, align: 3, offset: value as u32 });
            }
        }
        let plain = (0x45..=0x5a).chain(0x67..=0x8a).chain([0x01, 0xa7, 0xac, 0xad]).chain(0xc0..=0xc4);
        ops.extend(plain.map(Op::Plain));
        for op in ops {
            let mut bytes = Vec::new();
            op.write(&mut bytes);
            assert_eq!(bytes.len(), op.size(), "{op:?}");
            let mut reader = BinaryReader::new(&bytes, 0);
            assert_eq!(Op::read(&mut reader).unwrap(), op);
            assert!(reader.eof());
        }
    }

    #[test]
    fn floats_are_refused() {
        for byte in [0x43, 0x44, 0x2a, 0x2b, 0x38, 0x92, 0xbc, 0xfc, 0xd0] {
            assert!(Op::read(&mut BinaryReader::new(&[byte, 0, 0, 0, 0, 0, 0, 0, 0], 0)).is_err(), "{byte:#x}");
        }
    }
}

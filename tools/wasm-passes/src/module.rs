//! A module as the passes work on it: types and functions are taken apart, everything else is kept as it is.
//!
//! Passes append types and functions and change bodies. They never renumber anything, so what is kept stays right.

use std::ops::Range;

use wasm_encoder::{CodeSection, Function as Encoded, FunctionSection, RawSection, SectionId, TypeSection, ValType};
use wasmparser::{
    ConstExpr, DataKind, Element, ElementItems, ExternalKind, Operator, Parser, Payload, TypeRef, Validator,
    WasmFeatures,
};

use crate::op::{Op, Ty};
use crate::Error;

/// What the engine of `pallet-contracts` 31 takes: WebAssembly 1.0 with sign extension, without floats.
pub const FEATURES: WasmFeatures = WasmFeatures::GC_TYPES.union(WasmFeatures::SIGN_EXTENSION);

/// The type of a function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FuncType {
    /// The parameters.
    pub params: Vec<Ty>,
    /// The result.
    pub result: Option<Ty>,
}

/// A function with its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// The number of its type.
    pub ty: u32,
    /// The types of the parameters, then those of the other locals.
    pub locals: Vec<Ty>,
    /// The instructions, up to and with the last `end`.
    pub body: Vec<Op>,
}

/// A global of the module itself or an imported one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Global {
    /// Its type; `None` if it is none of the integers.
    pub ty: Option<Ty>,
    /// Whether it can be set.
    pub mutable: bool,
    /// The value that a global of the module itself begins with, where that is a 32-bit constant.
    pub init: Option<i32>,
    /// Whether the host sees it, as an import or as an export.
    pub shared: bool,
}

/// A module.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// The types.
    pub types: Vec<FuncType>,
    /// The types of the imported functions.
    pub imports: Vec<u32>,
    /// The module's own functions, which are numbered after the imported ones.
    pub functions: Vec<Function>,
    /// The globals.
    pub globals: Vec<Global>,
    /// The names of exported functions, and their numbers.
    pub exports: Vec<(String, u32)>,
    /// The functions that a table may hold.
    pub table: Vec<u32>,
    /// Whether the host sees the table, as an import or as an export.
    pub table_shared: bool,
    /// The start function.
    pub start: Option<u32>,
    /// Where data are put into memory when the module is instantiated.
    pub data: Vec<Range<u64>>,
    /// The sections as they were read, without custom ones.
    sections: Vec<(u8, Vec<u8>)>,
}

const TYPES: u8 = SectionId::Type as u8;
const FUNCTIONS: u8 = SectionId::Function as u8;
const CODE: u8 = SectionId::Code as u8;

impl Module {
    /// Reads a module. Custom sections are left out.
    ///
    /// # Errors
    ///
    /// If the bytes are no valid module of [`FEATURES`].
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        validate(bytes)?;
        let mut module = Self::default();
        let mut declared = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            if let Some((id, range)) = payload.as_section() {
                if id != SectionId::Custom as u8 {
                    let content = usize::try_from(range.start)
                        .ok()
                        .zip(usize::try_from(range.end).ok())
                        .and_then(|(begin, end)| bytes.get(begin..end))
                        .ok_or_else(|| Error::Unsupported("a section's range".into()))?;
                    module.sections.push((id, content.to_vec()));
                }
            }
            module.add(payload, &mut declared)?;
        }
        Ok(module)
    }

    fn add(&mut self, payload: Payload<'_>, declared: &mut Vec<u32>) -> Result<(), Error> {
        match payload {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    let ty = ty?;
                    let params: Result<_, _> = ty.params().iter().map(|ty| value_type(*ty)).collect();
                    let result = ty.results().first().map(|ty| value_type(*ty)).transpose()?;
                    self.types.push(FuncType { params: params?, result });
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) => self.imports.push(ty),
                        TypeRef::Table(_) => self.table_shared = true,
                        TypeRef::Global(ty) => {
                            self.globals.push(Global {
                                ty: value_type(ty.content_type).ok(),
                                mutable: ty.mutable,
                                init: None,
                                shared: true,
                            });
                        }
                        _ => {}
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    declared.push(ty?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    let init = constant(&global.init_expr)?;
                    let ty = value_type(global.ty.content_type).ok();
                    self.globals.push(Global { ty, mutable: global.ty.mutable, init, shared: false });
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    match export.kind {
                        ExternalKind::Func => self.exports.push((export.name.to_owned(), export.index)),
                        ExternalKind::Table => self.table_shared = true,
                        ExternalKind::Global => {
                            if let Some(global) = self.globals.get_mut(export.index as usize) {
                                global.shared = true;
                            }
                        }
                        _ => {}
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    self.add_element(element?)?;
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::DataSection(section) => {
                for data in section {
                    let data = data?;
                    if let DataKind::Active { offset_expr, .. } = data.kind {
                        // An offset that only the host knows may be anywhere.
                        let range = constant(&offset_expr)?.map(|begin| u64::from(begin as u32));
                        let end = |begin: u64| begin.saturating_add(data.data.len() as u64);
                        self.data.push(range.map_or(0..u64::MAX, |begin| begin..end(begin)));
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                let ty = *declared.get(self.functions.len()).ok_or_else(|| Error::Unsupported("a body".into()))?;
                let mut locals = self.types.get(ty as usize).map(|ty| ty.params.clone()).unwrap_or_default();
                for group in body.get_locals_reader()? {
                    let (count, ty) = group?;
                    let ty = value_type(ty)?;
                    locals.extend((0..count).map(|_| ty));
                }
                let mut reader = body.get_binary_reader_for_operators()?;
                let mut ops = Vec::new();
                while !reader.eof() {
                    ops.push(Op::read(&mut reader)?);
                }
                self.functions.push(Function { ty, locals, body: ops });
            }
            _ => {}
        }
        Ok(())
    }

    fn add_element(&mut self, element: Element<'_>) -> Result<(), Error> {
        match element.items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    self.table.push(function?);
                }
                Ok(())
            }
            ElementItems::Expressions(..) => Err(Error::Unsupported("elements that are expressions".into())),
        }
    }

    /// Writes the module.
    ///
    /// # Errors
    ///
    /// If the module is not valid, which is a mistake in a pass.
    pub fn write(&self) -> Result<Vec<u8>, Error> {
        let mut module = wasm_encoder::Module::new();
        for (id, data) in &self.sections {
            match *id {
                TYPES => module.section(&self.encode_types()),
                FUNCTIONS => {
                    let mut section = FunctionSection::new();
                    self.functions.iter().for_each(|function| {
                        section.function(function.ty);
                    });
                    module.section(&section)
                }
                CODE => {
                    let mut section = CodeSection::new();
                    self.functions.iter().for_each(|function| {
                        section.function(&self.encode(function));
                    });
                    module.section(&section)
                }
                id => module.section(&RawSection { id, data }),
            };
        }
        let bytes = module.finish();
        validate(&bytes)?;
        Ok(bytes)
    }

    fn encode_types(&self) -> TypeSection {
        let mut section = TypeSection::new();
        for ty in &self.types {
            section.ty().function(ty.params.iter().map(|ty| encoded(*ty)), ty.result.map(encoded));
        }
        section
    }

    fn encode(&self, function: &Function) -> Encoded {
        let locals = function.locals.iter().skip(self.params(function).len());
        let mut encoded = Encoded::new_with_locals_types(locals.map(|ty| encoded(*ty)));
        let mut bytes = Vec::new();
        function.body.iter().for_each(|op| op.write(&mut bytes));
        encoded.raw(bytes);
        encoded
    }

    /// The parameters of one of the module's own functions.
    pub fn params(&self, function: &Function) -> &[Ty] {
        self.types.get(function.ty as usize).map(|ty| &*ty.params).unwrap_or_default()
    }

    /// The result of one of the module's own functions.
    pub fn result(&self, function: &Function) -> Option<Ty> {
        self.types.get(function.ty as usize).and_then(|ty| ty.result)
    }

    /// The type of a function by its number.
    pub fn type_of(&self, function: u32) -> Option<&FuncType> {
        let own = (function as usize).checked_sub(self.imports.len());
        let ty = match own {
            None => self.imports.get(function as usize).copied(),
            Some(own) => self.functions.get(own).map(|function| function.ty),
        };
        self.types.get(ty? as usize)
    }

    /// The index among the module's own functions; `None` for an imported one.
    pub fn own(&self, function: u32) -> Option<usize> {
        (function as usize).checked_sub(self.imports.len())
    }

    /// Appends a function and gives its number.
    ///
    /// # Errors
    ///
    /// If there are more functions than numbers.
    pub fn push(&mut self, ty: FuncType, locals: &[Ty], body: Vec<Op>) -> Result<u32, Error> {
        let number = number(self.imports.len().saturating_add(self.functions.len()))?;
        let known = self.types.iter().position(|known| *known == ty);
        let index = known.unwrap_or(self.types.len());
        let locals = ty.params.iter().chain(locals).copied().collect();
        if known.is_none() {
            self.types.push(ty);
        }
        self.functions.push(Function { ty: self::number(index)?, locals, body });
        Ok(number)
    }

    /// The module's own functions that an instruction may call.
    pub fn callees<'a>(&'a self, op: &Op) -> Box<dyn Iterator<Item = usize> + 'a> {
        match *op {
            Op::Call(function) => Box::new(self.own(function).into_iter()),
            Op::CallIndirect(ty) => {
                let ty = self.types.get(ty as usize);
                // Types are compared by structure, as the engine does.
                let same = move |function: &&u32| ty.is_some() && self.type_of(**function) == ty;
                Box::new(self.table.iter().filter(same).filter_map(|function| self.own(*function)))
            }
            _ => Box::new(std::iter::empty()),
        }
    }
}

fn number(index: usize) -> Result<u32, Error> {
    u32::try_from(index).map_err(|_| Error::Unsupported("more items than numbers".into()))
}

fn validate(bytes: &[u8]) -> Result<(), Error> {
    Validator::new_with_features(FEATURES).validate_all(bytes)?;
    Ok(())
}

fn value_type(ty: wasmparser::ValType) -> Result<Ty, Error> {
    match ty {
        wasmparser::ValType::I32 => Ok(Ty::I32),
        wasmparser::ValType::I64 => Ok(Ty::I64),
        other => Err(Error::Unsupported(format!("values of type {other}"))),
    }
}

fn encoded(ty: Ty) -> ValType {
    match ty {
        Ty::I32 => ValType::I32,
        Ty::I64 => ValType::I64,
    }
}

fn constant(expression: &ConstExpr<'_>) -> Result<Option<i32>, Error> {
    let mut reader = expression.get_operators_reader();
    match reader.read()? {
        Operator::I32Const { value } => Ok(Some(value)),
        _ => Ok(None),
    }
}

/// Where the block that begins at each instruction ends, and the other way round: `Some` for `block`, `loop`, `if` and their `end`.
pub fn matching(body: &[Op]) -> Vec<Option<usize>> {
    let mut matches = vec![None; body.len()];
    let mut open = Vec::new();
    for (at, op) in body.iter().enumerate() {
        if op.opens() {
            open.push(at);
        } else if *op == Op::End {
            if let Some(begin) = open.pop() {
                matches[begin] = Some(at);
                matches[at] = Some(begin);
            }
        }
    }
    matches
}

/// The instructions that lie in a loop.
pub fn in_loop(body: &[Op]) -> Vec<bool> {
    let mut inside = vec![false; body.len()];
    for (begin, end) in matching(body).into_iter().enumerate() {
        if let (Op::Loop(_), Some(end)) = (&body[begin], end) {
            inside[Range { start: begin, end }].fill(true);
        }
    }
    inside
}

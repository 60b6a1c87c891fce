//! Values of a type that are told from all others in a text, by the description of the type.

use ink::scale::Encode;
use ink::scale_info::{
    form::PortableForm, MetaType, PortableRegistry, Registry, Type, TypeDef, TypeDefPrimitive, TypeInfo,
};
use patronage_chain::units::{format_amount, format_duration, format_time, Unit, Units};

/// A value that is told from all others in a text, whatever unit it is written in.
#[derive(Clone)]
pub struct Probe {
    pub field: String,
    pub value: u128,
    pub text: Option<String>,
}

pub fn units() -> (Units, Unit) {
    let unit = |symbol: &str, decimals| Unit { symbol: symbol.to_owned(), decimals, max: u128::MAX };
    // Decimals that differ, so that a rendering says which unit it was made with.
    (Units { native: unit("NATIVE", 12), token: unit("TOKEN", 9) }, unit("UNIT", 7))
}

/// How `probe` can stand in a text, by the name of the way.
pub fn renderings(probe: &Probe) -> Vec<(String, String)> {
    let (Units { native, token }, unit) = units();
    let value = probe.value;
    let mut ways = Vec::new();
    let mut way = |name: &str, text: String| ways.push((text, format!("{{{}:{name}}}", probe.field)));
    if let Some(text) = &probe.text {
        way("text", text.clone());
        return ways;
    }
    for (name, unit) in [("native", &native), ("token", &token), ("unit", &unit)] {
        way(name, unit.format(value));
        way(&format!("{name}Plain"), unit.plain(value));
    }
    if let Ok(time) = u64::try_from(value) {
        way("time", format_time(time));
        way("duration", format_duration(time));
    }
    way("percent", format!("{} %", format_amount(value, 2)));
    way("number", value.to_string());
    way("ordinal", (value + 1).to_string());
    ways
}

/// `text` with a placeholder wherever a probe stands in it.
pub fn template(text: &str, probes: &[Probe]) -> String {
    let mut ways: Vec<_> = probes.iter().flat_map(renderings).collect();
    // Longest first: one can be a part of another.
    ways.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    let mut result = String::new();
    let mut rest = text;
    'next: while let Some(letter) = rest.chars().next() {
        for (text, placeholder) in &ways {
            // Not inside of another number.
            let inside = result.ends_with(|before: char| before.is_ascii_digit());
            if !inside && rest.starts_with(text) {
                result.push_str(placeholder);
                rest = &rest[text.len()..];
                continue 'next;
            }
        }
        assert!(!"{}".contains(letter), "a text has braces: {text}");
        result.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    for (symbol, placeholder) in [("NATIVE", "{:nativeSymbol}"), ("TOKEN", "{:tokenSymbol}"), ("UNIT", "{:unitSymbol}")]
    {
        result = result.replace(symbol, placeholder);
    }
    result
}

/// Encoded values of a type, each with its probes and the path of its variants.
pub struct Sample {
    pub path: String,
    pub bytes: Vec<u8>,
    pub probes: Vec<Probe>,
}

pub struct Samples {
    types: PortableRegistry,
    /// What every number is, for the words that are said where it is 0.
    zero: bool,
    next: u128,
}

impl Samples {
    /// Every variant of `T`.
    pub fn of<T: TypeInfo + 'static>(zero: bool) -> Vec<Sample> {
        let mut registry = Registry::new();
        let id = registry.register_type(&MetaType::new::<T>()).id;
        let mut samples = Self { types: registry.into(), zero, next: 0 };
        samples.variants(id)
    }

    fn type_of(&self, id: u32) -> Type<PortableForm> {
        self.types.resolve(id).expect("every type is registered").clone()
    }

    /// Every variant of an enum, and of the enums in it.
    fn variants(&mut self, id: u32) -> Vec<Sample> {
        let TypeDef::Variant(def) = self.type_of(id).type_def else { panic!("an error is an enum") };
        let mut samples = Vec::new();
        for variant in def.variants {
            let nested = variant.fields.first().filter(|field| field.name.is_none()).map(|field| field.ty.id);
            let nested = nested.filter(|id| matches!(self.type_of(*id).type_def, TypeDef::Variant(_)));
            if let Some(inner) = nested {
                for sample in self.variants(inner) {
                    let bytes = [vec![variant.index], sample.bytes].concat();
                    samples.push(Sample { path: format!("{}.{}", variant.name, sample.path), bytes, ..sample });
                }
                continue;
            }
            let (mut bytes, mut probes) = (vec![variant.index], Vec::new());
            for field in &variant.fields {
                let name = camel(field.name.as_deref().unwrap_or("value"));
                bytes.extend(self.field(name, field.ty.id, &mut probes));
            }
            samples.push(Sample { path: variant.name, bytes, probes });
        }
        samples
    }

    fn field(&mut self, field: String, id: u32, probes: &mut Vec<Probe>) -> Vec<u8> {
        self.next += 1;
        let next = self.next;
        let large = |value: u128| if self.zero { 0 } else { value };
        let (value, bytes, text) = match self.type_of(id).type_def {
            TypeDef::Primitive(TypeDefPrimitive::U128) => {
                let value = large(7_418_529_630_741_852_900 + next);
                (value, value.encode(), None)
            }
            TypeDef::Primitive(TypeDefPrimitive::U64) => {
                let value = large(1_790_000_000_123 + next * 90_061_000);
                (value, u64::try_from(value).unwrap().encode(), None)
            }
            TypeDef::Primitive(TypeDefPrimitive::U32) => {
                let value = large(74_000 + next);
                (value, u32::try_from(value).unwrap().encode(), None)
            }
            TypeDef::Primitive(TypeDefPrimitive::U16) => {
                let value = large(7_400 + next);
                (value, u16::try_from(value).unwrap().encode(), None)
            }
            TypeDef::Primitive(TypeDefPrimitive::U8) => {
                let value = large(70 + next % 20);
                (value, vec![u8::try_from(value).unwrap()], None)
            }
            TypeDef::Primitive(TypeDefPrimitive::Str) => (0, "<text>".encode(), Some("<text>".to_owned())),
            other => panic!("{field} is of a type that no error has had: {other:?}"),
        };
        probes.push(Probe { field, value, text });
        bytes
    }
}

pub fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + &part[..1].to_uppercase() + &part[1..])
}

//! Messages by the metadata, with arguments made of given numbers and accounts.

use serde_json::Value;

use crate::forms::{Form, FORMS};

/// A message or a constructor.
#[derive(Debug, Clone)]
pub struct Message {
    pub label: String,
    pub selector: [u8; 4],
    pub payable: bool,
    /// Whether it can change something.
    pub mutates: bool,
    /// Type numbers of its arguments.
    arguments: Vec<u64>,
}

/// The interface of a contract.
pub struct Interface {
    pub messages: Vec<Message>,
    pub constructors: Vec<Message>,
    types: Vec<Value>,
}

/// Source of values for arguments.
pub trait Source {
    /// One of `count` choices.
    fn choose(&mut self, count: usize) -> usize;
    /// A number for an integer of this many bytes.
    fn number(&mut self, bytes: usize) -> u128;
    /// An account.
    fn account(&mut self) -> [u8; 32];
}

impl Interface {
    /// Interface of the contract `name`, which is equal in all forms.
    pub fn of(name: &str) -> Self {
        let read = |form: Form| {
            let path = crate::forms::folder(form).join(name).join(format!("{name}.json"));
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let mut metadata: Value = serde_json::from_str(&text).expect("metadata is JSON");
            for of_the_build in ["source", "contract"] {
                metadata.as_object_mut().expect("metadata is an object").remove(of_the_build);
            }
            metadata
        };
        let metadata = read(Form::Split);
        for form in FORMS {
            assert_eq!(read(form), metadata, "{name}: the metadata of {form:?} differs");
        }
        let list = |kind: &str| metadata["spec"][kind].as_array().expect("a list").iter().map(message).collect();
        let types = metadata["types"].as_array().expect("a list").clone();
        Self { messages: list("messages"), constructors: list("constructors"), types }
    }

    /// Selector and arguments of a call of `message`.
    pub fn call(&self, message: &Message, source: &mut dyn Source) -> Vec<u8> {
        let mut data = message.selector.to_vec();
        for argument in &message.arguments {
            self.encode(*argument, source, &mut data);
        }
        data
    }

    fn encode(&self, number: u64, source: &mut dyn Source, to: &mut Vec<u8>) {
        let found = self.types.iter().find(|entry| entry["id"] == number).expect("the type is listed");
        let kind = &found["type"];
        if kind["path"].as_array().and_then(|path| path.last()).is_some_and(|name| name == "AccountId") {
            return to.extend(source.account());
        }
        let (shape, def) = kind["def"].as_object().and_then(|def| def.iter().next()).expect("a type has a shape");
        match shape.as_str() {
            "primitive" => self.primitive(def.as_str().expect("a name"), source, to),
            "composite" => self.fields(def, source, to),
            "variant" => {
                let variants = def["variants"].as_array().expect("variants");
                let variant = &variants[source.choose(variants.len())];
                to.push(variant["index"].as_u64().expect("an index") as u8);
                self.fields(variant, source, to);
            }
            "sequence" => {
                let length = source.choose(4);
                to.push((length as u8) << 2);
                (0..length).for_each(|_| self.encode(type_of(def), source, to));
            }
            "array" => {
                let length = def["len"].as_u64().expect("a length");
                (0..length).for_each(|_| self.encode(type_of(def), source, to));
            }
            "tuple" => {
                for item in def.as_array().expect("items") {
                    self.encode(item.as_u64().expect("a number"), source, to);
                }
            }
            other => panic!("no message has an argument like {other}"),
        }
    }

    fn primitive(&self, name: &str, source: &mut dyn Source, to: &mut Vec<u8>) {
        let bytes = match name {
            // Mostly `false`, as a paused contract refuses most messages.
            "bool" => return to.push(u8::from(source.choose(5) == 0)),
            "str" => return to.extend([8, b'o', b'k']),
            "u8" => 1,
            "u16" => 2,
            "u32" => 4,
            "u64" => 8,
            "u128" => 16,
            other => panic!("no message has an argument like {other}"),
        };
        to.extend(&source.number(bytes).to_le_bytes()[..bytes]);
    }

    fn fields(&self, of: &Value, source: &mut dyn Source, to: &mut Vec<u8>) {
        for field in of["fields"].as_array().into_iter().flatten() {
            self.encode(type_of(field), source, to);
        }
    }
}

fn type_of(entry: &Value) -> u64 {
    entry["type"].as_u64().expect("the number of a type")
}

fn message(entry: &Value) -> Message {
    let selector = entry["selector"].as_str().and_then(|text| text.strip_prefix("0x")).expect("a selector");
    Message {
        label: entry["label"].as_str().expect("a label").to_owned(),
        selector: u32::from_str_radix(selector, 16).expect("hexadecimal digits").to_be_bytes(),
        payable: entry["payable"] == true,
        mutates: entry["mutates"] == true,
        arguments: entry["args"].as_array().expect("arguments").iter().map(|arg| type_of(&arg["type"])).collect(),
    }
}

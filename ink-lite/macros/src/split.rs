//! Removes the attributes `#[ink_lite(cold)]` and `#[ink_lite(hot)]` from the module, and records which messages are
//! cold.

use std::collections::BTreeMap;

use proc_macro2::Span;
use quote::ToTokens;
use syn::{spanned::Spanned, Attribute, Error, ImplItem, Item, ItemMod, Path, Result};

/// The code that a message is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temperature {
    /// The code that each call loads.
    Hot,
    /// The code that is loaded on demand.
    Cold,
}

/// The trait, if there is one, and the name of a function. A module has at most one such function.
type Key = (Option<String>, String);

/// The temperatures of a module's functions.
pub struct Temperatures {
    of_functions: BTreeMap<Key, Temperature>,
    /// Functions with their own attribute.
    named: Vec<(Key, Span)>,
}

impl Temperatures {
    /// Removes the attributes from `module`.
    pub fn take(module: &mut ItemMod) -> Result<Self> {
        let mut this = Self { of_functions: BTreeMap::new(), named: Vec::new() };
        for item in module.content.iter_mut().flat_map(|(_, items)| items) {
            let Item::Impl(block) = item else { continue };
            let of_all = take_from(&mut block.attrs)?;
            let path = block.trait_.as_ref().map(|(_, path, _)| path.clone());
            for item in &mut block.items {
                let ImplItem::Fn(function) = item else { continue };
                let own = take_from(&mut function.attrs)?;
                let key = key(path.as_ref(), &function.sig.ident);
                if own.is_some() {
                    this.named.push((key.clone(), function.sig.ident.span()));
                }
                this.of_functions.insert(key, own.or(of_all).unwrap_or(Temperature::Hot));
            }
        }
        Ok(this)
    }

    /// The temperature of the message `name` of the trait `path`, if there is one. Marks the function as a message.
    pub fn of_message(&mut self, path: Option<&Path>, name: &syn::Ident) -> Temperature {
        let key = key(path, name);
        self.named.retain(|(named, _)| *named != key);
        self.of_functions.get(&key).copied().unwrap_or(Temperature::Hot)
    }

    /// Fails if a function with a temperature is not a message.
    pub fn check(&self) -> Result<()> {
        match self.named.first() {
            Some((_, span)) => Err(Error::new(*span, "only a function with #[ink(message)] is hot or cold")),
            None => Ok(()),
        }
    }
}

fn key(path: Option<&Path>, name: &syn::Ident) -> Key {
    (path.map(|path| path.to_token_stream().to_string()), name.to_string())
}

fn take_from(attributes: &mut Vec<Attribute>) -> Result<Option<Temperature>> {
    let mut temperature = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("ink_lite")) {
        attribute.parse_nested_meta(|meta| {
            let found = match () {
                () if meta.path.is_ident("cold") => Temperature::Cold,
                () if meta.path.is_ident("hot") => Temperature::Hot,
                () => return Err(meta.error("unknown option: a message is `hot` or `cold`")),
            };
            match temperature.replace(found) {
                Some(before) if before != found => Err(Error::new(attribute.span(), "a message is either hot or cold")),
                _ => Ok(()),
            }
        })?;
    }
    attributes.retain(|attribute| !attribute.path().is_ident("ink_lite"));
    Ok(temperature)
}

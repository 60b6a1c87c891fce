//! Generates the entry points of a contract from ink!'s intermediate representation.

use ink_ir::{Callable, HexLiteral};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned, ToTokens};
use syn::{parse2, Error, Ident, ItemMod, Result};

use crate::split::{Temperature, Temperatures};

/// Adds the entry points to the module and passes it to ink!.
pub fn expand(config: TokenStream, module: TokenStream) -> Result<TokenStream> {
    let mut module: ItemMod = parse2(module)?;
    let temperatures = Temperatures::take(&mut module)?;
    let ink = if config.is_empty() { quote!(::ink::contract) } else { quote!(::ink::contract(#config)) };
    // ink! explains errors in a module that it does not accept.
    if let Ok(contract) = ink_ir::Contract::new(config, module.to_token_stream()) {
        let entry_points = Dispatch::of(&contract, temperatures)?.expand();
        if let Some((_, items)) = &mut module.content {
            items.push(syn::Item::Verbatim(entry_points));
        }
    }
    // ink! generates unsafe code for calls of a contract's traits.
    Ok(quote! {
        #[allow(unsafe_code)]
        #[#ink]
        #module
    })
}

/// A message or a constructor.
struct Entry {
    span: Span,
    cfg: Vec<TokenStream>,
    /// ink!'s id of it: its selector as a big-endian integer.
    id: TokenStream,
    /// The function.
    path: TokenStream,
    arguments: Vec<Ident>,
    cold: bool,
}

struct Dispatch {
    storage: Ident,
    constructors: Vec<Entry>,
    messages: Vec<Entry>,
}

impl Dispatch {
    fn of(contract: &ink_ir::Contract, mut temperatures: Temperatures) -> Result<Self> {
        let storage = contract.module().storage().ident().clone();
        let (mut constructors, mut messages) = (Vec::new(), Vec::new());
        for block in contract.module().impls() {
            for constructor in block.iter_constructors() {
                let name = constructor.ident();
                let path = quote!(#storage::#name);
                let id = constructor.composed_selector().into_be_u32().hex_padded_suffixed();
                let cfg = constructor.get_cfg_attrs(name.span());
                constructors.push(Entry::new(&constructor, cfg, id.to_token_stream(), path, false)?);
            }
            for message in block.iter_messages() {
                let name = message.ident();
                let (id, path) = match block.trait_path() {
                    // Only the trait knows the selectors of its messages.
                    Some(path) => {
                        let local = message.local_id().hex_padded_suffixed();
                        (
                            quote!({ ::ink_lite::trait_message_id!(#storage, #path, #local) }),
                            quote!(<#storage as #path>::#name),
                        )
                    }
                    None => {
                        let id = message.composed_selector().into_be_u32().hex_padded_suffixed();
                        (id.to_token_stream(), quote!(#storage::#name))
                    }
                };
                let cold = temperatures.of_message(block.trait_path(), name) == Temperature::Cold;
                let cfg = message.get_cfg_attrs(name.span());
                messages.push(Entry::new(&message, cfg, id, path, cold)?);
            }
        }
        temperatures.check()?;
        Ok(Self { storage, constructors, messages })
    }

    fn expand(&self) -> TokenStream {
        let Self { storage, constructors, messages } = self;
        let numbers = |entries: &[Entry]| {
            let numbers = entries.iter().map(|Entry { cfg, id, .. }| quote!(#(#cfg)* #id));
            quote!(&[#(#numbers),*])
        };
        let (constructor_ids, message_ids) = (numbers(constructors), numbers(messages));
        let all: Vec<_> = messages.iter().collect();
        let (cold, hot): (Vec<_>, Vec<_>) = messages.iter().partition(|message| message.cold);
        let (single, hot, cold) = (self.single(&all), self.hot(&hot), self.cold(&cold));
        quote! {
            // A contract need not declare the features of forms that it does not have. Exporting the entry points
            // counts as unsafe. The answer of a message without a return value is encoded like any other.
            #[allow(unexpected_cfgs, unsafe_code, clippy::let_unit_value)]
            const _: () = {
                const _: () = ::core::assert!(
                    ::core::mem::size_of::<#storage>() == 0,
                    "ink-lite keeps no state in the root: every field must be a `Mapping` or a `Lazy`"
                );
                const _: () = ::core::assert!(
                    ::ink_lite::dispatch::are_distinct(#constructor_ids, #message_ids),
                    "a constructor has the selector of a message: give one of them another by #[ink(selector = ..)]"
                );

                #[cfg(any(
                    all(feature = "lite", feature = "lite-hot"),
                    all(feature = "lite", feature = "lite-cold"),
                    all(feature = "lite-hot", feature = "lite-cold"),
                ))]
                ::core::compile_error!("only one of the features `lite`, `lite-hot` and `lite-cold` can be on");

                #[cfg(all(not(feature = "std"), feature = "lite"))]
                const _: () = { #single };
                #[cfg(all(not(feature = "std"), feature = "lite-hot"))]
                const _: () = { #hot };
                #[cfg(all(not(feature = "std"), feature = "lite-cold"))]
                const _: () = { #cold };
            };
        }
    }

    /// The entry points of one code with all messages.
    fn single(&self, messages: &[&Entry]) -> TokenStream {
        let (construct, call) = (self.construct(), self.call(messages, &quote!()));
        quote! {
            #construct

            #call

            #[no_mangle]
            pub extern "C" fn deploy() {
                let mut reader = ::ink_lite::dispatch::input();
                let selector = <::core::primitive::u32 as ::ink_lite::Decode>::decode(&mut reader);
                construct(selector, &mut reader, false);
                ::ink_lite::dispatch::unreadable()
            }
        }
    }

    /// The entry points of the hot code: hot messages, and forwarding of everything else.
    fn hot(&self, messages: &[&Entry]) -> TokenStream {
        let contract = self.contract();
        let is_constructor = self.is_constructor();
        let branches = messages.iter().map(|message| {
            let info = message.info(&self.storage, &quote!(DispatchableMessageInfo));
            let deny = quote!(if !<#info>::PAYABLE { ::ink_lite::dispatch::deny_payment(); });
            message.branch(&self.storage, &deny)
        });
        quote! {
            /// Code with the other messages. The hash of this code covers its hash.
            static COLD: [::core::primitive::u8; 32] = ::ink_lite::dispatch::code_hash(::core::env!(
                "INK_LITE_COLD_CODE_HASH",
                "the hot code names the hash of the cold one: build that first, or build both with ink-bundle"
            ));

            #[no_mangle]
            pub extern "C" fn call() {
                let mut reader = ::ink_lite::dispatch::input();
                let selector = <::core::primitive::u32 as ::ink_lite::Decode>::decode(&mut reader);
                #contract
                #(#branches)*
                // The cold code runs constructors in `call`, as a delegate call has no other entry point.
                if #is_constructor {
                    ::ink_lite::dispatch::unreadable()
                }
                ::ink_lite::dispatch::forward(&COLD)
            }

            #[no_mangle]
            pub extern "C" fn deploy() {
                let mut reader = ::ink_lite::dispatch::input();
                let selector = <::core::primitive::u32 as ::ink_lite::Decode>::decode(&mut reader);
                if !#is_constructor {
                    ::ink_lite::dispatch::unreadable()
                }
                ::ink_lite::dispatch::lock(&COLD);
                ::ink_lite::dispatch::forward(&COLD)
            }
        }
    }

    /// The entry points of the cold code: cold messages and constructors.
    fn cold(&self, messages: &[&Entry]) -> TokenStream {
        let is_constructor = self.is_constructor();
        // Each constructor checks itself whether it is payable.
        let (construct, call) = (self.construct(), self.call(messages, &quote!(|| #is_constructor)));
        quote! {
            #construct

            #call

            /// Reports the constructor's answer, and reverts. No contract can be instantiated from this code.
            #[no_mangle]
            pub extern "C" fn deploy() {
                let mut reader = ::ink_lite::dispatch::input();
                let selector = <::core::primitive::u32 as ::ink_lite::Decode>::decode(&mut reader);
                construct(selector, &mut reader, true);
                ::ink_lite::dispatch::unreadable()
            }
        }
    }

    /// The entry point `call` for these `messages`. It also runs constructors if they `may_be_constructors`.
    fn call(&self, messages: &[&Entry], may_be_constructors: &TokenStream) -> TokenStream {
        let (storage, contract) = (&self.storage, self.contract());
        let payable = messages.iter().map(|message| message.takes_money(storage));
        let branches = messages.iter().map(|message| message.branch(storage, &quote!()));
        let construct = (!may_be_constructors.is_empty()).then(|| quote!(construct(selector, &mut reader, false);));
        quote! {
            #[no_mangle]
            pub extern "C" fn call() {
                let mut reader = ::ink_lite::dispatch::input();
                let selector = <::core::primitive::u32 as ::ink_lite::Decode>::decode(&mut reader);
                // One check for all messages, as few of them are payable.
                let takes_money = false #may_be_constructors;
                #(#payable)*
                if !takes_money {
                    ::ink_lite::dispatch::deny_payment();
                }
                #contract
                #(#branches)*
                #construct
                ::ink_lite::dispatch::unreadable()
            }
        }
    }

    /// A function that ends the call if `selector` is a constructor's.
    fn construct(&self) -> TokenStream {
        let storage = &self.storage;
        let branches = self.constructors.iter().map(|constructor| {
            let Entry { span, cfg, id, path, arguments, .. } = constructor;
            let info = constructor.info(storage, &quote!(DispatchableConstructorInfo));
            quote_spanned! {*span=>
                #(#cfg)*
                if selector == const { ::core::primitive::u32::swap_bytes(#id) } {
                    type Value = ::ink::reflect::ConstructorOutputValue<<#info>::Output>;
                    if !<#info>::PAYABLE {
                        ::ink_lite::dispatch::deny_payment();
                    }
                    #(let #arguments = ::ink_lite::Decode::decode(reader);)*
                    let value = Value::new(#path(#(#arguments),*));
                    let result = <Value as ::ink::reflect::ConstructorOutput<#storage>>::as_result(&value).map(|_| ());
                    ::ink_lite::dispatch::answer(trial || result.is_err(), &result);
                }
            }
        });
        quote! {
            fn construct(selector: ::core::primitive::u32, reader: &mut ::ink_lite::Reader<'_>, trial: ::core::primitive::bool) {
                #(#branches)*
            }
        }
    }

    /// The contract's value, which needs no memory.
    fn contract(&self) -> TokenStream {
        let storage = &self.storage;
        quote! {
            let ::core::result::Result::Ok(mut contract) =
                <#storage as ::ink::storage::traits::Storable>::decode(&mut &[][..])
            else {
                ::ink_lite::dispatch::unreadable()
            };
        }
    }

    fn is_constructor(&self) -> TokenStream {
        let ids = self.constructors.iter().map(|constructor| &constructor.id);
        quote!((false #(|| selector == const { ::core::primitive::u32::swap_bytes(#ids) })*))
    }
}

impl Entry {
    fn new(
        callable: &impl Callable,
        cfg: Vec<TokenStream>,
        id: TokenStream,
        path: TokenStream,
        cold: bool,
    ) -> Result<Self> {
        let span = callable.ident().span();
        if callable.has_wildcard_selector() {
            return Err(Error::new(span, "ink-lite has no wildcard selectors"));
        }
        let arguments = (0..callable.inputs().count()).map(|number| format_ident!("argument_{number}")).collect();
        Ok(Self { span, cfg, id, path, arguments, cold })
    }

    /// ink!'s description of it.
    fn info(&self, storage: &Ident, description: &TokenStream) -> TokenStream {
        let id = &self.id;
        quote!(#storage as ::ink::reflect::#description<#id>)
    }

    fn takes_money(&self, storage: &Ident) -> TokenStream {
        let (info, Self { cfg, id, .. }) = (self.info(storage, &quote!(DispatchableMessageInfo)), self);
        quote! {
            #(#cfg)*
            let takes_money = takes_money
                || (<#info>::PAYABLE && selector == const { ::core::primitive::u32::swap_bytes(#id) });
        }
    }

    /// Ends the call if the selector is this message's. Executes `first` before it.
    fn branch(&self, storage: &Ident, first: &TokenStream) -> TokenStream {
        let Self { span, cfg, id, path, arguments, .. } = self;
        let info = self.info(storage, &quote!(DispatchableMessageInfo));
        quote_spanned! {*span=>
            #(#cfg)*
            if selector == const { ::core::primitive::u32::swap_bytes(#id) } {
                type Output = <#info>::Output;
                #first
                #(let #arguments = ::ink_lite::Decode::decode(&mut reader);)*
                let result: Output = #path(&mut contract, #(#arguments),*);
                let reverted = ::ink::is_result_type!(Output) && ::ink::is_result_err!(result);
                ::ink_lite::dispatch::answer(reverted, &result);
            }
        }
    }
}

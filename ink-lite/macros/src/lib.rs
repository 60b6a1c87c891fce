//! Macros of `ink-lite`. That crate documents them where it exports them.

mod contract;
mod decode;
mod split;

use proc_macro::TokenStream;

/// Generates the entry points of an ink! contract. See the documentation of `ink-lite`.
#[proc_macro_attribute]
pub fn contract(config: TokenStream, module: TokenStream) -> TokenStream {
    contract::expand(config.into(), module.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Implements `ink_lite::Decode` and `ink_lite::MaxEncodedLen` for a struct or an enum.
///
/// Fields are decoded in their order. A variant has the index that `#[codec(index = N)]` or its discriminant gives, else its
/// position, as in `parity-scale-codec`. `#[ink_lite(max_encoded_len = EXPRESSION)]` on the type replaces the computed length.
#[proc_macro_derive(Decode, attributes(codec, ink_lite))]
pub fn derive_decode(input: TokenStream) -> TokenStream {
    decode::expand_decode(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Implements `ink_lite::MaxEncodedLen` for a struct or an enum, as [`Decode`](derive_decode) does.
#[proc_macro_derive(MaxEncodedLen, attributes(codec, ink_lite))]
pub fn derive_max_encoded_len(input: TokenStream) -> TokenStream {
    decode::expand_max_encoded_len(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

//! Derives `Decode` and `MaxEncodedLen`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    parse2, parse_quote, spanned::Spanned, Attribute, Data, DeriveInput, Error, Expr, Fields, Generics, Lit, Result,
    Variant,
};

/// Derives both traits.
pub fn expand_decode(input: TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = parse2(input)?;
    let length = max_encoded_len(&input)?;
    let body = match &input.data {
        Data::Struct(data) => {
            let fields = decoded(&data.fields)?;
            quote!(Self #fields)
        }
        Data::Enum(data) => {
            let mut arms = Vec::new();
            for (position, variant) in data.variants.iter().enumerate() {
                let (index, name, fields) = (index(variant, position)?, &variant.ident, decoded(&variant.fields)?);
                arms.push(quote!(#index => Self::#name #fields));
            }
            quote! {
                match <::core::primitive::u8 as ::ink_lite::Decode>::decode(from) {
                    #(#arms,)*
                    _ => from.abort(),
                }
            }
        }
        Data::Union(data) => return Err(Error::new(data.union_token.span(), "a union can't be decoded")),
    };
    // For a single field, a separate function would only copy its result.
    let wrapper = matches!(&input.data, Data::Struct(data) if data.fields.len() == 1);
    let inline = if wrapper { quote!(#[inline]) } else { quote!(#[inline(never)]) };
    let generics = bounded(&input.generics, &parse_quote!(::ink_lite::Decode));
    let (name, (parameters, arguments, conditions)) = (&input.ident, generics.split_for_impl());
    Ok(quote! {
        #length

        #[automatically_derived]
        impl #parameters ::ink_lite::Decode for #name #arguments #conditions {
            #inline
            fn decode(from: &mut ::ink_lite::Reader<'_>) -> Self {
                #body
            }
        }
    })
}

/// Derives `MaxEncodedLen` alone.
pub fn expand_max_encoded_len(input: TokenStream) -> Result<TokenStream> {
    max_encoded_len(&parse2(input)?)
}

fn max_encoded_len(input: &DeriveInput) -> Result<TokenStream> {
    let length = match (given_length(&input.attrs)?, &input.data) {
        (Some(length), _) => quote!(#length),
        (None, Data::Struct(data)) => sum(&data.fields),
        (None, Data::Enum(data)) => {
            let sums = data.variants.iter().map(|variant| sum(&variant.fields));
            quote!(1 + ::ink_lite::longest(&[#(#sums),*]))
        }
        (None, Data::Union(data)) => return Err(Error::new(data.union_token.span(), "a union has no encoding")),
    };
    let generics = bounded(&input.generics, &parse_quote!(::ink_lite::MaxEncodedLen));
    let (name, (parameters, arguments, conditions)) = (&input.ident, generics.split_for_impl());
    Ok(quote! {
        #[automatically_derived]
        impl #parameters ::ink_lite::MaxEncodedLen for #name #arguments #conditions {
            const MAX_ENCODED_LEN: ::core::primitive::usize = #length;
        }
    })
}

/// Decodes the fields of a struct or variant in order.
fn decoded(fields: &Fields) -> Result<TokenStream> {
    let options = fields.iter().flat_map(|field| &field.attrs).find(|attribute| attribute.path().is_ident("codec"));
    if let Some(option) = options {
        return Err(Error::new(
            option.span(),
            "options of `codec` for a field change its encoding, and are not supported",
        ));
    }
    Ok(match fields {
        Fields::Named(fields) => {
            let names = fields.named.iter().map(|field| &field.ident);
            quote!({ #(#names: ::ink_lite::Decode::decode(from)),* })
        }
        Fields::Unnamed(fields) => {
            let each = fields.unnamed.iter().map(|_| quote!(::ink_lite::Decode::decode(from)));
            quote!((#(#each),*))
        }
        Fields::Unit => quote!(),
    })
}

fn sum(fields: &Fields) -> TokenStream {
    let types = fields.iter().map(|field| &field.ty);
    quote!(0 #(+ <#types as ::ink_lite::MaxEncodedLen>::MAX_ENCODED_LEN)*)
}

/// Adds this bound to every type parameter.
fn bounded(generics: &Generics, bound: &syn::TypeParamBound) -> Generics {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(bound.clone());
    }
    generics
}

/// The index byte of a variant, as in `parity-scale-codec`.
fn index(variant: &Variant, position: usize) -> Result<u8> {
    let mut index = None;
    for attribute in variant.attrs.iter().filter(|attribute| attribute.path().is_ident("codec")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("index") {
                return Err(meta.error("only `index` is supported, as everything else changes the encoding"));
            }
            index = Some(meta.value()?.parse::<syn::LitInt>()?.base10_parse()?);
            Ok(())
        })?;
    }
    if let (None, Some((_, discriminant))) = (index, &variant.discriminant) {
        let Expr::Lit(syn::ExprLit { lit: Lit::Int(number), .. }) = discriminant else {
            return Err(Error::new(discriminant.span(), "the discriminant is no number: give #[codec(index = N)]"));
        };
        index = Some(number.base10_parse()?);
    }
    match index.or_else(|| u8::try_from(position).ok()) {
        Some(index) => Ok(index),
        None => Err(Error::new(variant.span(), "SCALE has no more than 256 variants")),
    }
}

/// The length given by `#[ink_lite(max_encoded_len = ..)]`.
fn given_length(attributes: &[Attribute]) -> Result<Option<Expr>> {
    let mut length = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("ink_lite")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("max_encoded_len") {
                return Err(meta.error("unknown option: there is `max_encoded_len = EXPRESSION`"));
            }
            length = Some(meta.value()?.parse()?);
            Ok(())
        })?;
    }
    Ok(length)
}

//! What a parent's attribute can say of the fields: their names, and what is inside them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Member;
use syn::ext::IdentExt;

use super::checks::outside;
use super::place;
use crate::bounds::{self, Mentions};
use crate::model::{Declared, Field, Input};
use crate::text;

/// The names of the fields that can hold parameters, and of those that cannot.
pub(super) fn names(input: &Input) -> TokenStream {
    let all = distinct(input).into_iter().map(|(field, same)| {
        let name = &field.name;
        match (&field.declared, Mentions::of(&field.ty, &input.generics)) {
            (Declared::Skip | Declared::Nothing, Mentions::Nothing) if same => {
                let ty = outside(&field.ty, input);
                quote!((#name, __nninit::Is::<#ty>::__NNINIT_HOLDS))
            }
            (Declared::Skip, _) => quote!((#name, false)),
            _ => quote!((#name, true)),
        }
    });
    quote! {
        const __NNINIT_ALL: __nninit::Fields = &[#(#all),*];
        const __NNINIT_HOLDING: __nninit::Held<{ __nninit::count(__NNINIT_ALL, true) }> =
            __nninit::keep(__NNINIT_ALL, true);
        const __NNINIT_EMPTY: __nninit::Held<{ __nninit::count(__NNINIT_ALL, false) }> =
            __nninit::keep(__NNINIT_ALL, false);
    }
}

/// A type with the fields' names as its own, and the name of that type.
pub(super) fn fields(input: &Input) -> (TokenStream, TokenStream) {
    let name = format_ident!("FieldsOf{}", input.ident.unraw(), span = Span::mixed_site());
    let members: Vec<&Member> = distinct(input)
        .iter()
        .map(|(field, _)| &field.member)
        .collect();
    let named = members.iter().filter_map(|member| match member {
        Member::Named(name) => Some(place::generated(name)),
        Member::Unnamed(_) => None,
    });
    let named: Vec<Ident> = named.collect();
    let unnamed = members.iter().filter_map(|member| match member {
        Member::Named(_) => None,
        Member::Unnamed(index) => Some(index.index),
    });
    let numbers = unnamed.max().map_or(0, |last| last as usize + 1);
    let unit = vec![quote!(()); numbers];
    // In a module of their own, so that they stand before no name of the user's.
    let (items, deref) = match (&named[..], numbers) {
        ([], 0) => (quote!(pub struct #name;), None),
        ([], _) => (quote!(pub struct #name(#(pub #unit),*);), None),
        (_, 0) => (quote!(pub struct #name { #(pub #named: ()),* }), None),
        // Variants of both kinds.
        _ => (
            quote! {
                pub struct #name { #(pub #named: ()),* }
                pub struct Numbered(#(pub #unit),*);
            },
            Some(quote! {
                impl __nninit::Deref for __nninit_fields::#name {
                    type Target = __nninit_fields::Numbered;
                    fn deref(&self) -> &Self::Target {
                        &__nninit_fields::Numbered(#(#unit),*)
                    }
                }
            }),
        ),
    };
    let items = quote! {
        mod __nninit_fields {
            #items
        }
        #deref
    };
    (items, quote!(__nninit_fields::#name))
}

/// The body of `check`: what is said of each field is looked through by the field's type.
pub(super) fn check(input: &Input) -> TokenStream {
    let mut arms: Vec<(String, Vec<&str>, TokenStream)> = Vec::new();
    for (field, same) in distinct(input) {
        let ty = &field.ty;
        let check = match (&field.declared, Mentions::of(ty, &input.generics)) {
            _ if !same => continue,
            (_, Mentions::Nothing) => quote!(__nninit::Is::<#ty>::__nninit_check),
            (Declared::Spec(spec), _) if !spec.is_stream_only() => {
                quote!(<#ty as __nninit::Declare>::check)
            }
            // A type without a size answers no question but how it is described.
            (Declared::Skip | Declared::Wrong(_), _) => continue,
            _ if bounds::may_be_unsized(ty, &input.generics) => continue,
            _ => quote!(<#ty as __nninit::Initialize>::__check),
        };
        let written = text::ty(ty);
        match arms.iter_mut().find(|(known, ..)| *known == written) {
            Some((_, names, _)) => names.push(&field.name),
            None => arms.push((written, vec![&field.name], check)),
        }
    }
    let arms = arms
        .iter()
        .map(|(_, names, check)| quote!(#(#names)|* => #check(__nninit_spec, __nninit_names),));
    quote! {
        __nninit_names.parts(
            __nninit_spec,
            <Self as __nninit::Declare>::PARTS,
            |__nninit_name, __nninit_spec, __nninit_names| match __nninit_name {
                #(#arms)*
                _ => {}
            },
        );
    }
}

/// The body of `layers`: what the types of the fields can hold.
pub(super) fn layers(input: &Input) -> TokenStream {
    let mut seen: Vec<String> = Vec::new();
    let mut calls = TokenStream::new();
    for field in input.body.fields() {
        let ty = &field.ty;
        let unknown = matches!(field.declared, Declared::Wrong(_))
            || Mentions::of(ty, &input.generics) != Mentions::Nothing;
        let call = if unknown {
            quote!(__nninit_layers.any();)
        } else {
            quote! {
                __nninit_layers.field(
                    __nninit::Is::<#ty>::__NNINIT_HOLDS,
                    __nninit::Is::<#ty>::__NNINIT_SHARED && !__nninit::needs_drop::<#ty>(),
                    __nninit::Is::<#ty>::__nninit_layers,
                    __nninit::Is::<#ty>::__nninit_described,
                );
            }
        };
        let written = call.to_string();
        if !seen.contains(&written) {
            seen.push(written);
            calls.extend(call);
        }
    }
    calls
}

/// The fields of every variant, each name once, and whether its type is the same everywhere.
fn distinct(input: &Input) -> Vec<(&Field, bool)> {
    let mut distinct: Vec<(&Field, bool)> = Vec::new();
    for field in input.body.fields() {
        match distinct
            .iter_mut()
            .find(|(known, _)| known.name == field.name)
        {
            Some((known, same)) => *same &= known.ty == field.ty,
            None => distinct.push((field, true)),
        }
    }
    distinct
}

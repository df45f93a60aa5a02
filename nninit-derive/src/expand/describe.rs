//! The body of `describe`: one statement a field.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Member;
use syn::ext::IdentExt;

use super::place;
use super::step::Expressions;
use crate::bounds::Mentions;
use crate::model::{Body, Declared, Field, Input, Variant};
use crate::receiver::{self, Receiver};

pub(super) struct Describe<'a> {
    pub(super) input: &'a Input,
    pub(super) receiver: &'a Receiver,
}

impl Describe<'_> {
    pub(super) fn body(&self) -> TokenStream {
        let this = self.receiver.ident();
        let recipe = self.input.settings.recipe.as_ref().map(|recipe| {
            let make = self.expressions().closure(recipe);
            let recipe = place::call(&recipe.to_token_stream(), "recipe", make);
            quote!(__nninit_at.recipe(#recipe);)
        });
        let kinds = &self.input.settings.kinds;
        let kinds = (!kinds.is_empty()).then(|| {
            let kinds = self.expressions().kinds(kinds);
            quote!(__nninit_at.kinds::<Self>(#kinds);)
        });
        let fields = match &self.input.body {
            Body::Struct(fields) => {
                let fields = fields.iter().map(|field| {
                    let member = generated(&field.member);
                    self.field(field, &quote!(&#this.#member))
                });
                fields.collect()
            }
            Body::Enum(variants) if variants.is_empty() => quote!(match *#this {}),
            Body::Enum(variants) => {
                let arms = variants.iter().map(|variant| self.variant(variant));
                quote!(match #this { #(#arms)* })
            }
            Body::Nothing => TokenStream::new(),
        };
        quote!(#recipe #kinds #fields)
    }

    fn expressions(&self) -> Expressions<'_> {
        Expressions {
            receiver: self.receiver,
        }
    }

    fn variant(&self, variant: &Variant) -> TokenStream {
        let Variant { ident, fields } = variant;
        let name = |i| format_ident!("__nninit_{i}", span = Span::mixed_site());
        let bound: Vec<Ident> = (0..fields.len()).map(name).collect();
        let ident = place::generated(ident);
        let members = fields.iter().map(|field| generated(&field.member));
        let siblings = fields
            .iter()
            .zip(&bound)
            .filter_map(|(field, bound)| match &field.member {
                // A function of that name first: it may be shadowed, where a constant or a unit struct may not.
                Member::Named(name) if is_used(name, fields) => Some(quote! {
                    use __nninit::whole as #name;
                    let #name = #bound;
                    let _ = #name;
                }),
                _ => None,
            });
        let statements = fields
            .iter()
            .zip(&bound)
            .map(|(field, bound)| self.field(field, &bound.to_token_stream()));
        quote! {
            Self::#ident { #(#members: #bound),* } => {
                #(#siblings)*
                #(#statements)*
            }
        }
    }

    /// What is said of one field; `place` is a reference to it.
    fn field(&self, field: &Field, place: &TokenStream) -> TokenStream {
        let Field {
            name, ty, declared, ..
        } = field;
        // Where the type is known it is asked, and a check has said what is wrong with it.
        let known = Mentions::of(ty, &self.input.generics) == Mentions::Nothing;
        match declared {
            Declared::Nothing if known => {
                quote!(__nninit::Is::<#ty>::__nninit_walk(__nninit_at, #name, #place);)
            }
            Declared::Nothing => quote!(__nninit_at.walk::<#ty>(#name, #place);),
            Declared::Skip if known => {
                quote!(__nninit::Is::<#ty>::__nninit_skip(__nninit_at, #name, #place);)
            }
            Declared::Skip => quote!(__nninit_at.leave(#name, __nninit::type_name::<#ty>());),
            Declared::Spec(spec) => {
                let set = spec.is_stream_only();
                let spec = self.expressions().spec(spec);
                if set && known {
                    quote!(__nninit::Is::<#ty>::__nninit_set(__nninit_at, #name, #place, #spec);)
                } else if set {
                    quote!(__nninit_at.walk_with::<#ty>(#name, #place, #spec);)
                } else if known {
                    quote!(__nninit::Is::<#ty>::__nninit_field(__nninit_at, #name, #place, #spec);)
                } else {
                    quote!(__nninit_at.field::<#ty>(#name, #place, #spec);)
                }
            }
            Declared::Wrong(_) => TokenStream::new(),
        }
    }
}

fn generated(member: &Member) -> Member {
    match member {
        Member::Named(name) => Member::Named(place::generated(name)),
        Member::Unnamed(index) => Member::Unnamed(index.clone()),
    }
}

/// Whether a value of the variant mentions its field of that name.
fn is_used(name: &Ident, fields: &[Field]) -> bool {
    let name = name.unraw().to_string();
    let mut used = false;
    for field in fields {
        if let Declared::Spec(spec) = &field.declared {
            receiver::each_value(spec, &mut |value| {
                used |= receiver::find(value.to_token_stream(), &name).is_some();
            });
        }
    }
    used
}

//! Constants that have rustc check what only types can tell, each on the token that would be wrong.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use super::place;
use crate::bounds::Mentions;
use crate::model::{Declared, Input, Spec, Step};
use crate::text;

/// The checks of every field whose type is known here; where it mentions a parameter, bounds or the plan do it.
pub(super) fn checks(input: &Input) -> TokenStream {
    let mut asked = Asked::default();
    let mut checks = TokenStream::new();
    for field in input.body.fields() {
        if Mentions::of(&field.ty, &input.generics) != Mentions::Nothing {
            continue;
        }
        let ty = outside(&field.ty, input);
        match &field.declared {
            Declared::Nothing => {
                let about = asked.about(&ty, &field.ty);
                checks.extend(check(&ty, "unannotated", &about));
            }
            Declared::Spec(spec) => {
                let about = asked.about(&ty, &field.ty);
                checks.extend(check(&ty, "annotated", &about));
                if spec.is_stream_only() {
                    checks.extend(check(&ty, "unannotated", &about));
                }
                checks.extend(inside(spec, &about));
            }
            Declared::Skip | Declared::Poisoned => {}
        }
    }
    let answers = asked.answers;
    quote!(#answers #checks)
}

/// The type as it can be written outside of the impl, where `Self` means nothing and lifetimes have no names: what a
/// type is does not depend on how long it lives.
pub(super) fn outside(ty: &Type, input: &Input) -> TokenStream {
    replace(ty.to_token_stream(), input)
}

fn replace(tokens: TokenStream, input: &Input) -> TokenStream {
    let mut replaced = TokenStream::new();
    let mut after_quote = false;
    for token in tokens {
        let lifetime = after_quote;
        after_quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        match token {
            TokenTree::Ident(ident) if lifetime => {
                let known = input
                    .generics
                    .lifetimes()
                    .all(|known| known.lifetime.ident != ident);
                let name = if known {
                    ident
                } else {
                    Ident::new("static", ident.span())
                };
                replaced.extend([TokenTree::Ident(name)]);
            }
            TokenTree::Ident(ident) if ident == "Self" => {
                let mut own = input.ident.clone();
                own.set_span(ident.span().resolved_at(input.ident.span()));
                replaced.extend([TokenTree::Ident(own)]);
                let lifetimes = input.generics.lifetimes().map(|_| quote!('static));
                if input.generics.lifetimes().next().is_some() {
                    replaced.extend(quote!(<#(#lifetimes),*>));
                }
            }
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), replace(group.stream(), input));
                inside.set_span(group.span());
                replaced.extend([TokenTree::Group(inside)]);
            }
            other => replaced.extend([other]),
        }
    }
    replaced
}

/// What is asked of each type, once for all the fields that have it.
#[derive(Default)]
struct Asked {
    types: Vec<String>,
    answers: TokenStream,
}

impl Asked {
    /// The constant with the answers about `ty`, which was `written` so.
    fn about(&mut self, ty: &TokenStream, written: &Type) -> Ident {
        let written = text::ty(written);
        let known = self.types.iter().position(|known| *known == written);
        let index = known.unwrap_or(self.types.len());
        let name = format_ident!("__NNINIT_{index}", span = Span::mixed_site());
        if known.is_none() {
            self.answers.extend(quote! {
                const #name: __nninit::About = __nninit::About {
                    ty: #written,
                    walks: __nninit::Is::<#ty>::__NNINIT_WALKS,
                    parts: __nninit::Is::<#ty>::__NNINIT_PARTS,
                    refused: __nninit::Is::<#ty>::__NNINIT_REFUSED,
                    drops: __nninit::needs_drop::<#ty>(),
                    shared: __nninit::Is::<#ty>::__NNINIT_SHARED,
                };
            });
            self.types.push(written);
        }
        name
    }
}

/// The names and steps of an attribute.
fn inside(spec: &Spec, about: &Ident) -> TokenStream {
    let parts = spec.parts().map(|(name, _)| {
        let text = &name.text;
        let call = place::call(&place::token(name.span), "part", quote!(&#about, #text));
        quote!(const _: () = #call;)
    });
    let scheme = spec
        .steps()
        .find(|step| !step.is_skip())
        .map(|step| check(&place::token(step.span), "scheme", about));
    let region = first_region(spec)
        .filter(|_| !spec.poisoned)
        .map(|region| check(&place::token(region), "region", about));
    quote!(#(#parts)* #scheme #region)
}

fn check(place: &TokenStream, function: &str, about: &Ident) -> TokenStream {
    let call = place::call(place, function, quote!(&#about));
    quote!(const _: () = #call;)
}

/// Where the first step says `at`, if it does.
fn first_region(spec: &Spec) -> Option<Span> {
    let first: &Step = spec.steps().next()?;
    first.modifier("at").map(|at| at.ident.span())
}

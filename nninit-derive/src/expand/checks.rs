//! Constants that have rustc check what only types can tell, each on the token that would be wrong.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericArgument, PathArguments, Type, TypePath};

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
                let rule = if spec.is_stream_only() {
                    "unannotated"
                } else {
                    "annotated"
                };
                checks.extend(check(&ty, rule, &about));
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
    fn about(&mut self, ty: &TokenStream, declared: &Type) -> Ident {
        let written = text::ty(declared);
        let known = self.types.iter().position(|known| *known == written);
        let index = known.unwrap_or(self.types.len());
        let name = format_ident!("__NNINIT_{index}", span = Span::mixed_site());
        if known.is_none() {
            let advice = advice(declared);
            self.answers.extend(quote! {
                const #name: __nninit::About = __nninit::About {
                    ty: #written,
                    advice: #advice,
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

/// What makes a type walk that does not.
fn advice(ty: &Type) -> String {
    match ty {
        Type::Group(group) => advice(&group.elem),
        Type::Paren(paren) => advice(&paren.elem),
        Type::Reference(reference) => advice(&reference.elem),
        Type::Array(array) => advice(&array.elem),
        Type::Slice(slice) => advice(&slice.elem),
        Type::Path(path) => of_path(path).unwrap_or_else(|| derive_for(ty)),
        Type::Tuple(_) => "derive `Initialize` for what is in it".to_owned(),
        _ => derive_for(ty),
    }
}

fn derive_for(ty: &Type) -> String {
    format!("derive `Initialize` for `{}`", text::ty(ty))
}

/// For a container of std's.
fn of_path(path: &TypePath) -> Option<String> {
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let types: Vec<&Type> = arguments
        .args
        .iter()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .collect();
    match (last.ident.to_string().as_str(), &types[..]) {
        ("Option" | "Vec" | "Box" | "Rc" | "Arc", [item, ..]) => Some(advice(item)),
        ("HashMap" | "BTreeMap", [key, item, ..]) if text::ty(key) == "String" => {
            Some(advice(item))
        }
        ("HashMap" | "BTreeMap", [_, item, ..]) => Some(format!(
            "use `String` keys, which name its items: `{}<String, {}>`",
            last.ident,
            text::ty(item)
        )),
        ("VecDeque" | "LinkedList" | "HashSet" | "BTreeSet" | "BinaryHeap", [item, ..]) => {
            Some(format!("hold a `Vec<{}>`", text::ty(item)))
        }
        _ => None,
    }
}

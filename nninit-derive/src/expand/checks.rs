//! Constants that have rustc check what only types can tell, each on the token that would be wrong.

use nninit_language::schemes::{Scheme, Trait};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{GenericArgument, PathArguments, Type, TypePath};

use super::place;
use crate::bounds::Mentions;
use crate::model::{Declared, Field, Input, Spec, Step};
use crate::text;

/// The checks of every field whose type is known here; where it mentions a parameter, bounds or the plan do it.
pub(super) fn checks(input: &Input) -> TokenStream {
    let mut asked = Asked::default();
    let mut checks = TokenStream::new();
    for field in input.body.fields() {
        if Mentions::of(&field.ty, &input.generics) != Mentions::Nothing {
            continue;
        }
        let check = match &field.declared {
            Declared::Nothing => unannotated(field, input, &mut asked),
            Declared::Spec(spec) if spec.is_stream_only() => unannotated(field, input, &mut asked),
            Declared::Spec(spec) => annotated(spec, field, input, &mut asked),
            Declared::Skip | Declared::Wrong(_) => continue,
        };
        checks.extend(check);
    }
    let answers = asked.answers;
    quote!(#answers #checks)
}

/// What is asked of every type, in the order of the runtime's parameters.
const REACHED: [&str; 4] = ["hides_weights", "is_store", "is_locked", "is_unmanaged"];

fn unannotated(field: &Field, input: &Input, asked: &mut Asked) -> TokenStream {
    let ty = outside(&field.ty, input);
    let about = asked.about(&ty, &field.ty);
    let said = sentence(
        "Unannotated",
        &ty,
        &about,
        &[&REACHED[..], &["says_nothing"]].concat(),
    );
    let unseen = sentence("If", &ty, &about, &["is_unseen"]);
    let seen = place::then(&ty, &unseen, &advice(&field.ty, input), &quote!(()));
    let (said, seen) = (reached(&said, &quote!()), reached(&seen, &quote!()));
    quote!(#said #seen)
}

fn annotated(spec: &Spec, field: &Field, input: &Input, asked: &mut Asked) -> TokenStream {
    let ty = outside(&field.ty, input);
    let about = asked.about(&ty, &field.ty);
    let questions = [&REACHED[..], &["is_empty", "takes_nothing"]].concat();
    let fields = sentence("Annotated", &ty, &about, &questions);
    let parts = spec.parts().map(|(name, inside)| {
        let place = place::token(name.span);
        let text = &name.text;
        let holds = |question: TokenStream, sentence: TokenStream, next: &TokenStream| {
            let case = place::generic("If", &place, &quote!(#ty, { #about.#question }));
            place::then(&place, &case, &sentence, next)
        };
        let unit = quote!(());
        // A number names one item, and what is said of a container is said of all.
        let is_number = is_container(&field.ty) && text.parse::<u32>().is_ok();
        let (access, lacks) = match name.member() {
            _ if is_number => (None, Some(quote!(PassesOn))),
            None => (None, Some(quote!(HasSuch))),
            Some(member) => match needs_two_dimensions(inside) {
                Some((_, scheme)) => {
                    let field = quote_spanned!(name.span=> &__nninit_fields.#member);
                    let function = if scheme.has(Trait::Fans) {
                        "fans"
                    } else {
                        "ranked"
                    };
                    (Some(place::call(&place, function, field)), None)
                }
                None => (Some(quote!(let _ = &__nninit_fields.#member;)), None),
            },
        };
        let named = holds(quote!(is_bare()), quote!(HasParts), &fields);
        let empty = holds(quote!(holds_nothing_at(#text)), quote!(HoldsThere), &unit);
        let lacks = lacks.map(|sentence| holds(quote!(lacks(#text)), sentence, &unit));
        let named = reached(&named, &access.unwrap_or_default());
        let others = lacks
            .iter()
            .chain([&empty])
            .map(|other| reached(other, &quote!()));
        quote!(#named #(#others)*)
    });
    let parts: TokenStream = parts.collect();
    let itself = parts.is_empty().then(|| reached(&fields, &quote!()));
    let scheme = spec.steps().find(|step| !step.is_skip()).map(|step| {
        let call = place::call(&place::token(step.span), "scheme", quote!(&#about));
        quote!(const _: () = #call;)
    });
    let flat = needs_two_dimensions(spec).map(|(step, _)| {
        let place = place::token(step.span);
        let flat = place::generic("If", &place, &quote!(#ty, { #about.is_flat() }));
        let ranked = place::then(&place, &flat, &quote!(RankedWeight), &quote!(()));
        reached(&ranked, &quote!())
    });
    let region = first_region(spec)
        .filter(|_| spec.wrong.is_none())
        .map(|region| {
            let place = place::token(region);
            let bare = place::generic("If", &place, &quote!(#ty, { #about.is_bare() }));
            let covered = place::then(&place, &bare, &quote!(Covered), &quote!(()));
            reached(&covered, &quote!())
        });
    quote! {
        #itself
        #parts
        #scheme
        #flat
        #region
    }
}

/// A constant for which rustc has to evaluate the type, and look `access` up in it.
fn reached(ty: &TokenStream, access: &TokenStream) -> TokenStream {
    quote!(const _: fn() = || { let _ = |__nninit_fields: &#ty| { #access }; };)
}

/// The first step of the part that needs two dimensions, and its scheme.
fn needs_two_dimensions(spec: &Spec) -> Option<(&Step, &'static Scheme)> {
    let with_scheme = |step| Some((step, Step::needs_two_dimensions(step)?));
    spec.steps().find_map(with_scheme)
}

/// Whether it is written as one of std's.
fn is_container(ty: &Type) -> bool {
    const CONTAINERS: [&str; 7] = ["Option", "Vec", "Box", "Rc", "Arc", "HashMap", "BTreeMap"];
    match ty {
        Type::Array(_) | Type::Slice(_) => true,
        Type::Reference(reference) => is_container(&reference.elem),
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| CONTAINERS.iter().any(|name| last.ident == name))
        }
        _ => false,
    }
}

/// `__nninit::ALIAS::<TYPE, { ABOUT.question() }, …>`, as if written over the type.
fn sentence(alias: &str, ty: &TokenStream, about: &Ident, questions: &[&str]) -> TokenStream {
    let questions = questions.iter().map(|question| {
        let question = Ident::new(question, Span::mixed_site());
        quote!({ #about.#question() })
    });
    place::generic(alias, ty, &quote!(#ty, #(#questions),*))
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
            self.answers.extend(quote! {
                const #name: __nninit::About = __nninit::About {
                    walks: __nninit::Is::<#ty>::__NNINIT_WALKS,
                    parts: __nninit::Is::<#ty>::__NNINIT_PARTS,
                    refused: __nninit::Is::<#ty>::__NNINIT_REFUSED,
                    drops: __nninit::needs_drop::<#ty>(),
                    shared: __nninit::Is::<#ty>::__NNINIT_SHARED,
                    plain: __nninit::Is::<#ty>::__NNINIT_PLAIN,
                };
            });
            self.types.push(written);
        }
        name
    }
}

/// Where the first step says `at`, if it does.
fn first_region(spec: &Spec) -> Option<Span> {
    let first: &Step = spec.steps().next()?;
    first.modifier("at").map(|at| at.ident.span())
}

/// The runtime's sentence that says what makes a type walk that does not.
fn advice(ty: &Type, input: &Input) -> TokenStream {
    match ty {
        Type::Group(group) => advice(&group.elem, input),
        Type::Paren(paren) => advice(&paren.elem, input),
        Type::Reference(reference) => advice(&reference.elem, input),
        Type::Array(array) => advice(&array.elem, input),
        Type::Slice(slice) => advice(&slice.elem, input),
        Type::Path(path) => of_path(path, input).unwrap_or_else(|| derive_for(ty, input)),
        Type::Tuple(_) => quote!(DerivedInside),
        Type::TraitObject(_) => quote!(Open),
        _ => derive_for(ty, input),
    }
}

fn derive_for(ty: &Type, input: &Input) -> TokenStream {
    let ty = outside(ty, input);
    quote!(Derived<#ty>)
}

/// For a container of std's.
fn of_path(path: &TypePath, input: &Input) -> Option<TokenStream> {
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
        ("Option" | "Vec" | "Box" | "Rc" | "Arc", [item, ..]) => Some(advice(item, input)),
        ("HashMap" | "BTreeMap", [key, item, ..]) if text::ty(key) == "String" => {
            Some(advice(item, input))
        }
        ("HashMap" | "BTreeMap", [_, item, ..]) => {
            let (map, item) = (&last.ident, outside(item, input));
            let written = &path.path.segments;
            let before = written
                .iter()
                .take(written.len() - 1)
                .map(|segment| quote!(#segment ::));
            let leading = &path.path.leading_colon;
            Some(quote!(KeyedByStrings<#leading #(#before)* #map<__nninit::String, #item>>))
        }
        ("VecDeque" | "LinkedList" | "HashSet" | "BTreeSet" | "BinaryHeap", [item, ..]) => {
            let item = outside(item, input);
            Some(quote!(HeldInVec<#item>))
        }
        _ => None,
    }
}

//! Where-clauses: only for fields whose type mentions a parameter of the struct.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{GenericParam, Generics, Token, Type, TypeParamBound, WherePredicate};

use crate::model::{Declared, Input};

/// What a field's type mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mentions {
    /// No type and no constant that the struct is generic over: the type is known, and can be asked what it is.
    Nothing,
    /// A type or constant parameter.
    Parameter,
}

impl Mentions {
    pub(crate) fn of(ty: &Type, generics: &Generics) -> Self {
        let mut found = Self::Nothing;
        let is_generic =
            generics.type_params().next().is_some() || generics.const_params().next().is_some();
        words(ty.to_token_stream(), &mut |word, is_lifetime| {
            let mentioned = generics.params.iter().any(|parameter| match parameter {
                GenericParam::Lifetime(_) => false,
                GenericParam::Type(parameter) => parameter.ident == *word,
                GenericParam::Const(parameter) => parameter.ident == *word,
            });
            // `Self` stands for a type with all of the parameters.
            if !is_lifetime && (mentioned || word == "Self" && is_generic) {
                found = Self::Parameter;
            }
        });
        found
    }
}

/// Whether the type is a parameter with `?Sized`.
pub(crate) fn may_be_unsized(ty: &Type, generics: &Generics) -> bool {
    let written = ty.to_token_stream().to_string();
    let maybe = |bounds: &Punctuated<TypeParamBound, Token![+]>| {
        bounds
            .iter()
            .any(|bound| bound.to_token_stream().to_string().starts_with('?'))
    };
    let predicates = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    generics
        .type_params()
        .any(|parameter| parameter.ident == written && maybe(&parameter.bounds))
        || predicates.into_iter().any(|predicate| match predicate {
            WherePredicate::Type(predicate) => {
                predicate.bounded_ty.to_token_stream().to_string() == written
                    && maybe(&predicate.bounds)
            }
            _ => false,
        })
}

/// The where-clause of the impls.
pub(crate) fn where_clause(input: &Input) -> TokenStream {
    let mut predicates: Vec<TokenStream> = Vec::new();
    if let Some(where_clause) = &input.generics.where_clause {
        predicates.extend(
            where_clause
                .predicates
                .iter()
                .map(ToTokens::to_token_stream),
        );
    }
    match &input.settings.bound {
        Some(bound) => predicates.extend(bound.iter().map(ToTokens::to_token_stream)),
        None => infer(input, &mut predicates),
    }
    if predicates.is_empty() {
        TokenStream::new()
    } else {
        quote!(where #(#predicates,)*)
    }
}

fn infer(input: &Input, predicates: &mut Vec<TokenStream>) {
    let mut seen: Vec<String> = Vec::new();
    let mut add = |predicate: TokenStream| {
        let text = predicate.to_string();
        if !seen.contains(&text) {
            seen.push(text);
            predicates.push(predicate);
        }
    };
    for field in input.body.fields() {
        let wanted = match &field.declared {
            Declared::Nothing => quote!(__nninit::Initialize),
            Declared::Spec(spec) if spec.is_stream_only() => quote!(__nninit::Initialize),
            Declared::Spec(_) => quote!(__nninit::Declare),
            Declared::Skip | Declared::Wrong(_) => continue,
        };
        let ty = &field.ty;
        match Mentions::of(ty, &input.generics) {
            Mentions::Parameter if names(ty, &input.ident) => {
                // The field's type holds the struct itself, so a bound on it could only be proved by itself.
                for parameter in input.generics.type_params() {
                    let ident = &parameter.ident;
                    if mentions(ty, ident) || mentions_self(ty) {
                        add(quote!(#ident: #wanted));
                    }
                }
            }
            Mentions::Parameter => add(quote!(#ty: #wanted)),
            Mentions::Nothing => {}
        }
    }
}

fn names(ty: &Type, ident: &Ident) -> bool {
    mentions(ty, ident) || mentions_self(ty)
}

fn mentions_self(ty: &Type) -> bool {
    let mut found = false;
    words(ty.to_token_stream(), &mut |word, is_lifetime| {
        found |= !is_lifetime && word == "Self";
    });
    found
}

fn mentions(ty: &Type, ident: &Ident) -> bool {
    let mut found = false;
    words(ty.to_token_stream(), &mut |word, is_lifetime| {
        found |= !is_lifetime && word == ident;
    });
    found
}

/// Every identifier of a type, macros included, and whether it is a lifetime's; not those after `::`.
fn words(tokens: TokenStream, see: &mut impl FnMut(&Ident, bool)) {
    let mut before = [' ', ' '];
    for token in tokens {
        let mut now = ' ';
        match token {
            TokenTree::Group(group) => words(group.stream(), see),
            TokenTree::Ident(ident) => {
                if before != [':', ':'] {
                    see(&ident, before[1] == '\'');
                }
            }
            TokenTree::Punct(punct) => now = punct.as_char(),
            TokenTree::Literal(_) => {}
        }
        before = [before[1], now];
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn types_without_a_size() {
        let generics: Generics = parse_quote!(<T: Copy + ?Sized, U, V: Copy>);
        let of = |ty: Type| may_be_unsized(&ty, &generics);
        assert!(of(parse_quote!(T)));
        assert!(!of(parse_quote!(Box<T>)));
        assert!(!of(parse_quote!(U)));
        assert!(!of(parse_quote!(V)));
    }

    #[test]
    fn mentions_of_parameters() {
        let generics: Generics = parse_quote!(<'a, T, const N: usize>);
        let of = |ty: Type| Mentions::of(&ty, &generics);
        assert_eq!(of(parse_quote!(Vec<Tensor>)), Mentions::Nothing);
        assert_eq!(of(parse_quote!(&'static str)), Mentions::Nothing);
        assert_eq!(of(parse_quote!(my::T)), Mentions::Nothing);
        assert_eq!(of(parse_quote!(&'a str)), Mentions::Nothing);
        assert_eq!(of(parse_quote!(&'a T)), Mentions::Parameter);
        assert_eq!(of(parse_quote!([Linear; N])), Mentions::Parameter);
        assert_eq!(of(parse_quote!(<T as Trait>::Out)), Mentions::Parameter);
        assert_eq!(of(parse_quote!(list!(T))), Mentions::Parameter);
        assert_eq!(of(parse_quote!(Box<Self>)), Mentions::Parameter);
        let borrows: Generics = parse_quote!(<'a>);
        assert_eq!(
            Mentions::of(&parse_quote!(Box<Self>), &borrows),
            Mentions::Nothing
        );
    }
}

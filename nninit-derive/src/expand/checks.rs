//! Constants that have rustc check what only types can tell, each on the token that would be wrong.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use super::Paths;
use crate::bounds::Mentions;
use crate::model::{Declared, Field, Input, Spec, Step};
use crate::text;

/// The checks of every field whose type is known here; where it mentions a parameter, bounds or the plan do it.
pub(super) fn checks(input: &Input, paths: &Paths) -> TokenStream {
    input
        .body
        .fields()
        .filter(|field| Mentions::of(&field.ty, &input.generics) == Mentions::Nothing)
        .map(|field| {
            let ty = outside(&field.ty, input);
            match &field.declared {
                Declared::Nothing => unannotated(field, &ty, paths),
                Declared::Spec(spec) => {
                    let annotated = annotated(field, spec, &ty, paths);
                    if spec.is_stream_only() {
                        let unannotated = unannotated(field, &ty, paths);
                        quote!(#annotated #unannotated)
                    } else {
                        annotated
                    }
                }
                Declared::Skip | Declared::Poisoned => TokenStream::new(),
            }
        })
        .collect()
}

/// The type as it can be written outside of the impl, where `Self` means nothing.
pub(super) fn outside(ty: &Type, input: &Input) -> TokenStream {
    fn replace(tokens: TokenStream, input: &Input) -> TokenStream {
        let replaced = tokens.into_iter().map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                let mut own = input.ident.clone();
                own.set_span(ident.span().resolved_at(input.ident.span()));
                TokenTree::Ident(own)
            }
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), replace(group.stream(), input));
                inside.set_span(group.span());
                TokenTree::Group(inside)
            }
            other => other,
        });
        replaced.collect()
    }
    replace(ty.to_token_stream(), input)
}

fn unannotated(field: &Field, ty: &TokenStream, paths: &Paths) -> TokenStream {
    let (private, written) = (&paths.private, text::ty(&field.ty));
    let arguments = quote! {
        #written,
        #private::Is::<#ty>::WALKS,
        #private::Is::<#ty>::PARTS,
        #private::Is::<#ty>::REFUSED,
        #private::core::mem::needs_drop::<#ty>(),
    };
    check(paths, ty, "unannotated", arguments)
}

fn annotated(field: &Field, spec: &Spec, ty: &TokenStream, paths: &Paths) -> TokenStream {
    let (private, written) = (&paths.private, text::ty(&field.ty));
    let arguments = quote! {
        #written,
        #private::Is::<#ty>::WALKS,
        #private::Is::<#ty>::PARTS,
        #private::Is::<#ty>::REFUSED,
    };
    let known = check(paths, ty, "annotated", arguments);
    let parts = spec.parts().map(|(name, _)| {
        let text = &name.text;
        check(paths, &at(name.span), "part", quote!(#private::Is::<#ty>::PARTS, #text))
    });
    let scheme = spec
        .steps()
        .find(|step| !step.is_skip())
        .map(|step| check(paths, &at(step.span), "scheme", quote!(#private::Is::<#ty>::PARTS)));
    let region = first_region(spec)
        .filter(|_| !spec.poisoned)
        .map(|region| check(paths, &at(region), "region", quote!(#private::Is::<#ty>::PARTS)));
    quote!(#known #(#parts)* #scheme #region)
}

fn check(paths: &Paths, place: &TokenStream, function: &str, arguments: TokenStream) -> TokenStream {
    let call = paths.call_at(place, function, arguments);
    quote!(const _: () = #call;)
}

/// A token there, to report at.
fn at(span: Span) -> TokenStream {
    quote_spanned!(span=> _)
}

/// Where the first step says `at`, if it does.
fn first_region(spec: &Spec) -> Option<Span> {
    let first: &Step = spec.steps().next()?;
    first.modifier("at").map(|at| at.ident.span())
}

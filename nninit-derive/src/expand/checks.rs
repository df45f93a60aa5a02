//! Constants that have rustc check what only types can tell, each on the token that would be wrong.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

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
                let mut inside = proc_macro2::Group::new(group.delimiter(), replace(group.stream(), input));
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
    quote_spanned! {field.ty.span()=>
        const _: () = #private::unannotated(
            #written,
            #private::Is::<#ty>::WALKS,
            #private::Is::<#ty>::PARTS,
            #private::Is::<#ty>::REFUSED,
            #private::core::mem::needs_drop::<#ty>(),
        );
    }
}

fn annotated(field: &Field, spec: &Spec, ty: &TokenStream, paths: &Paths) -> TokenStream {
    let (private, written) = (&paths.private, text::ty(&field.ty));
    let known = quote_spanned! {field.ty.span()=>
        const _: () = #private::annotated(
            #written,
            #private::Is::<#ty>::WALKS,
            #private::Is::<#ty>::PARTS,
            #private::Is::<#ty>::REFUSED,
        );
    };
    let parts = spec.parts().map(|(name, _)| {
        let text = &name.text;
        quote_spanned!(name.span=> const _: () = #private::part(#private::Is::<#ty>::PARTS, #text);)
    });
    let mut steps = spec.steps();
    let scheme = steps.find(|step| !step.is_skip()).map(|step| {
        quote_spanned!(step.span=> const _: () = #private::scheme(#private::Is::<#ty>::PARTS);)
    });
    let region = spec.entries.first().filter(|_| !spec.poisoned).and_then(|_| first_region(spec)).map(|region| {
        quote_spanned!(region=> const _: () = #private::region(#private::Is::<#ty>::PARTS);)
    });
    quote!(#known #(#parts)* #scheme #region)
}

/// Where the first step says `at`, if it does.
fn first_region(spec: &Spec) -> Option<proc_macro2::Span> {
    let first: &Step = spec.steps().next()?;
    first.modifier("at").map(|at| at.ident.span())
}

//! Where rustc reports what it finds in generated code: over the user's own tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::quote_spanned;

/// A call of a function of the runtime, as if written over `place`.
pub(crate) fn call(place: &TokenStream, function: &str, arguments: TokenStream) -> TokenStream {
    let (start, end) = ends(place);
    let function = Ident::new(function, start);
    let arguments = parenthesized(arguments, end);
    quote_spanned!(start=> __nninit::#function #arguments)
}

/// `__nninit::NAME<ARGUMENTS>`, as if written over `place`.
pub(super) fn generic(name: &str, place: &TokenStream, arguments: &TokenStream) -> TokenStream {
    let (start, end) = ends(place);
    let name = Ident::new(name, start);
    let close = quote_spanned!(end=> >);
    quote_spanned!(start=> __nninit::#name<#arguments #close)
}

/// `<TYPE as __nninit::SENTENCE>::Then<NEXT>`, as if written over `place`.
pub(super) fn then(
    place: &TokenStream,
    ty: &TokenStream,
    sentence: &TokenStream,
    next: &TokenStream,
) -> TokenStream {
    let (start, end) = ends(place);
    let close = quote_spanned!(end=> >);
    quote_spanned!(start=> <#ty as __nninit::#sentence>::Then<#next #close)
}

/// A reference to `value`, as if written where it stands.
pub(super) fn reference(value: TokenStream) -> TokenStream {
    let (start, end) = ends(&value);
    let value = parenthesized(value, end);
    quote_spanned!(start=> & #value)
}

/// A name of the user's in code that is not: no lint is about it (it may be deprecated).
pub(super) fn generated(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(Span::mixed_site().located_at(ident.span()));
    ident
}

/// One token, to be reported at.
pub(super) fn token(span: Span) -> TokenStream {
    quote_spanned!(span=> _)
}

/// The spans of the first and the last token: spans cannot be joined, but an expression reaches from one to the other.
fn ends(tokens: &TokenStream) -> (Span, Span) {
    let mut spans = tokens.clone().into_iter().map(|token| token.span());
    let start = spans.next().unwrap_or_else(Span::call_site);
    (start, spans.last().unwrap_or(start))
}

fn parenthesized(tokens: TokenStream, span: Span) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(span);
    group
}

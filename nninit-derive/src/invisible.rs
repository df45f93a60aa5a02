//! What a `macro_rules!` puts in place of `$value` stands in a group without delimiters, and rustc drops such a group
//! from what a macro returns: `$value * 2` with `1 + 1` for `$value` would be `1 + 1 * 2`.
//!
//! So the group gets parentheses, wherever its content could fall apart.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, Type};

/// A value with parentheses in place of invisible groups.
///
/// One around the whole value goes: nothing stands beside it.
pub(crate) fn value(written: Expr) -> Expr {
    let mut written = written;
    while let Expr::Group(group) = written {
        written = *group.expr;
    }
    let tokens = written.to_token_stream();
    if !has_invisible(&tokens) {
        return written;
    }
    syn::parse2(visible(tokens, expression_falls_apart)).unwrap_or(written)
}

/// A type with parentheses in place of invisible groups.
pub(crate) fn ty(written: Type) -> Type {
    let tokens = written.to_token_stream();
    if !has_invisible(&tokens) {
        return written;
    }
    syn::parse2(visible(tokens, type_falls_apart)).unwrap_or(written)
}

fn has_invisible(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::None || has_invisible(&group.stream())
        }
        _ => false,
    })
}

fn visible(tokens: TokenStream, falls_apart: fn(TokenStream) -> bool) -> TokenStream {
    let token = |token| match token {
        TokenTree::Group(group) => {
            let inside = visible(group.stream(), falls_apart);
            let (delimiter, span) = match group.delimiter() {
                Delimiter::None if falls_apart(group.stream()) => {
                    // So that no lint complains of parentheses that nobody wrote.
                    let span = Span::mixed_site().located_at(group.span());
                    (Delimiter::Parenthesis, span)
                }
                other => (other, group.span()),
            };
            let mut visible = Group::new(delimiter, inside);
            visible.set_span(span);
            TokenTree::Group(visible)
        }
        other => other,
    };
    tokens.into_iter().map(token).collect()
}

/// Whether an operator beside the tokens could take a part of them.
///
/// Inside a macro a group may as well be a type or a pattern; those may stand in parentheses too.
fn expression_falls_apart(tokens: TokenStream) -> bool {
    let Ok(expression) = syn::parse2::<Expr>(tokens.clone()) else {
        return type_falls_apart(tokens);
    };
    !matches!(
        expression,
        // One piece.
        Expr::Lit(_)
            | Expr::Path(_)
            | Expr::Paren(_)
            | Expr::Tuple(_)
            | Expr::Array(_)
            | Expr::Repeat(_)
            | Expr::Call(_)
            | Expr::MethodCall(_)
            | Expr::Field(_)
            | Expr::Index(_)
            | Expr::Macro(_)
            | Expr::Try(_)
            | Expr::Await(_)
            // `$body:block` is more than a value: a function or a loop may want it bare.
            | Expr::Block(_)
            // An assignment binds weakest and cannot fall apart; `$meta:meta` looks like one.
            | Expr::Assign(_)
            | Expr::Let(_)
    )
}

/// Whether a `&` or a `+` beside the tokens could take a part of them.
fn type_falls_apart(tokens: TokenStream) -> bool {
    match syn::parse2(tokens) {
        Ok(Type::TraitObject(object)) => object.bounds.len() > 1,
        Ok(Type::ImplTrait(object)) => object.bounds.len() > 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn invisible(tokens: TokenStream) -> Group {
        Group::new(Delimiter::None, tokens)
    }

    fn shown(tokens: TokenStream) -> String {
        crate::text::expression(value(syn::parse2(tokens).unwrap()))
    }

    #[test]
    fn values_keep_together() {
        let sum = invisible(quote!(1.0 + 1.0));
        assert_eq!(shown(quote!(#sum * 2.0)), "(1.0 + 1.0) * 2.0");
        assert_eq!(shown(quote!(-#sum)), "-(1.0 + 1.0)");
        assert_eq!(shown(quote!(#sum.powi(2))), "(1.0 + 1.0).powi(2)");
        assert_eq!(shown(quote!(0..8 - #sum)), "0..8 - (1.0 + 1.0)");
        assert_eq!(
            shown(quote!(f(#sum, max!(#sum * 2)))),
            "f((1.0 + 1.0), max!((1.0 + 1.0) * 2))"
        );
        let negative = invisible(quote!(-1.0));
        assert_eq!(shown(quote!(#negative.abs())), "(-1.0).abs()");
        let nested = invisible(quote!(#sum * 2.0));
        assert_eq!(shown(quote!(1.0 / #nested)), "1.0 / ((1.0 + 1.0) * 2.0)");
        let range = invisible(quote!(1..3));
        assert_eq!(shown(quote!((.., #range))), "(.., (1..3))");
    }

    #[test]
    fn what_holds_together_stays_bare() {
        let whole = invisible(quote!(1.0 + 1.0));
        assert_eq!(shown(quote!(#whole)), "1.0 + 1.0");
        for piece in [
            quote!(x),
            quote!(1.0),
            quote!(f(x)),
            quote!(self.x),
            quote!(a::B),
        ] {
            let group = invisible(piece.clone());
            assert_eq!(
                shown(quote!(2.0 * #group)),
                crate::text::expression(quote!(2.0 * #piece))
            );
        }
    }

    #[test]
    fn types_keep_together() {
        let object = invisible(quote!(dyn Module + Send));
        let ty = ty(syn::parse2(quote!(&'static #object)).unwrap());
        assert_eq!(crate::text::ty(ty), "&'static(dyn Module + Send)");
    }
}

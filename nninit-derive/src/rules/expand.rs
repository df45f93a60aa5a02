//! From rules to an expression of type `Rules`. Nothing here can fail.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Expr;

use super::check::Rule;
use crate::errors::Errors;
use crate::expand::step::Expressions;
use crate::receiver::{self, Receiver};
use crate::text;

pub(super) fn expand(
    krate: &TokenStream,
    rules: &[Rule],
    input: TokenStream,
    errors: Errors,
) -> TokenStream {
    let receiver = Receiver::found_in(input);
    let expressions = Expressions {
        receiver: &receiver,
    };
    let rules = rules.iter().map(|rule| self::rule(rule, &expressions));
    let errors = errors.into_items();
    quote! {{
        use #krate::__private as __nninit;
        #errors
        __nninit::Rules::new() #(.rule(#rules))*
    }}
}

fn rule(rule: &Rule, expressions: &Expressions<'_>) -> TokenStream {
    let (pattern, spec) = (&rule.pattern, expressions.spec(&rule.spec));
    let when = rule.condition.as_ref().map(when);
    quote!(__nninit::Rule::new(#pattern, #spec) #when)
}

fn when(condition: &Expr) -> TokenStream {
    let tokens = condition.to_token_stream();
    let site = receiver::find(tokens.clone(), "ndim").unwrap_or_else(Span::call_site);
    let (ndim, written) = (Ident::new("ndim", site), text::expression(condition));
    quote!(.when(#written, move |#ndim| #tokens))
}

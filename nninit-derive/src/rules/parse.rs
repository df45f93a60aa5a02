//! The grammar of `rules!`: `PATTERN [if CONDITION] => STEP`, or `=> [STEP, …]`, separated by commas.
//!
//! A mistake costs the rule it stands in: parsing goes on after the next comma.

use nninit_language::sentences::NO_STEPS;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Expr, Token, bracketed, token};

use crate::errors::Errors;
use crate::invisible;
use crate::parse::{self, List};

/// A rule as written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) pattern: Expr,
    pub(super) condition: Option<Expr>,
    pub(super) steps: List,
}

/// Where the runtime is, and the rules.
pub(super) fn input(input: TokenStream, errors: &mut Errors) -> (TokenStream, Vec<Written>) {
    let (krate, tokens) = path_before(input);
    let rules = parse::whole(tokens, errors, rules);
    (krate, rules.unwrap_or_default())
}

/// Where the runtime is, and what a user wrote: `nninit::rules!` puts the path in parentheses before it.
pub(crate) fn path_before(input: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = input.into_iter().peekable();
    let given = tokens.next_if(|token| parenthesized(token).is_some());
    let krate = given.and_then(|token| parenthesized(&token));
    (krate.unwrap_or_else(|| quote!(::nninit)), tokens.collect())
}

fn parenthesized(token: &TokenTree) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            Some(group.stream())
        }
        _ => None,
    }
}

fn rules(input: ParseStream<'_>, errors: &mut Errors) -> Vec<Written> {
    let mut rules = Vec::new();
    while !input.is_empty() {
        match rule(input, errors) {
            Ok(rule) => rules.push(rule),
            Err(error) => {
                errors.push(error);
                parse::skip_to_comma(input);
            }
        }
        if !input.is_empty() && !input.peek(Token![,]) {
            let rest: TokenStream = input.fork().parse().unwrap_or_default();
            if let Some(next) = rest.into_iter().next() {
                let message =
                    format!("expected `,` before `{next}`; rules are separated by commas");
                errors.at(next.span(), message);
            }
            parse::skip_to_comma(input);
        }
        let _ = input.parse::<Option<Token![,]>>();
    }
    rules
}

fn rule(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Written> {
    let pattern = pattern(input)?;
    // if CONDITION
    let condition = match input.parse::<Option<Token![if]>>()? {
        Some(_) => Some(invisible::value(input.parse()?)),
        None => None,
    };
    if !input.peek(Token![=>]) {
        let message = "expected `=>` after the pattern, as in `\"**.bias\" => zeros`";
        return Err(syn::Error::new(input.span(), message));
    }
    let arrow: Token![=>] = input.parse()?;
    if input.is_empty() || input.peek(Token![,]) {
        let message =
            "say how: `=> SCHEME`, or `=> skip` to leave what the pattern matches as it is";
        return Err(syn::Error::new_spanned(arrow, message));
    }
    let steps = if input.peek(token::Bracket) {
        // [STEP, …]
        let content;
        let bracket = bracketed!(content in input);
        if content.is_empty() {
            errors.at(bracket.span.join(), NO_STEPS);
        }
        parse::items(&content, errors)
    } else {
        // STEP
        let item = parse::item(input, errors)?;
        List {
            items: vec![item],
            wrong: None,
        }
    };
    Ok(Written {
        pattern,
        condition,
        steps,
    })
}

/// A string literal, a macro that makes a string, or any expression in parentheses.
fn pattern(input: ParseStream<'_>) -> syn::Result<Expr> {
    let not_a_string = |place: TokenStream| {
        let message =
            "a pattern is a string, as in `\"**.weight\"`, or an expression in parentheses";
        Err(syn::Error::new_spanned(place, message))
    };
    let next: Option<TokenTree> = input.fork().parse().ok();
    let Ok(pattern) = input.parse::<Expr>() else {
        return not_a_string(next.into_token_stream());
    };
    match pattern {
        Expr::Lit(_) | Expr::Macro(_) | Expr::Paren(_) | Expr::Group(_) => {
            Ok(invisible::value(pattern))
        }
        Expr::Assign(assign) => {
            let name = assign.left.to_token_stream();
            let message =
                format!("parameters stand in parentheses after the scheme: `SCHEME({name} = …)`");
            Err(syn::Error::new_spanned(name, message))
        }
        other => not_a_string(other.into_token_stream()),
    }
}

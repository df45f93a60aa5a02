//! `recipe!`: schemes by kind of layer, as a value.
//!
//! The grammar is that of `#[init(…)]` on a struct, and the code that reads it too.

use nninit_language::words::STRUCT_SETTINGS;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::check::kinds;
use crate::errors::Errors;
use crate::expand::step::Expressions;
use crate::model::OfKind;
use crate::parse;
use crate::receiver::Receiver;
use crate::rules;

/// An expression of type `Kinds`, less what is wrong with it.
pub(crate) fn recipe(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (krate, kinds) = rules::path_before(input.clone());
    let kinds = check(kinds, &mut errors);
    let receiver = Receiver::found_in(input);
    let expressions = Expressions {
        receiver: &receiver,
    };
    let kinds = expressions.kinds(&kinds);
    let errors = errors.into_items();
    quote! {{
        use #krate::__private as __nninit;
        #errors
        #kinds
    }}
}

fn check(tokens: TokenStream, errors: &mut Errors) -> Vec<OfKind> {
    let mut found = Vec::new();
    // KIND(…), KIND(…); KIND(…)
    for step in steps(tokens) {
        let list = parse::list(without_patterns(step, errors), errors);
        let mut items = list.items;
        items.retain(|item| {
            let setting = STRUCT_SETTINGS.contains(&&*item.name.text);
            if setting {
                let message = format!(
                    "`{}` stands on a struct, and no recipe holds it",
                    item.name.text
                );
                errors.at(item.name.span, message);
            }
            !setting
        });
        kinds::attribute(items, true, &mut found, errors);
    }
    kinds::together(&found, false, errors);
    found
}

/// What stands between semicolons: each is what one attribute would hold.
fn steps(tokens: TokenStream) -> Vec<TokenStream> {
    let mut steps = vec![TokenStream::new()];
    for token in tokens {
        match (&token, steps.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ';' => {
                steps.push(TokenStream::new());
            }
            (_, Some(step)) => step.extend([token]),
            (_, None) => {}
        }
    }
    steps
}

/// The items that do not begin with a string.
fn without_patterns(tokens: TokenStream, errors: &mut Errors) -> TokenStream {
    let mut kept = TokenStream::new();
    let (mut begins, mut leaves) = (true, false);
    for token in tokens {
        let is_comma = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        if let TokenTree::Literal(literal) = &token
            && begins
        {
            leaves = true;
            errors.at(
                literal.span(),
                "a recipe goes by kind of layer, as in `Linear(zeros)`; patterns of names stand in `rules!`",
            );
        }
        if !leaves {
            kept.extend([token]);
        }
        leaves &= !is_comma;
        begins = is_comma;
    }
    kept
}

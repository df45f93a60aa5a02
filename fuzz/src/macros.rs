//! The macros: whatever is typed, an expansion, and every error on a token of the input.

use nninit_fuzz_derive::library;
use proc_macro2::{TokenStream, TokenTree, extra};

/// Where an attribute can stand.
const PLACES: [&str; 4] = [
    "struct S { #[init(ATTRIBUTE)] w: T }",
    "#[init(ATTRIBUTE)] struct S<T>(T);",
    "enum E<T> { A { #[init(ATTRIBUTE)] #[init(ATTRIBUTE)] w: T, n: i64 } }",
    "struct S(#[init(ATTRIBUTE)] nn::Linear, #[init(zeros)] T);",
];

/// Tokens of an expansion for each token of the input, beside those that any expansion has.
const TOKENS_PER_TOKEN: usize = 400;
const TOKENS: usize = 4000;

/// What stands in `#[init(…)]`.
pub(crate) fn attribute(text: &str) {
    // As in rustc, where brackets that do not match never reach a macro.
    if text.parse::<TokenStream>().is_err() {
        return;
    }
    for place in PLACES {
        item(&place.replace("ATTRIBUTE", text));
    }
}

/// A struct or an enum, as a macro gets it: what is no item stays with rustc.
pub(crate) fn item(text: &str) {
    expand(text, |tokens| {
        let expansion = library::derive(tokens.clone());
        // The impls are there all the same.
        let is_item = syn::parse2::<syn::DeriveInput>(tokens).is_ok();
        let shown = expansion.to_string();
        assert!(
            !is_item || shown.contains("Initialize for") || shown.contains("compile_error"),
            "{shown}"
        );
        is_item.then_some(expansion)
    });
}

/// What stands in `rules!`.
pub(crate) fn rules(text: &str) {
    expand(text, |tokens| Some(library::rules(tokens)));
}

/// What stands in `recipe!`.
pub(crate) fn recipe(text: &str) {
    expand(text, |tokens| Some(library::recipe(tokens)));
}

fn expand(text: &str, expansion: impl FnOnce(TokenStream) -> Option<TokenStream>) {
    if let Ok(tokens) = text.parse::<TokenStream>() {
        let allowed = TOKENS + TOKENS_PER_TOKEN * count(tokens.clone());
        if let Some(expansion) = expansion(tokens) {
            let written = count(expansion.clone());
            assert!(written <= allowed, "{written} tokens, more than {allowed}");
            let misplaced = misplaced(expansion);
            assert!(misplaced.is_empty(), "on no token: {misplaced:#?}");
        }
    }
    // Else what is remembered of all sources that were ever read would only grow.
    extra::invalidate_current_thread_spans();
}

fn count(tokens: TokenStream) -> usize {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => 1 + count(group.stream()),
            _ => 1,
        })
        .sum()
}

/// The messages of errors that stand on no token of the input.
fn misplaced(tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut in_error = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == "compile_error" => {
                in_error = true;
                if ident.span().byte_range().is_empty() {
                    found.extend(tokens.by_ref().nth(1).map(|message| message.to_string()));
                }
            }
            TokenTree::Group(group) if !in_error => found.extend(misplaced(group.stream())),
            TokenTree::Group(_) => in_error = false,
            _ => {}
        }
    }
    found
}

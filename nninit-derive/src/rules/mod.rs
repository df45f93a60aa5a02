//! `rules!`: patterns of variables' names, and the steps that each gets.
//!
//! The steps are the derive's own: parsed, checked and expanded by the same code.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;

pub(crate) use self::parse::path_before;
use crate::errors::Errors;

/// An expression of type `Rules`, less what is wrong with it.
pub(crate) fn rules(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (krate, written) = parse::input(input.clone(), &mut errors);
    let rules = check::rules(written, &mut errors);
    expand::expand(&krate, &rules, input, errors)
}

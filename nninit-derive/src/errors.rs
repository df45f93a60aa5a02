//! Every mistake of one input, collected so that one compile shows them all.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

/// Proof that a mistake was told: only telling one returns it. What holds it needs no second complaint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reported(());

/// What is wrong with the input, in the order found.
#[derive(Debug, Default)]
#[must_use]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
}

impl Errors {
    /// A mistake at one token.
    pub(crate) fn at(&mut self, span: Span, message: impl Display) -> Reported {
        self.push(syn::Error::new(span, message))
    }

    /// A mistake over several tokens.
    pub(crate) fn over(&mut self, tokens: impl ToTokens, message: impl Display) -> Reported {
        self.push(syn::Error::new_spanned(tokens, message))
    }

    pub(crate) fn push(&mut self, error: syn::Error) -> Reported {
        self.found.push(error);
        Reported(())
    }

    /// The mistakes as items.
    ///
    /// A bare `compile_error!` would keep rustc from looking at the rest of the crate; one inside a constant does not,
    /// so the type errors of the other fields show in the same compile.
    pub(crate) fn into_items(self) -> TokenStream {
        self.found
            .into_iter()
            .flatten()
            .map(|error| {
                let compile_error = error.to_compile_error();
                quote_spanned!(error.span()=> const _: () = { #compile_error; };)
            })
            .collect()
    }

    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.found.iter().map(ToString::to_string).collect()
    }
}

//! The derive of nninit; what it accepts is documented there.

mod bounds;
mod check;
mod depth;
mod errors;
mod expand;
mod invisible;
mod model;
mod parse;
mod receiver;
mod recipe;
mod rules;
mod text;

#[cfg(test)]
mod snapshots;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::depth::Kind;
use crate::errors::Errors;

// Documented where it is re-exported: the examples need the runtime.
#[allow(missing_docs)]
#[cfg(proc_macro)]
#[proc_macro_derive(Initialize, attributes(init))]
pub fn derive_initialize(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive(input.into()).into()
}

/// Rules that give schemes to variables by name; `nninit::rules!` is what users write, and says where the runtime is.
#[cfg(proc_macro)]
#[proc_macro]
pub fn rules(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    rules::rules(input.into()).into()
}

/// Schemes by kind of layer; `nninit::recipe!` is what users write, and says where the runtime is.
#[cfg(proc_macro)]
#[proc_macro]
pub fn recipe(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    recipe::recipe(input.into()).into()
}

/// The macros of `fuzz/derive`, which builds these sources as a library.
#[cfg(not(proc_macro))]
pub mod library {
    use proc_macro2::TokenStream;

    /// `derive(Initialize)`.
    #[must_use]
    pub fn derive(input: TokenStream) -> TokenStream {
        super::derive(input)
    }

    /// `rules!`.
    #[must_use]
    pub fn rules(input: TokenStream) -> TokenStream {
        super::rules::rules(input)
    }

    /// `recipe!`.
    #[must_use]
    pub fn recipe(input: TokenStream) -> TokenStream {
        super::recipe::recipe(input)
    }
}

/// Parse, check, expand. What is wrong is left out, and nothing else: the impls are there all the same, so that no
/// errors of the type's users bury the mistake.
fn derive(input: TokenStream) -> TokenStream {
    if let Some(error) = depth::too_deep(&input, Kind::Item) {
        return error.into_compile_error();
    }
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let input = check::input(input, &mut errors);
    let mut items = errors.into_items();
    items.extend(expand::expand(&input));
    items
}

//! From what is declared to the impls. Nothing here can fail.
//!
//! Generated code reaches the runtime through one alias, `__nninit`, and nothing else: no name of the prelude, none
//! that the user may have shadowed.

mod checks;
mod declare;
mod describe;
pub(crate) mod place;
pub(crate) mod step;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

use self::describe::Describe;
use crate::bounds;
use crate::model::Input;
use crate::receiver::Receiver;

/// The impls of `Initialize` and of what lets the type stand in a field with an attribute.
pub(crate) fn expand(input: &Input) -> TokenStream {
    let written = input.settings.krate.as_ref().map(ToTokens::to_token_stream);
    let krate = written.unwrap_or_else(|| quote!(::nninit));
    let receiver = Receiver::of(input);
    let this = receiver.ident();
    let checks = checks::checks(input);
    let describe = Describe {
        input,
        receiver: &receiver,
    }
    .body();
    let (names, check) = (declare::names(input), declare::check(input));
    let layers = declare::layers(input);
    let (fields, own_fields) = declare::fields(input);
    let (ident, kind) = (
        place::generated(&input.ident),
        format!("`{}`", input.ident.unraw()),
    );
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let where_clause = bounds::where_clause(input);
    let lints = &input.lints;
    quote! {
        #(#[allow(#lints)])*
        const _: () = {
            use #krate::__private as __nninit;
            use __nninit::Otherwise as _;
            #fields
            #checks
            #[automatically_derived]
            impl #impl_generics __nninit::Initialize for #ident #ty_generics #where_clause {
                fn describe(&#this, __nninit_at: &mut __nninit::Describe<'_>) {
                    #describe
                }
                fn __check(__nninit_spec: &__nninit::Spec, __nninit_names: &mut __nninit::Names<'_>) {
                    <Self as __nninit::Declare>::check(__nninit_spec, __nninit_names);
                }
                fn __layers(__nninit_layers: &mut __nninit::Layers) {
                    <Self as __nninit::Declare>::layers(__nninit_layers);
                }
            }
            #[automatically_derived]
            impl #impl_generics __nninit::Declare for #ident #ty_generics #where_clause {
                const PARTS: __nninit::Parts = {
                    #names
                    __nninit::Parts::new(#kind, &__NNINIT_HOLDING).with_empty(&__NNINIT_EMPTY)
                };
                type Fields = #own_fields;
                fn declare(&#this, __nninit_at: &mut __nninit::Describe<'_>) {
                    __nninit::Initialize::describe(#this, __nninit_at);
                }
                fn check(__nninit_spec: &__nninit::Spec, __nninit_names: &mut __nninit::Names<'_>) {
                    #check
                }
                fn layers(__nninit_layers: &mut __nninit::Layers) {
                    #layers
                }
            }
        };
    }
}

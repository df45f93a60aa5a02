//! From what is declared to the impls. Nothing here can fail.

mod checks;
mod step;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Expr, Member};

use self::checks::outside;
use self::step::Values;
use crate::bounds::{self, Mentions};
use crate::model::{Body, Declared, Field, Input, Settings, Variant};
use crate::receiver::{self, Receiver};

/// Where the runtime is.
#[derive(Debug)]
pub(crate) struct Paths {
    pub(crate) krate: TokenStream,
    pub(crate) private: TokenStream,
    /// `Ok`, which the user may have shadowed.
    pub(crate) ok: TokenStream,
    /// The user gave the path.
    written: bool,
}

impl Paths {
    /// A call of a function of the private module, as if written over `place`: what rustc finds there is reported there.
    pub(crate) fn call_at(&self, place: &TokenStream, function: &str, arguments: TokenStream) -> TokenStream {
        let (start, end) = ends(place);
        let path = self.private.clone().into_iter().map(|mut token| {
            // A path that the user wrote means what it means where it was written.
            token.set_span(if self.written { token.span().located_at(start) } else { start });
            token
        });
        let (path, function): (TokenStream, _) = (path.collect(), Ident::new(function, start));
        let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
        arguments.set_span(end);
        quote_spanned!(start=> #path::#function #arguments)
    }

    pub(crate) fn new(settings: &Settings) -> Self {
        let krate = match &settings.krate {
            Some(path) => path.to_token_stream(),
            None => quote!(::nninit),
        };
        let private = quote!(#krate::__private);
        let ok = quote!(#private::core::result::Result::Ok);
        Self { krate, private, ok, written: settings.krate.is_some() }
    }
}

/// The spans of the first and the last token: spans cannot be joined, but an expression reaches from one to the other.
fn ends(tokens: &TokenStream) -> (Span, Span) {
    let mut spans = tokens.clone().into_iter().map(|token| token.span());
    let start = spans.next().unwrap_or_else(Span::call_site);
    (start, spans.last().unwrap_or(start))
}

/// A reference to `value`, as if written where it stands.
fn reference(value: TokenStream) -> TokenStream {
    let (start, end) = ends(&value);
    let mut value = Group::new(Delimiter::Parenthesis, value);
    value.set_span(end);
    quote_spanned!(start=> & #value)
}

/// The impls of `Initialize` and of what lets the type stand in a field with an attribute.
pub(crate) fn expand(input: &Input) -> TokenStream {
    let paths = Paths::new(&input.settings);
    let Paths { krate, private, .. } = &paths;
    let receiver = Receiver::of(input);
    let this = receiver.ident();
    let checks = checks::checks(input, &paths);
    let describe = Describe { input, paths: &paths, receiver: &receiver }.body();
    let names = names(input, &paths);
    let inside = inside(input, &paths);
    let kind = format!("`{}`", input.ident.unraw());
    let ident = &input.ident;
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let where_clause = bounds::where_clause(input, krate);
    quote! {
        // A user's value stands in the middle of generated code: what is odd about that code is not theirs.
        #[allow(
            deprecated,
            private_bounds,
            unused_imports,
            unused_parens,
            unused_qualifications,
            unused_variables,
            clippy::all,
            clippy::pedantic,
        )]
        const _: () = {
            use #private::Otherwise as _;
            #checks
            #[automatically_derived]
            impl #impl_generics #krate::Initialize for #ident #ty_generics #where_clause {
                fn describe(&#this, __nninit_at: &mut #private::Describe<'_>) {
                    #describe
                }
            }
            #[automatically_derived]
            impl #impl_generics #private::Declare for #ident #ty_generics #where_clause {
                const PARTS: #private::Parts = #private::Parts { scheme: false, names: #names, kind: #kind };
                fn declare(&#this, __nninit_at: &mut #private::Describe<'_>) {
                    #krate::Initialize::describe(#this, __nninit_at);
                }
                fn check(__nninit_spec: &#private::Spec, __nninit_names: &mut #private::Names<'_>) {
                    #inside
                }
            }
        };
    }
}

/// The body of `describe`.
struct Describe<'a> {
    input: &'a Input,
    paths: &'a Paths,
    receiver: &'a Receiver,
}

impl Describe<'_> {
    fn body(&self) -> TokenStream {
        let this = self.receiver.ident();
        let recipe = self.input.settings.recipe.as_ref().map(|recipe| self.recipe(recipe));
        let fields = match &self.input.body {
            Body::Struct(fields) => fields
                .iter()
                .map(|field| {
                    let member = &field.member;
                    self.field(field, &quote!(&#this.#member))
                })
                .collect(),
            Body::Enum(variants) if variants.is_empty() => quote!(match *#this {}),
            Body::Enum(variants) => {
                let arms = variants.iter().map(|variant| self.variant(variant));
                quote!(match #this { #(#arms)* })
            }
            Body::Nothing => TokenStream::new(),
        };
        quote!(#recipe #fields)
    }

    fn recipe(&self, recipe: &Expr) -> TokenStream {
        let private = &self.paths.private;
        let recipe = Values { paths: self.paths, receiver: self.receiver }.closure(recipe);
        quote!(__nninit_at.recipe(#private::value(#recipe));)
    }

    fn variant(&self, variant: &Variant) -> TokenStream {
        let ident = &variant.ident;
        let bound: Vec<Ident> = (0..variant.fields.len()).map(|i| format_ident!("__nninit_{i}", span = Span::mixed_site())).collect();
        let members = variant.fields.iter().map(|field| &field.member);
        let siblings = variant.fields.iter().zip(&bound).filter_map(|(field, bound)| match &field.member {
            Member::Named(name) if is_used(name, &variant.fields) => Some(quote!(let #name = #bound;)),
            _ => None,
        });
        let fields = variant.fields.iter().zip(&bound).map(|(field, bound)| self.field(field, &bound.to_token_stream()));
        quote! {
            Self::#ident { #(#members: #bound),* } => {
                #(#siblings)*
                #(#fields)*
            }
        }
    }

    /// What `describe` says of one field; `place` is a reference to it.
    fn field(&self, field: &Field, place: &TokenStream) -> TokenStream {
        let private = &self.paths.private;
        let Field { name, ty, declared, .. } = field;
        // Where the type is known it is asked, and a check has said what is wrong with it.
        let known = Mentions::of(ty, &self.input.generics) == Mentions::Nothing;
        match declared {
            Declared::Nothing if known => quote!(#private::Is::<#ty>::walk(__nninit_at, #name, #place);),
            Declared::Nothing => quote!(__nninit_at.walk::<#ty>(#name, #place);),
            Declared::Skip if known => quote!(#private::Is::<#ty>::skip(__nninit_at, #name, #place);),
            Declared::Skip => quote!(__nninit_at.leave(#name, #private::core::any::type_name::<#ty>());),
            Declared::Spec(spec) => {
                let spec = Values { paths: self.paths, receiver: self.receiver }.spec(spec);
                if known {
                    quote!(#private::Is::<#ty>::field(__nninit_at, #name, #place, #spec);)
                } else {
                    quote!(__nninit_at.field::<#ty>(#name, #place, #spec);)
                }
            }
            Declared::Poisoned => TokenStream::new(),
        }
    }
}

/// Whether a value of the variant mentions its field of that name.
fn is_used(name: &Ident, fields: &[Field]) -> bool {
    let name = name.to_string();
    let mut used = false;
    for field in fields {
        if let Declared::Spec(spec) = &field.declared {
            receiver::each_value(spec, &mut |value| {
                used |= receiver::find(value.to_token_stream(), &name).is_some();
            });
        }
    }
    used
}

/// The fields of every variant, each name once, with the type if it is the same everywhere.
fn distinct(input: &Input) -> Vec<(&Field, bool)> {
    let mut distinct: Vec<(&Field, bool)> = Vec::new();
    for field in input.body.fields() {
        match distinct.iter_mut().find(|(known, _)| known.name == field.name) {
            Some((known, same)) => *same &= known.ty == field.ty,
            None => distinct.push((field, true)),
        }
    }
    distinct
}

/// The names of the fields that can hold parameters.
fn names(input: &Input, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let all = distinct(input).into_iter().map(|(field, same)| {
        let name = &field.name;
        match (&field.declared, Mentions::of(&field.ty, &input.generics)) {
            (Declared::Skip | Declared::Nothing, Mentions::Nothing) if same => {
                let ty = outside(&field.ty, input);
                quote!((#name, #private::Is::<#ty>::PARTS.is_some()))
            }
            (Declared::Skip, _) => quote!((#name, false)),
            _ => quote!((#name, true)),
        }
    });
    quote! {{
        const ALL: &[(&#private::core::primitive::str, #private::core::primitive::bool)] = &[#(#all),*];
        const HOLDING: [&#private::core::primitive::str; #private::count(ALL)] = #private::keep(ALL);
        &HOLDING
    }}
}

/// The body of `check`: what is said of each field is looked through by the field's type.
fn inside(input: &Input, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let arms = distinct(input).into_iter().filter(|(_, same)| *same).filter_map(|(field, _)| {
        let (name, ty) = (&field.name, &field.ty);
        match (&field.declared, Mentions::of(ty, &input.generics)) {
            (_, Mentions::Nothing) => Some(quote!(#name => #private::Is::<#ty>::check(__nninit_spec, __nninit_names),)),
            (Declared::Spec(_), _) => {
                Some(quote!(#name => <#ty as #private::Declare>::check(__nninit_spec, __nninit_names),))
            }
            // The plan finds what does not exist there, as far as there are values.
            _ => None,
        }
    });
    quote! {
        __nninit_names.parts(
            __nninit_spec,
            <Self as #private::Declare>::PARTS,
            |__nninit_name, __nninit_spec, __nninit_names| match __nninit_name {
                #(#arms)*
                _ => {}
            },
        );
    }
}

//! A step, and the spec that it stands in, as calls of the runtime.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Expr;

use super::Paths;
use crate::check::is_closure;
use crate::model::{Argument, Call, Entry, Modifier, Spec, Step, Value, What};
use crate::receiver::Receiver;
use crate::text;

/// Turns what was declared into expressions.
#[derive(Debug)]
pub(crate) struct Values<'a> {
    pub(crate) paths: &'a Paths,
    pub(crate) receiver: &'a Receiver,
}

impl Values<'_> {
    /// An expression of type `Spec`.
    pub(crate) fn spec(&self, spec: &Spec) -> TokenStream {
        let private = &self.paths.private;
        let entries = spec.entries.iter().map(|entry| match entry {
            Entry::Step(step) => {
                let step = self.step(step);
                quote!(.step(#step))
            }
            Entry::Part(name, inside) => {
                let (name, inside) = (&name.text, self.spec(inside));
                quote!(.part(#name, #inside))
            }
        });
        let whole = quote!(#private::Spec::new() #(#entries)*);
        match &spec.stream {
            Some((_, key)) => {
                let key = self.closure(key);
                quote!(#private::with_stream(#whole, #key))
            }
            None => whole,
        }
    }

    /// An expression of type `Step`.
    pub(crate) fn step(&self, step: &Step) -> TokenStream {
        let private = &self.paths.private;
        let what = match &step.what {
            What::Scheme(call) => self.call(call),
            What::With(expr) => {
                let (written, value) = (text::expression(expr), self.closure(expr));
                // A closure's arguments get their types from the one bound of `Step::closure`.
                if is_closure(expr) {
                    quote!(#private::Step::closure(#written, #value))
                } else {
                    quote!(#private::Step::scheme(#written, #value))
                }
            }
            What::Sample(expr) => {
                let (written, value) = (text::expression(expr), self.closure(expr));
                quote!(#private::Step::sample(#written, #value))
            }
            What::Skip => quote!(#private::Step::skip()),
        };
        let modifiers = step.modifiers.iter().map(|modifier| self.modifier(modifier));
        quote!(#what #(#modifiers)*)
    }

    /// A value in a closure of its own, so that `?` and `return` stay inside.
    pub(crate) fn closure(&self, value: &Expr) -> TokenStream {
        let ok = &self.paths.ok;
        let value = self.receiver.resolve(value);
        quote!(|| #ok(#value))
    }

    fn call(&self, call: &Call) -> TokenStream {
        let Paths { krate, private, ok } = self.paths;
        let Call { ident, written, arguments } = call;
        let value = |argument: &Argument| match &argument.value {
            Value::Expr(expr) => self.receiver.resolve(expr),
            Value::Variant { of, variant } => {
                let of = proc_macro2::Ident::new(of, proc_macro2::Span::mixed_site());
                quote!(#krate::#of::#variant)
            }
        };
        let required = arguments.iter().filter(|argument| argument.required).map(value);
        let optional = arguments.iter().filter(|argument| !argument.required).map(|argument| {
            let (name, value) = (&argument.ident, value(argument));
            quote!(.#name(#value))
        });
        quote!(#private::Step::scheme(#written, || #ok(#krate::schemes::#ident(#(#required),*) #(#optional)*)))
    }

    fn modifier(&self, modifier: &Modifier) -> TokenStream {
        let Paths { private, ok, .. } = self.paths;
        let name = &modifier.ident;
        match &modifier.value {
            None => quote!(.#name()),
            Some(tensor) if name == "fan_of" => {
                // By reference, so that a field need not be moved; read at once, so that a temporary may do.
                let tensor = self.receiver.resolve(tensor);
                quote!(.#name(|| #ok(#private::fan_shape(&(#tensor))?)))
            }
            Some(value) => {
                let value = self.closure(value);
                quote!(.#name(#value))
            }
        }
    }
}

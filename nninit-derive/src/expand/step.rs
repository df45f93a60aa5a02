//! A step, and the spec that it stands in, as calls of the runtime.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Expr;

use super::{Paths, reference};
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
            // A closure's arguments get their types from the one bound of `Step::closure`.
            What::With(expr) if is_closure(expr) => {
                let (written, value) = (text::expression(expr), self.closure(expr));
                quote!(#private::Step::closure(#written, #value))
            }
            What::With(expr) => self.start("with", expr),
            What::Sample(expr) => self.start("sample", expr),
            What::Skip => quote!(#private::Step::skip()),
        };
        let modifiers = step.modifiers.iter().map(|modifier| self.modifier(modifier));
        quote!(#what #(#modifiers)*)
    }

    /// A value in a closure of its own, so that `?` and `return` stay inside.
    pub(crate) fn closure(&self, value: &Expr) -> TokenStream {
        let (ok, value) = (&self.paths.ok, self.receiver.resolve(value));
        quote!(|| #ok(#value))
    }

    /// A step of the user's own, by a function of the runtime that says at the value what it has to be.
    fn start(&self, function: &str, value: &Expr) -> TokenStream {
        let (written, make) = (text::expression(value), self.closure(value));
        self.paths.call_at(&value.to_token_stream(), function, quote!(#written, #make))
    }

    /// A value in its closure, handed through a function of the runtime that says at the value what it has to be.
    fn through(&self, function: &str, value: &Expr) -> TokenStream {
        let (ok, value) = (&self.paths.ok, self.receiver.resolve(value));
        let call = self.paths.call_at(&value, function, value.clone());
        quote!(|| #ok(#call))
    }

    fn call(&self, call: &Call) -> TokenStream {
        let Paths { krate, private, ok, .. } = self.paths;
        let Call { ident, written, arguments } = call;
        let value = |argument: &Argument| match &argument.value {
            Value::Expr(expr) => self.receiver.resolve(expr),
            Value::Variant { of, variant } => {
                let of = Ident::new(of, Span::mixed_site());
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
        let name = &modifier.ident;
        let Some(value) = &modifier.value else {
            return quote!(.#name());
        };
        let value = match name.to_string().as_str() {
            "at" => self.through("index", value),
            "scale" => self.through("number", value),
            "fan_of" => {
                // By reference, so that a field need not be moved; read at once, so that a temporary may do.
                let (ok, tensor) = (&self.paths.ok, self.receiver.resolve(value));
                let shape = self.paths.call_at(&tensor, "fan_shape", reference(tensor.clone()));
                quote!(|| #ok(#shape?))
            }
            _ => self.through("whole", value),
        };
        quote!(.#name(#value))
    }
}

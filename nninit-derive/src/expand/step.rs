//! A step, and the spec that it stands in, as calls of the runtime.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Expr;

use super::place;
use crate::check::is_closure;
use crate::model::{Argument, Call, Modifier, OfKind, Said, Spec, Step, Value, What};
use crate::receiver::Receiver;
use crate::text;

/// Turns what was declared into expressions.
#[derive(Debug)]
pub(crate) struct Expressions<'a> {
    pub(crate) receiver: &'a Receiver,
}

impl Expressions<'_> {
    /// An expression of type `Kinds`.
    pub(crate) fn kinds(&self, kinds: &[OfKind]) -> TokenStream {
        let kinds = kinds.iter().map(|OfKind { of: kind, spec, .. }| {
            let spec = self.spec(spec);
            let layer = kind.layer.map(|layer| {
                let layer = Ident::new(layer, Span::mixed_site());
                quote!(__nninit::Layer::#layer)
            });
            match (layer, kind.rank) {
                (Some(layer), Some(rank)) => quote!(.of_rank(#layer, #rank, #spec)),
                (Some(layer), None) => quote!(.of(#layer, #spec)),
                (None, _) => quote!(.others(#spec)),
            }
        });
        quote!(__nninit::Kinds::new() #(#kinds)*)
    }

    /// An expression of type `Spec`.
    pub(crate) fn spec(&self, spec: &Spec) -> TokenStream {
        let said = spec.said.iter().map(|said| match said {
            Said::Step(step) => {
                let step = self.step(step);
                quote!(.step(#step))
            }
            Said::Part(name, inside) => {
                let (name, inside) = (&name.text, self.spec(inside));
                quote!(.part(#name, #inside))
            }
        });
        let whole = quote!(__nninit::Spec::new() #(#said)*);
        match &spec.stream {
            Some((_, key)) => {
                let key = self.closure(key);
                quote!(__nninit::with_stream(#whole, #key))
            }
            None => whole,
        }
    }

    /// An expression of type `FallibleStep`.
    pub(crate) fn step(&self, step: &Step) -> TokenStream {
        let what = match &step.what {
            What::Scheme(call) => self.call(call),
            // A closure's arguments get their types from the bound of the function that it is handed to.
            What::With(expr) if is_closure(expr) => {
                let (written, value) = (label(expr), self.through("writer", expr));
                quote!(__nninit::FallibleStep::closure(#written, #value))
            }
            What::With(expr) => self.start("with", expr),
            What::Sample(expr) => self.start("sample", expr),
            What::Copy(expr) => {
                let (written, given) = (label(expr), self.by_reference("copied", expr));
                quote!(__nninit::FallibleStep::copy(#written, #given))
            }
            What::ByIndex(expr) => {
                let (written, value) = (label(expr), self.through("of_place", expr));
                quote!(__nninit::FallibleStep::by_index(#written, #value))
            }
            What::Skip => quote!(__nninit::FallibleStep::skip()),
        };
        let modifiers = step
            .modifiers
            .iter()
            .map(|modifier| self.modifier(modifier));
        quote!(#what #(#modifiers)*)
    }

    /// A value in a closure of its own, so that `?` and `return` stay inside.
    pub(crate) fn closure(&self, value: &Expr) -> TokenStream {
        let value = self.receiver.resolve(value);
        quote!(|| __nninit::Ok(#value))
    }

    /// A step of the user's own, by a function of the runtime that says at the value what it has to be.
    fn start(&self, function: &str, value: &Expr) -> TokenStream {
        let (written, make) = (label(value), self.closure(value));
        place::call(&value.to_token_stream(), function, quote!(#written, #make))
    }

    /// A value in its closure, handed through a function of the runtime that says at the value what it has to be.
    fn through(&self, function: &str, value: &Expr) -> TokenStream {
        let value = self.receiver.resolve(value);
        let call = place::call(&value, function, value.clone());
        quote!(|| __nninit::Ok(#call))
    }

    /// What a function of the runtime reads of a value: by reference, so that a field need not be moved; at once, so
    /// that a temporary may do.
    fn by_reference(&self, function: &str, value: &Expr) -> TokenStream {
        let value = self.receiver.resolve(value);
        let read = place::call(&value, function, place::reference(value.clone()));
        quote!(|| __nninit::Ok(#read?))
    }

    fn call(&self, call: &Call) -> TokenStream {
        let Call {
            ident,
            written,
            arguments,
            ..
        } = call;
        let value = |argument: &Argument| match &argument.value {
            Value::Flag => TokenStream::new(),
            Value::Expr(expr) => self.receiver.resolve(expr),
            Value::Variant { of, variant } => {
                let of = Ident::new(of, Span::mixed_site());
                quote!(__nninit::#of::#variant)
            }
        };
        let required = arguments
            .iter()
            .filter(|argument| argument.parameter.required)
            .map(value);
        let optional = arguments
            .iter()
            .filter(|argument| !argument.parameter.required)
            .map(|argument| {
                let (name, value) = (&argument.ident, value(argument));
                quote!(.#name(#value))
            });
        let scheme = quote!(__nninit::schemes::#ident(#(#required),*) #(#optional)*);
        quote!(__nninit::FallibleStep::scheme(#written, || __nninit::Ok(#scheme)))
    }

    fn modifier(&self, modifier: &Modifier) -> TokenStream {
        let name = &modifier.ident;
        let Some(value) = &modifier.value else {
            return quote!(.#name());
        };
        let value = match name.to_string().as_str() {
            "map" => {
                let (written, function) = (label(value), self.through("of_draw", value));
                return quote!(.#name(#written, #function));
            }
            "at" => self.through("index", value),
            "scale" => self.through("number", value),
            "fan_of" => self.by_reference("fan_shape", value),
            _ => self.through("whole", value),
        };
        quote!(.#name(#value))
    }
}

/// A value as plans and errors show it: on one line, and cut where it would fill the table.
fn label(value: &Expr) -> String {
    const LONGEST: usize = 40;
    if is_closure(value) {
        return closure_label(value);
    }
    let written = text::expression(value);
    if written.chars().count() <= LONGEST {
        return written;
    }
    let cut: String = written.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.trim_end())
}

/// `|w, s| …`
fn closure_label(value: &Expr) -> String {
    match value {
        Expr::Closure(closure) => format!("|{}| …", text::expression(&closure.inputs)),
        Expr::Paren(paren) => closure_label(&paren.expr),
        _ => "{ … }".to_owned(),
    }
}

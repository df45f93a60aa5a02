//! The table of schemes, for texts: what each is called, what it takes, and how it is made.
//!
//! nninit-derive has the same table for tokens. A test walks both.

use std::rc::Rc;

use super::value::Arguments;
use crate::{Initializer, schemes};

/// A scheme with its parameters.
#[derive(Debug)]
pub(crate) struct Scheme {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) make: fn(&Arguments) -> Rc<dyn Initializer>,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    /// 0 or more.
    Spread,
    /// From 0 to 1.
    Share,
    /// 1 or more, whole.
    Count,
    Mode,
    Nonlinearity,
}

impl Scheme {
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        let name = name.strip_suffix('_').unwrap_or(name);
        SCHEMES.iter().find(|scheme| scheme.name == name)
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }
}

/// One row a scheme: required parameters in parentheses, the others in braces.
macro_rules! table {
    ($($name:ident($($required:ident: $required_kind:ident),*) { $($optional:ident: $kind:ident),* })*) => {
        pub(crate) const SCHEMES: &[Scheme] = &[$(Scheme {
            name: stringify!($name),
            parameters: &[
                $(Parameter { name: stringify!($required), kind: Kind::$required_kind, required: true },)*
                $(Parameter { name: stringify!($optional), kind: Kind::$kind, required: false },)*
            ],
            make: |arguments| {
                let _ = arguments;
                let scheme = schemes::$name($(table!(@get arguments $required $required_kind).unwrap_or_default()),*);
                $(let scheme = match table!(@get arguments $optional $kind) {
                    Some(value) => scheme.$optional(value),
                    None => scheme,
                };)*
                Rc::new(scheme)
            },
        }),*];
    };
    (@get $arguments:ident $name:ident Count) => { $arguments.count(stringify!($name)) };
    (@get $arguments:ident $name:ident Mode) => { $arguments.mode(stringify!($name)) };
    (@get $arguments:ident $name:ident Nonlinearity) => { $arguments.nonlinearity(stringify!($name)) };
    (@get $arguments:ident $name:ident $number:ident) => { $arguments.number(stringify!($name)) };
}

table! {
    uniform() { a: Number, b: Number }
    normal() { mean: Number, std: Spread }
    trunc_normal() { mean: Number, std: Spread, a: Number, b: Number }
    constant(val: Number) {}
    ones() {}
    zeros() {}
    eye() {}
    identity() { gain: Number }
    dirac() { groups: Count }
    xavier_uniform() { gain: Number }
    xavier_normal() { gain: Number }
    glorot_uniform() { gain: Number }
    glorot_normal() { gain: Number }
    kaiming_uniform() { a: Number, mode: Mode, nonlinearity: Nonlinearity }
    kaiming_normal() { a: Number, mode: Mode, nonlinearity: Nonlinearity }
    he_uniform() { a: Number, mode: Mode, nonlinearity: Nonlinearity }
    he_normal() { a: Number, mode: Mode, nonlinearity: Nonlinearity }
    lecun_uniform() {}
    lecun_normal() {}
    orthogonal() { gain: Number }
    delta_orthogonal() { gain: Number }
    sparse(sparsity: Share) { std: Spread }
}

//! How a text makes each scheme of the language's table.

use std::sync::Arc;

use nninit_language::for_each_scheme;
use nninit_language::schemes::{self as language, Scheme};

use super::value::Arguments;
use crate::{Initializer, schemes};

/// Makes a scheme of what a text gives it.
pub(super) type Make = fn(&Arguments) -> Arc<dyn Initializer>;

/// The scheme of that name, and how it is made.
pub(super) fn find(name: &str) -> Option<(&'static Scheme, Make)> {
    let scheme = language::find(name)?;
    let (_, make) = MAKERS.iter().find(|(known, _)| *known == scheme.name)?;
    Some((scheme, *make))
}

macro_rules! makers {
    ($($name:ident $(| $alias:ident)*: $required:tt $optional:tt $traits:tt $values:literal, $source:literal;)*) => {
        const MAKERS: &[(&str, Make)] = &[$(
            (stringify!($name), makers!(@make $name $required $optional)),
            $((stringify!($alias), makers!(@make $alias $required $optional)),)*
        )*];
    };
    (
        @make $name:ident ($($required:ident: $needs:ident),*)
        { $($optional:ident: $takes:ident $(= $default:literal)?),* }
    ) => {
        |arguments| {
            let _ = arguments;
            let scheme = schemes::$name($(makers!(@get arguments $required $needs).unwrap_or_default()),*);
            $(let scheme = makers!(@give scheme arguments $optional $takes);)*
            Arc::new(scheme)
        }
    };
    (@give $scheme:ident $arguments:ident $name:ident Flag) => {
        if $arguments.has(stringify!($name)) { $scheme.$name() } else { $scheme }
    };
    (@give $scheme:ident $arguments:ident $name:ident $takes:ident) => {
        match makers!(@get $arguments $name $takes) {
            Some(value) => $scheme.$name(value),
            None => $scheme,
        }
    };
    (@get $arguments:ident $name:ident Count) => { $arguments.count(stringify!($name)) };
    (@get $arguments:ident $name:ident Natural) => { $arguments.count(stringify!($name)) };
    (@get $arguments:ident $name:ident Mode) => { $arguments.mode(stringify!($name)) };
    (@get $arguments:ident $name:ident Nonlinearity) => { $arguments.nonlinearity(stringify!($name)) };
    (@get $arguments:ident $name:ident Distribution) => { $arguments.distribution(stringify!($name)) };
    (@get $arguments:ident $name:ident $number:ident) => { $arguments.number(stringify!($name)) };
}

for_each_scheme!(makers);

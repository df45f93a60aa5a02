//! What parameters and modifiers take.

use alloc::format;
use alloc::string::String;

use crate::choices::{Choices, DISTRIBUTIONS, MODES, NONLINEARITIES};

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Any number.
    Number,
    /// A number, 0 or more.
    Spread,
    /// A number above 0.
    Positive,
    /// A number from 0 to 1.
    Share,
    /// A number between 0 and 1, and neither of them.
    Probability,
    /// A whole number, 1 or more.
    Count,
    /// A whole number, 0 or more.
    Natural,
    /// One of [`MODES`].
    Mode,
    /// One of [`NONLINEARITIES`].
    Nonlinearity,
    /// One of [`DISTRIBUTIONS`].
    Distribution,
    /// A region, as tch's `.i(…)` takes it.
    Index,
    /// A tensor or a shape, to take the fans of.
    Fans,
    /// A string.
    Text,
    /// A function, which is a value of Rust's.
    Function,
    /// No value: the name alone.
    Flag,
}

impl Takes {
    /// What `value` must be and is not: `0 or more`.
    #[must_use]
    pub const fn out_of_range(self, value: f64) -> Option<&'static str> {
        let (holds, range) = match self {
            Self::Spread | Self::Natural => (value >= 0.0, "0 or more"),
            Self::Positive => (value > 0.0, "above 0"),
            Self::Share => (0.0 <= value && value <= 1.0, "from 0 to 1"),
            Self::Probability => (0.0 < value && value < 1.0, "above 0 and below 1"),
            Self::Count => (value >= 1.0, "1 or more"),
            _ => (true, ""),
        };
        if holds { None } else { Some(range) }
    }

    /// Whether only Rust has such values, and no text.
    #[must_use]
    pub const fn is_of_rust(self) -> bool {
        matches!(self, Self::Function)
    }

    /// The names that stand for values of this kind.
    #[must_use]
    pub const fn choices(self) -> Option<&'static Choices> {
        match self {
            Self::Mode => Some(&MODES),
            Self::Nonlinearity => Some(&NONLINEARITIES),
            Self::Distribution => Some(&DISTRIBUTIONS),
            _ => None,
        }
    }

    /// A value of this kind as a text has it, for whoever walks the tables; empty for a flag and for what is Rust's.
    #[must_use]
    pub const fn sample(self) -> &'static str {
        match self {
            Self::Number | Self::Spread | Self::Positive | Self::Share | Self::Probability => "0.5",
            Self::Count => "4",
            Self::Natural => "1",
            Self::Mode => "fan_avg",
            Self::Nonlinearity => "leaky_relu",
            Self::Distribution => "uniform",
            Self::Index => "1..",
            Self::Fans => "[4, 4]",
            Self::Text => "name",
            Self::Function | Self::Flag => "",
        }
    }
}

/// A parameter of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether it has to be given.
    pub required: bool,
    /// Its default as a text has it; without one, its absence means something of its own.
    pub default: Option<&'static str>,
}

impl Parameter {
    /// As documentation shows it: `std = 1`, `val`, `gain = …`.
    #[must_use]
    pub fn shown(&self) -> String {
        match self.default {
            Some(default) if self.takes.choices().is_some() => {
                format!("{} = {default:?}", self.name)
            }
            Some(default) => format!("{} = {default}", self.name),
            None if self.required || self.takes == Takes::Flag => self.name.into(),
            None => format!("{} = …", self.name),
        }
    }
}

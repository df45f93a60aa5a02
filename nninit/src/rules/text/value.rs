//! Values in texts: numbers, counts, PyTorch's names, regions and shapes.

use std::fmt::Display;
use std::str::FromStr;

use nninit_language::sentences;
use nninit_language::values::{Parameter, Takes};

use crate::{FanMode, Nonlinearity, Region, ScalingDistribution};

/// The parameters that a text gives a scheme, by name.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    given: Vec<(&'static str, Value)>,
}

#[derive(Debug, Clone, Copy)]
enum Value {
    Number(f64),
    Count(i64),
    Mode(FanMode),
    Nonlinearity(Nonlinearity),
    Distribution(ScalingDistribution),
    Flag,
}

impl Arguments {
    /// Reads a value, if there is one, and says how a plan shows it.
    pub(super) fn give(
        &mut self,
        parameter: &'static Parameter,
        text: Option<&str>,
    ) -> Result<String, String> {
        let Parameter { name, takes, .. } = *parameter;
        let text = match (takes, text) {
            (Takes::Flag, None) => {
                self.given.push((name, Value::Flag));
                return Ok(name.to_owned());
            }
            (Takes::Flag, Some(_)) => return Err(sentences::stands_alone(name)),
            (_, None) => return Err(sentences::needs_a_value(name)),
            (_, Some(text)) => text,
        };
        let (value, shown) = match takes {
            Takes::Count | Takes::Natural => {
                (Value::Count(whole(name, takes, text)?), text.to_owned())
            }
            Takes::Mode => (Value::Mode(parsed(text)?), quoted(text)),
            Takes::Nonlinearity => (Value::Nonlinearity(parsed(text)?), quoted(text)),
            Takes::Distribution => (Value::Distribution(parsed(text)?), quoted(text)),
            _ => (Value::Number(number(name, takes, text)?), text.to_owned()),
        };
        self.given.push((name, value));
        Ok(format!("{name} = {shown}"))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| *given == name)
    }

    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.find(name, |value| match value {
            Value::Number(number) => Some(number),
            _ => None,
        })
    }

    pub(crate) fn count(&self, name: &str) -> Option<i64> {
        self.find(name, |value| match value {
            Value::Count(count) => Some(count),
            _ => None,
        })
    }

    pub(crate) fn mode(&self, name: &str) -> Option<FanMode> {
        self.find(name, |value| match value {
            Value::Mode(mode) => Some(mode),
            _ => None,
        })
    }

    pub(crate) fn nonlinearity(&self, name: &str) -> Option<Nonlinearity> {
        self.find(name, |value| match value {
            Value::Nonlinearity(nonlinearity) => Some(nonlinearity),
            _ => None,
        })
    }

    pub(crate) fn distribution(&self, name: &str) -> Option<ScalingDistribution> {
        self.find(name, |value| match value {
            Value::Distribution(distribution) => Some(distribution),
            _ => None,
        })
    }

    fn find<T>(&self, name: &str, take: impl Fn(Value) -> Option<T>) -> Option<T> {
        let (_, value) = self.given.iter().find(|(given, _)| *given == name)?;
        take(*value)
    }
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    unquoted(text)
        .parse()
        .map_err(|error: T::Err| error.to_string())
}

fn quoted(text: &str) -> String {
    format!("{:?}", unquoted(text))
}

pub(super) fn number(name: &str, takes: Takes, text: &str) -> Result<f64, String> {
    match text.replace('_', "").parse() {
        Ok(value) => sentences::out_of_range(name, takes, value).map_or(Ok(value), Err),
        Err(_) => Err(format!("`{name}` takes a number, and `{text}` is none")),
    }
}

pub(super) fn count(name: &str, text: &str) -> Result<i64, String> {
    whole(name, Takes::Count, text)
}

pub(super) fn whole(name: &str, takes: Takes, text: &str) -> Result<i64, String> {
    match text.replace('_', "").parse::<i64>() {
        Ok(count) => sentences::out_of_range(name, takes, count as f64).map_or(Ok(count), Err),
        Err(_) => Err(format!(
            "`{name}` takes a whole number, and `{text}` is none"
        )),
    }
}

/// A name with or without quotes.
pub(super) fn unquoted(text: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

pub(super) fn region(text: &str) -> Result<Region, String> {
    let not_a_region = || {
        format!(
            "`at` takes an index, a range or a tuple of them, as in `3`, `4..8` or `(.., 0)`, and `{text}` is none"
        )
    };
    Region::parse(text).ok_or_else(not_a_region)
}

/// `[64, 3]`, for `fan_of`.
pub(super) fn shape(text: &str) -> Result<Vec<i64>, String> {
    let dims = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .map(|dims| {
            dims.split(',')
                .map(|dim| dim.trim().parse().ok())
                .collect::<Option<Vec<i64>>>()
        });
    dims.flatten().ok_or_else(|| {
        format!("`fan_of` takes a shape in a text, as in `[64, 3]`, and `{text}` is none")
    })
}

//! Values in texts: numbers, counts, PyTorch's names, regions and shapes.

use super::table::Kind;
use crate::{FanMode, Nonlinearity, Region};

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
}

impl Arguments {
    /// Reads a value, and says how a plan shows it.
    pub(crate) fn give(
        &mut self,
        name: &'static str,
        kind: Kind,
        text: &str,
    ) -> Result<String, String> {
        let (value, shown) = match kind {
            Kind::Number | Kind::Spread | Kind::Share => {
                let value = number(name, text)?;
                let (holds, range) = match kind {
                    Kind::Spread => (value >= 0.0, "0 or more"),
                    Kind::Share => ((0.0..=1.0).contains(&value), "from 0 to 1"),
                    _ => (true, ""),
                };
                if !holds {
                    return Err(format!("`{name}` is {text}, and must be {range}"));
                }
                (Value::Number(value), text.to_owned())
            }
            Kind::Count => (Value::Count(count(name, text)?), text.to_owned()),
            Kind::Mode => {
                let mode: FanMode = unquoted(text)
                    .parse()
                    .map_err(|error: crate::Reason| error.to_string())?;
                (Value::Mode(mode), format!("{:?}", unquoted(text)))
            }
            Kind::Nonlinearity => {
                let nonlinearity: Nonlinearity = unquoted(text)
                    .parse()
                    .map_err(|error: crate::Reason| error.to_string())?;
                (
                    Value::Nonlinearity(nonlinearity),
                    format!("{:?}", unquoted(text)),
                )
            }
        };
        self.given.push((name, value));
        Ok(shown)
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

    fn find<T>(&self, name: &str, take: impl Fn(Value) -> Option<T>) -> Option<T> {
        let (_, value) = self.given.iter().find(|(given, _)| *given == name)?;
        take(*value)
    }
}

pub(super) fn number(name: &str, text: &str) -> Result<f64, String> {
    text.replace('_', "")
        .parse()
        .map_err(|_| format!("`{name}` takes a number, and `{text}` is none"))
}

pub(super) fn count(name: &str, text: &str) -> Result<i64, String> {
    match text.replace('_', "").parse() {
        Ok(count) if count >= 1 => Ok(count),
        Ok(count) => Err(format!("`{name}` is {count}, and must be 1 or more")),
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

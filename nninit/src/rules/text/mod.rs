//! Rules and steps from texts, for configuration files and command lines.

mod read;
mod scan;
mod table;
mod value;
pub(super) mod write;

use std::str::FromStr;

use self::read::Read;
use super::{Rule, Rules};
use crate::declare::Step;
use crate::{Error, Mistake};

impl FromStr for Step {
    type Err = Error;

    /// `kaiming_normal(mode=fan_out)`, `skip`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let read = read::step(without_mark(text));
        read.map_err(|message| mistake(text, message))
            .and_then(|read| match read.stream {
                None => Ok(read.step),
                Some(_) => Err(mistake(
                    text,
                    "`stream` belongs to a rule: `emb.weight => normal(stream=\"old.weight\")`"
                        .to_owned(),
                )),
            })
    }
}

impl FromStr for Rule {
    type Err = Error;

    /// `**.weight => kaiming_normal(mode=fan_out)`, `** if ndim < 2 = [zeros, ones(at=4..8)]`.
    fn from_str(text: &str) -> Result<Self, Error> {
        read::rule(without_mark(text).trim()).map_err(|message| mistake(text, message))
    }
}

impl FromStr for Rules {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut rules = Vec::new();
        let mut mistakes = Vec::new();
        let text = scan::without_comments(without_mark(text));
        for text in scan::pieces(&text, &['\n', ';']) {
            let text = text.trim();
            let text = text.strip_suffix(',').unwrap_or(text).trim_end();
            if text.is_empty() {
                continue;
            }
            match read::rule(text) {
                Ok(rule) => rules.push(rule),
                Err(message) => mistakes.push(Mistake::new(text, message)),
            }
        }
        if mistakes.is_empty() {
            Ok(Self {
                rules,
                ..Self::default()
            })
        } else {
            Err(Error::Text { mistakes })
        }
    }
}

/// Without the mark that some editors begin a file with.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn mistake(text: &str, message: String) -> Error {
    Error::Text {
        mistakes: vec![Mistake::new(text.trim(), message)],
    }
}

//! Rules and steps from texts, for configuration files and command lines.

mod read;
mod table;
mod value;

use std::str::FromStr;

use super::{Rule, Rules};
use crate::declare::Step;
use crate::{Error, Mistake};

impl FromStr for Step {
    type Err = Error;

    /// `kaiming_normal(mode=fan_out)`, `skip`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let read = read::step(text);
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
        read::rule(text).map_err(|message| mistake(text, message))
    }
}

impl FromStr for Rules {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut rules = Vec::new();
        let mut mistakes = Vec::new();
        let lines: Vec<&str> = text.lines().map(read::without_comment).collect();
        for text in read::pieces(&lines.join("\n"), &['\n', ';']) {
            let text = text.trim().trim_end_matches(',').trim_end();
            if text.is_empty() {
                continue;
            }
            match read::rule(text) {
                Ok(rule) => rules.push(rule),
                Err(message) => mistakes.push(Mistake {
                    text: text.to_owned(),
                    message,
                }),
            }
        }
        if mistakes.is_empty() {
            Ok(Self { rules })
        } else {
            Err(Error::Text { mistakes })
        }
    }
}

fn mistake(text: &str, message: String) -> Error {
    Error::Text {
        mistakes: vec![Mistake {
            text: text.trim().to_owned(),
            message,
        }],
    }
}

//! Rules, and the steps that they hold, as the texts that they are read from.

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::write;
use super::{Rule, Rules};
use crate::declare::Step;

fn no_text(what: &str, written: &str) -> String {
    format!(
        "the {what} `{written}` holds what is Rust's alone (a function, a distribution, a scheme of one's own), so no text can \
         stand for it"
    )
}

impl Serialize for Step {
    /// As its text, computed values as their numbers; an error where it holds a function or a scheme of one's own.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = write::step(self, None);
        serializer
            .serialize_str(&text.map_err(|written| S::Error::custom(no_text("step", &written)))?)
    }
}

impl Serialize for Rule {
    /// As its text, computed values as their numbers; an error where it holds a function or a scheme of one's own.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = write::rule(self);
        serializer
            .serialize_str(&text.map_err(|written| S::Error::custom(no_text("rule", &written)))?)
    }
}

impl Serialize for Rules {
    /// As a list of texts, in order; an error where a recipe stands beside them.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.by_kind.recipe.is_some() {
            let why =
                "the rules hold a recipe, which is Rust's alone, so no text can stand for them";
            return Err(S::Error::custom(why));
        }
        serializer.collect_seq(&self.rules)
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Rules {
    /// From a list of texts, or one text with a rule a line.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Texts)
    }
}

struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = Rules;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rules, or a text with one rule a line")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Rules, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Rules, A::Error> {
        let mut rules = Rules::new();
        while let Some(rule) = texts.next_element()? {
            rules = rules.rule(rule);
        }
        Ok(rules)
    }
}

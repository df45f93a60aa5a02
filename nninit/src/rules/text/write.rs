//! From steps and rules to texts that are read as the same again.

use std::fmt;

use super::{Read, read};
use crate::declare::{Spec, Step};
use crate::rules::{Rule, Rules};

impl fmt::Display for Step {
    /// `kaiming_normal(mode = "fan_out")`, as it is read from a text; what no text can hold (a function, a scheme of
    /// one's own) as it was written in Rust.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&step(self, None).unwrap_or_else(|as_written| as_written))
    }
}

impl fmt::Display for Rule {
    /// `**.weight if ndim >= 2 => normal(std = 0.02)`, as it is read from a text; what no text can hold as it was
    /// written in Rust.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&rule(self).unwrap_or_else(|as_written| as_written))
    }
}

impl fmt::Display for Rules {
    /// One rule a line; a recipe beside them is a comment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, rule) in self.rules.iter().enumerate() {
            let line_end = if position > 0 { "\n" } else { "" };
            write!(f, "{line_end}{rule}")?;
        }
        if self.by_kind.recipe.is_some() {
            let line_end = if self.rules.is_empty() { "" } else { "\n" };
            write!(f, "{line_end}# and what is left by kind of layer")?;
        }
        Ok(())
    }
}

/// A rule as a text, or as it was written where the text would not be read as the same rule.
pub(in crate::rules) fn rule(rule: &Rule) -> Result<String, String> {
    let (steps, readable) = steps(&rule.spec);
    let condition = rule.condition.as_ref();
    let condition = condition.map_or(String::new(), |condition| {
        format!(" if {}", condition.written)
    });
    let text = format!("{}{condition} => {steps}", pattern(&rule.pattern));
    let same = |read: Rule| {
        let accept_alike = (0..16).all(|ndim| read.accepts(ndim) == rule.accepts(ndim));
        accept_alike && read.spec.stream_name() == rule.spec.stream_name()
    };
    if readable && !text.contains('\n') && read::rule(&text).is_ok_and(same) {
        Ok(text)
    } else {
        Err(text)
    }
}

fn steps(spec: &Spec) -> (String, bool) {
    let mut stream = spec.stream_name();
    let mut readable = true;
    let texts: Vec<String> = spec
        .steps()
        .map(|one| {
            let named = if one.is_plain_skip() {
                None
            } else {
                stream.take()
            };
            step(one, named).unwrap_or_else(|as_written| {
                readable = false;
                as_written
            })
        })
        .collect();
    match &texts[..] {
        [one] => (one.clone(), readable),
        texts => (format!("[{}]", texts.join(", ")), readable),
    }
}

/// A step as a text, or as it was written where the text would not be read as the same step.
pub(in crate::rules) fn step(step: &Step, stream: Option<&str>) -> Result<String, String> {
    let stream = stream.map(|name| format!("stream = {}", quoted(name)));
    let modifiers = step.modifiers().given().map(|given| given.to_string());
    let settings: Vec<String> = modifiers.chain(stream).collect();
    let with_settings = |scheme: &str| match (&settings[..], scheme.strip_suffix(')')) {
        ([], _) => scheme.to_owned(),
        (settings, Some(open)) => format!("{open}, {})", settings.join(", ")),
        (settings, None) => format!("{scheme}({})", settings.join(", ")),
    };
    let same = |text: &String| {
        let same = |Read { step: read, .. }: Read| {
            read.label() == step.label() && read.modifiers() == step.modifiers()
        };
        step.failures().is_empty() && read::step(text).is_ok_and(same)
    };
    let as_written = with_settings(step.written());
    // Of a Rust expression the text holds the value.
    let computed = || step.label().map(|label| with_settings(&label)).filter(same);
    match Some(as_written.clone()).filter(same).or_else(computed) {
        Some(text) => Ok(text),
        None => Err(as_written),
    }
}

/// A pattern, in quotes where it would not be read as one without.
fn pattern(pattern: &str) -> String {
    let plain = |c: char| {
        !c.is_whitespace() && !matches!(c, '"' | '\'' | '#' | ';' | '=' | '>' | '(' | ')')
    };
    if pattern.chars().all(plain) {
        return pattern.to_owned();
    }
    let mut text = String::from('"');
    let mut escaped = false;
    for c in pattern.chars() {
        if c == '"' && !escaped {
            text.push('\\');
        }
        escaped = c == '\\' && !escaped;
        text.push(c);
    }
    text + "\""
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

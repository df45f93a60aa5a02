//! From text to steps and rules. Every message says what is wrong and what to write.

use nninit_language::schemes::{Scheme, Trait};
use nninit_language::sentences::{self, Place};
use nninit_language::values::Takes;
use nninit_language::words::{self, Modifier};

use super::table::{self, Make};
use super::value::{self, Arguments};
use crate::Nonlinearity;
use crate::blueprint::pattern;
use crate::declare::{Spec, Step};
use crate::rules::Rule;

/// A step, and the stream that it names.
pub(super) struct Read {
    pub(super) step: Step,
    pub(super) stream: Option<String>,
}

/// `PATTERN [if ndim OP N] => STEP` or `=> [STEP, …]`.
pub(super) fn rule(text: &str) -> Result<Rule, String> {
    let (before, steps) = halves(text)?;
    let (pattern, condition) = match before.split_once(" if ") {
        Some((pattern, condition)) => (pattern.trim(), Some(condition.trim())),
        None => (before, None),
    };
    let pattern = value::unquoted(pattern);
    if let Some(complaint) = pattern::complaint(pattern) {
        return Err(format!("the pattern is malformed: {complaint}"));
    }
    let rule = Rule::new(pattern, self::steps(steps.trim())?);
    Ok(match condition {
        Some(condition) => {
            let test = self::condition(condition)?;
            rule.when(condition, test)
        }
        None => rule,
    })
}

/// What stands before `=>` (or the first `=` that is no comparison) and after it.
fn halves(text: &str) -> Result<(&str, &str), String> {
    let arrow = text.split_once("=>").or_else(|| {
        let is_comparison = |at: usize| {
            text[at + 1..].starts_with('=') || text[..at].ends_with(['=', '<', '>', '!'])
        };
        let (at, _) = text
            .match_indices('=')
            .find(|&(at, _)| !is_comparison(at))?;
        Some((&text[..at], &text[at + 1..]))
    });
    match arrow {
        Some((pattern, steps)) if !pattern.trim().is_empty() && !steps.trim().is_empty() => {
            Ok((pattern.trim(), steps))
        }
        _ => Err(
            "a rule is a pattern and what the variables that it matches get: `**.bias => zeros`, or `=> skip` to leave them"
                .to_owned(),
        ),
    }
}

/// A comparison's sign, and what it means.
type Comparison = (&'static str, fn(&usize, &usize) -> bool);

fn condition(text: &str) -> Result<impl Fn(usize) -> bool + 'static, String> {
    let compare: [Comparison; 6] = [
        (">=", usize::ge),
        ("<=", usize::le),
        ("==", usize::eq),
        ("!=", usize::ne),
        (">", usize::gt),
        ("<", usize::lt),
    ];
    let parsed = text.strip_prefix("ndim").and_then(|rest| {
        compare.iter().find_map(|(sign, compare)| {
            let number: usize = rest.trim().strip_prefix(sign)?.trim().parse().ok()?;
            Some((*compare, number))
        })
    });
    match parsed {
        Some((compare, number)) => Ok(move |ndim: usize| compare(&ndim, &number)),
        None => Err(format!(
            "a condition compares `ndim` with a number, as in `if ndim >= 2`, and `{text}` does not"
        )),
    }
}

fn steps(text: &str) -> Result<Spec, String> {
    let list = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let texts = match list {
        Some(list) => pieces(list, &[',']),
        None => vec![text],
    };
    let mut spec = Spec::new();
    let mut named = false;
    let mut first_skips = None;
    for text in texts.into_iter().filter(|text| !text.trim().is_empty()) {
        let Read { step, stream } = step(text)?;
        if let Some(stream) = stream {
            if std::mem::replace(&mut named, true) {
                return Err(sentences::STREAM_TWICE.to_owned());
            }
            spec = spec.stream(stream);
        }
        match first_skips {
            None if step.covers_a_region() => {
                return Err(sentences::REGION_FIRST.to_owned());
            }
            None => first_skips = Some(step.is_plain_skip()),
            Some(_) if step.is_plain_skip() => {
                return Err("`skip` comes first or not at all".to_owned());
            }
            Some(true) if !step.covers_a_region() => {
                return Err(
                    "after `skip` only regions are written: `[skip, ones(at=0)]`".to_owned(),
                );
            }
            Some(_) => {}
        }
        spec = spec.step(step);
    }
    if first_skips.is_none() {
        return Err(sentences::NO_STEPS.to_owned());
    }
    Ok(spec)
}

/// `SCHEME [(NAME=VALUE, …)]`.
pub(super) fn step(text: &str) -> Result<Read, String> {
    let text = text.trim();
    let (name, inside) = match text.split_once('(') {
        None => (text, ""),
        Some((name, rest)) => match rest.strip_suffix(')') {
            Some(inside) => (name.trim_end(), inside),
            None => return Err("`(` is never closed".to_owned()),
        },
    };
    let items: Vec<&str> = pieces(inside, &[','])
        .into_iter()
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .collect();
    match name {
        "skip" if items.is_empty() => {
            return Ok(Read {
                step: Step::skip(),
                stream: None,
            });
        }
        "skip" => return Err("`skip` takes no parameters and no modifiers".to_owned()),
        word if words::step_word(word).is_some_and(|word| word.takes_expression) => {
            return Err(format!(
                "`{name}` takes a Rust expression, which a text cannot hold; use `rules!`"
            ));
        }
        _ => {}
    }
    let found = table::find(name);
    let (scheme, make) = found.ok_or_else(|| sentences::unknown_scheme(name, Place::Text))?;
    Draft::default().step(scheme, make, &items)
}

/// A scheme as far as it is read.
#[derive(Default)]
struct Draft {
    seen: Vec<String>,
    arguments: Arguments,
    shown: Vec<String>,
    stream: Option<String>,
}

impl Draft {
    fn step(mut self, scheme: &'static Scheme, make: Make, items: &[&str]) -> Result<Read, String> {
        let mut modifiers: Vec<(&Modifier, Option<&str>)> = Vec::new();
        for item in items {
            let (name, text) = match item.split_once('=') {
                Some((name, text)) => (name.trim(), Some(text.trim())),
                None => (*item, None),
            };
            if self.seen.iter().any(|seen| seen == name) {
                return Err(sentences::given_twice(name));
            }
            self.seen.push(name.to_owned());
            if let Some(parameter) = scheme.parameter(name) {
                self.shown.push(self.arguments.give(parameter, text)?);
            } else if let Some(modifier) = words::find_modifier(name) {
                modifiers.push((modifier, text));
            } else if let Some(setting) = words::find_setting(name) {
                let text = text.ok_or_else(|| sentences::needs_a_value(setting.name))?;
                self.stream = Some(value::unquoted(text).to_owned());
            } else {
                return Err(sentences::unknown_parameter(scheme, name));
            }
        }
        self.check(scheme)?;
        let written = match &self.shown[..] {
            [] => scheme.name.to_owned(),
            shown => format!("{}({})", scheme.name, shown.join(", ")),
        };
        let mut step = Step::shared_as(written, make(&self.arguments));
        for (modifier, text) in modifiers {
            if modifier.corrects_fans && !scheme.has(Trait::Fans) {
                return Err(sentences::corrects_no_fans(modifier.name, scheme.name));
            }
            step = modify(step, modifier, text)?;
        }
        Ok(Read {
            step,
            stream: self.stream,
        })
    }

    fn check(&self, scheme: &Scheme) -> Result<(), String> {
        for parameter in scheme.parameters {
            if parameter.is_required() && !self.arguments.has(parameter.name) {
                return Err(sentences::required(scheme.name, parameter.name));
            }
        }
        let bound = |name: &str| self.arguments.number(name).map(Ok);
        if let Some(message) = sentences::interval(scheme, bound) {
            return Err(message);
        }
        match self.arguments.nonlinearity("nonlinearity") {
            Some(other)
                if scheme.has(Trait::Slope)
                    && self.arguments.has("a")
                    && other != Nonlinearity::LeakyRelu =>
            {
                Err(sentences::slope(format_args!("{:?}", other.name())))
            }
            _ => Ok(()),
        }
    }
}

fn modify(step: Step, modifier: &Modifier, text: Option<&str>) -> Result<Step, String> {
    let name = modifier.name;
    let text = match (modifier.takes, text) {
        (Takes::Flag, Some(_)) => return Err(sentences::stands_alone(name)),
        (Takes::Flag, None) => "",
        (_, None) => return Err(sentences::needs_a_value(name)),
        (_, Some(text)) => text,
    };
    Ok(match name {
        "at" => {
            let region = value::region(text)?;
            step.at(|| Ok(region))
        }
        "chunks" => {
            let chunks = value::count(name, text)?;
            step.chunks(|| Ok(chunks))
        }
        "groups" => {
            let groups = value::count(name, text)?;
            step.groups(|| Ok(groups))
        }
        "scale" => {
            let scale = value::number(name, text)?;
            step.scale(|| Ok(scale))
        }
        "fan_of" => {
            let shape = value::shape(text)?;
            step.fan_of(|| Ok(shape))
        }
        "transposed" => step.transposed(),
        _ => return Err(format!("`{name}` cannot be told in a text; use `rules!`")),
    })
}

/// The pieces between separators that stand outside of brackets and quotes.
pub(super) fn pieces<'a>(text: &'a str, separators: &[char]) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let (mut depth, mut quote, mut start) = (0_i32, None, 0);
    for (at, c) in text.char_indices() {
        if let Some(open) = quote {
            quote = Some(open).filter(|_| open != c && c != '\n');
            continue;
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            c if separators.contains(&c) && depth <= 0 => {
                pieces.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// A line without what `#` begins.
pub(super) fn without_comment(line: &str) -> &str {
    let comment = line.match_indices('#').find(|&(at, _)| {
        line[..at]
            .chars()
            .next_back()
            .is_none_or(char::is_whitespace)
    });
    comment.map_or(line, |(at, _)| &line[..at])
}

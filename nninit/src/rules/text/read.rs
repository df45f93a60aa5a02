//! From text to steps and rules. Every message says what is wrong and what to write.

use nninit_language::patterns;
use nninit_language::schemes::{Scheme, Trait};
use nninit_language::sentences::{self, Place};
use nninit_language::values::Takes;
use nninit_language::words::{self, Modifier};

use super::scan;
use super::table::{self, Make};
use super::value::{self, Arguments};
use crate::Nonlinearity;
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
    let (pattern, condition) = match scan::word(before, "if") {
        Some((pattern, condition)) => (pattern.trim(), Some(condition.trim())),
        None => (before, None),
    };
    let pattern = self::pattern(pattern)?;
    if let Some(complaint) = patterns::complaint(pattern) {
        return Err(sentences::malformed_pattern(complaint));
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
    let at = |at: usize, sign: &str| (text[..at].trim(), &text[at + sign.len()..]);
    let is_comparison =
        |at: usize| text[at + 1..].starts_with('=') || text[..at].ends_with(['=', '<', '>', '!']);
    let arrow = scan::find(text, |rest| rest.starts_with("=>"))
        .map(|place| at(place, "=>"))
        .or_else(|| {
            let mut signs = scan::open(text).filter(|&(at, c)| c == '=' && !is_comparison(at));
            signs.next().map(|(place, _)| at(place, "="))
        });
    match arrow {
        Some((pattern, steps)) if !pattern.is_empty() && !steps.trim().is_empty() => {
            Ok((pattern, steps))
        }
        _ => Err(
            "a rule is a pattern and what the variables that it matches get: `**.bias => zeros`, or `=> skip` to leave them"
                .to_owned(),
        ),
    }
}

/// A pattern, in quotes or without spaces.
fn pattern(text: &str) -> Result<&str, String> {
    match scan::quoted(text)? {
        Some((pattern, "")) => Ok(pattern),
        Some((_, rest)) => Err(format!(
            "`{}` stands after the pattern; a condition is written `if ndim >= 2`",
            rest.trim()
        )),
        None if text.contains(char::is_whitespace) => Err(
            "a pattern with a space stands in quotes, and a condition behind `if`: `** if ndim >= 2 => …`"
                .to_owned(),
        ),
        None => Ok(text),
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
        Some(list) => scan::items(list)?,
        None => vec![text],
    };
    let mut spec = Spec::new();
    let mut named = false;
    let mut first_skips = None;
    for text in texts {
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
    let word = text.split(['(', '=']).next().unwrap_or(text).trim_end();
    if words::takes_rust(word) {
        return Err(sentences::rust_value(word));
    }
    let (name, inside) = match text.split_once('(') {
        None => (text, ""),
        Some((name, rest)) => (name.trim_end(), scan::closed(rest)?),
    };
    let items = scan::items(inside)?;
    if name.is_empty() {
        return Err("a scheme stands without parentheses around it".to_owned());
    }
    if name == "skip" {
        return if items.is_empty() {
            Ok(Read {
                step: Step::skip(),
                stream: None,
            })
        } else {
            Err("`skip` takes no parameters and no modifiers".to_owned())
        };
    }
    let found = table::find(name);
    let (scheme, make) = found.ok_or_else(|| sentences::unknown_scheme(name, Place::Text))?;
    Details::default().step(scheme, make, &items)
}

/// The parameters and modifiers of a step, as far as they are read.
#[derive(Default)]
struct Details {
    seen: Vec<String>,
    arguments: Arguments,
    shown: Vec<String>,
    stream: Option<String>,
}

impl Details {
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
            if words::takes_rust(name) {
                return Err(sentences::rust_value(name));
            }
            if let Some(parameter) = scheme.parameter(name) {
                self.shown.push(self.arguments.give(parameter, text)?);
            } else if let Some(modifier) = words::find_modifier(name) {
                modifiers.push((modifier, text));
            } else if let Some(setting) = words::find_setting(name) {
                let text = text.ok_or_else(|| sentences::needs_a_value(setting.name))?;
                self.stream = Some(match scan::quoted(text)? {
                    Some((name, "")) => scan::without_escapes(name),
                    Some((_, rest)) => {
                        return Err(format!("`{}` stands after the name", rest.trim()));
                    }
                    None => text.to_owned(),
                });
                if self.stream.as_ref().is_some_and(String::is_empty) {
                    return Err(sentences::STREAM_UNNAMED.to_owned());
                }
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
        let lays_out = scheme.has(Trait::Matrix) || self.seen.iter().any(|seen| seen == "chunks");
        for (modifier, text) in modifiers {
            if modifier.needs_fans(lays_out) && !scheme.has(Trait::Fans) {
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
            if parameter.required && !self.arguments.has(parameter.name) {
                return Err(sentences::required(scheme.name, parameter.name));
            }
        }
        for (by, name) in scheme.replacements() {
            if self.arguments.has(by) && self.arguments.has(name) {
                return Err(sentences::replaced(by, name));
            }
        }
        for (name, missing) in scheme.dependents() {
            if self.arguments.has(name) && !self.arguments.has(missing) {
                return Err(sentences::goes_with(name, missing));
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
        "at" => step.at(value::region(text)?),
        "batch" => step.batch(value::whole(name, modifier.takes, text)?),
        "repeat" => step.repeat(value::count(name, text)?),
        "chunks" => step.chunks(value::count(name, text)?),
        "groups" => step.groups(value::count(name, text)?),
        "scale" => step.scale(value::number(name, modifier.takes, text)?),
        "fan_of" => step.fan_of(value::shape(text)?),
        "transposed" => step.transposed(),
        _ => return Err(format!("`{name}` cannot be told in a text; use `rules!`")),
    })
}

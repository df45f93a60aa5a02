//! From text to steps and rules. Every message says what is wrong and what to write.

use super::table::{SCHEMES, Scheme};
use super::value::{self, Arguments};
use crate::__private::nearest::nearest;
use crate::blueprint::pattern;
use crate::rules::Rule;
use crate::{Spec, Step};

/// A step, and the stream that it names.
pub(super) struct Read {
    pub(super) step: Step,
    pub(super) stream: Option<String>,
}

/// What goes with any scheme.
pub(crate) const MODIFIERS: &[&str] = &[
    "at",
    "chunks",
    "groups",
    "transposed",
    "fan_of",
    "scale",
    "stream",
];

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
                return Err("`stream` is given twice; it names the bits of the parameter, once for all steps".to_owned());
            }
            spec = spec.stream(stream);
        }
        match first_skips {
            None if step.covers_a_region() => {
                return Err(
                    "the first step writes a region, and nothing says what the rest holds; put a step before it: `[zeros, …]`, or `[skip, …]`"
                        .to_owned(),
                );
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
        return Err(
            "the list is empty; write `skip` to leave what the pattern matches as it is".to_owned(),
        );
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
        "with" | "sample" => {
            return Err(format!(
                "`{name}` takes a Rust expression, which a text cannot hold; use `rules!`"
            ));
        }
        _ => {}
    }
    let scheme = Scheme::find(name).ok_or_else(|| unknown_scheme(name))?;
    Draft::default().step(scheme, &items)
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
    fn step(mut self, scheme: &'static Scheme, items: &[&str]) -> Result<Read, String> {
        let mut modifiers: Vec<(&str, Option<&str>)> = Vec::new();
        for item in items {
            let (name, text) = match item.split_once('=') {
                Some((name, text)) => (name.trim(), Some(text.trim())),
                None => (*item, None),
            };
            if self.seen.iter().any(|seen| seen == name) {
                return Err(format!("`{name}` is given twice"));
            }
            self.seen.push(name.to_owned());
            match (scheme.parameter(name), text) {
                (Some(parameter), Some(text)) => {
                    let shown = self.arguments.give(parameter.name, parameter.kind, text)?;
                    self.shown.push(format!("{name} = {shown}"));
                }
                (Some(_), None) => return Err(format!("`{name}` needs a value: `{name}=…`")),
                (None, text) if MODIFIERS.contains(&name) => modifiers.push((name, text)),
                (None, _) => return Err(unknown_parameter(scheme, name)),
            }
        }
        self.check(scheme)?;
        let written = match &self.shown[..] {
            [] => scheme.name.to_owned(),
            shown => format!("{}({})", scheme.name, shown.join(", ")),
        };
        let mut step = Step::shared_as(written, (scheme.make)(&self.arguments));
        for (name, text) in modifiers {
            step = self.modify(step, name, text)?;
        }
        Ok(Read {
            step,
            stream: self.stream,
        })
    }

    fn check(&self, scheme: &Scheme) -> Result<(), String> {
        for parameter in scheme.parameters {
            if parameter.required && !self.arguments.has(parameter.name) {
                return Err(format!(
                    "`{0}` needs `{1}`: `{0}({1}=…)`",
                    scheme.name, parameter.name
                ));
            }
        }
        if let (Some(a), Some(b)) = (self.arguments.number("a"), self.arguments.number("b"))
            && a > b
        {
            return Err(format!("`a` is {a}, above `b`, which is {b}"));
        }
        let nonlinearity = self.arguments.nonlinearity("nonlinearity");
        match nonlinearity {
            Some(other) if self.arguments.has("a") && other != crate::Nonlinearity::LeakyRelu => {
                Err(format!(
                    "`a` is the slope of `leaky_relu`; it means nothing beside `nonlinearity={}`",
                    other.name()
                ))
            }
            _ => Ok(()),
        }
    }

    fn modify(&mut self, step: Step, name: &str, text: Option<&str>) -> Result<Step, String> {
        let Some(text) = text else {
            return match name {
                "transposed" => Ok(step.transposed()),
                _ => Err(format!("`{name}` needs a value: `{name}=…`")),
            };
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
            "stream" => {
                self.stream = Some(value::unquoted(text).to_owned());
                step
            }
            _ => return Err(format!("`{name}` stands alone, without a value")),
        })
    }
}

fn unknown_scheme(name: &str) -> String {
    let known: Vec<&'static str> = SCHEMES
        .iter()
        .map(|scheme| scheme.name)
        .chain(["skip"])
        .collect();
    let found = nearest(name, &known);
    match found {
        Some(near) => format!("unknown scheme `{name}`; did you mean `{near}`?"),
        None => format!(
            "unknown scheme `{name}`; expected one of `{}`",
            known.join("`, `")
        ),
    }
}

fn unknown_parameter(scheme: &Scheme, name: &str) -> String {
    let own: Vec<&'static str> = scheme.parameters.iter().map(|p| p.name).collect();
    let known: Vec<&'static str> = own.iter().chain(MODIFIERS).copied().collect();
    let scheme = scheme.name;
    match (nearest(name, &known), &own[..]) {
        (Some(near), _) => {
            format!("`{scheme}` has no parameter `{name}`; did you mean `{near}`?")
        }
        (None, []) => format!("`{scheme}` takes no parameters, so no `{name}`"),
        (None, own) => format!(
            "`{scheme}` has no parameter `{name}`; it takes `{}`",
            own.join("`, `")
        ),
    }
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

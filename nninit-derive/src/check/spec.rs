//! What stands inside `#[init(…)]` of a field, and inside the parentheses of a part: one step, or parts.

use nninit_language::sentences::{self, Place};
use nninit_language::words::{self, STRUCT_SETTINGS};
use nninit_language::{kinds, schemes};
use syn::Expr;

use super::step::{self, second_step};
use super::value;
use crate::errors::{Errors, Reported};
use crate::model::{Said, Spec, Step, What};
use crate::parse::{Body, Item, List, Name, inside_parentheses};
use crate::text;

/// All the attributes of one field.
pub(super) fn spec(attributes: Vec<Result<List, Reported>>, errors: &mut Errors) -> Spec {
    let mut spec = Spec::default();
    let mut checked = Ok(());
    for list in attributes {
        match list {
            Ok(list) => {
                let Spec {
                    said,
                    stream,
                    wrong,
                } = content(list, errors);
                spec.said.extend(said);
                spec.wrong = spec.wrong.or(wrong);
                checked = checked.and(set_stream(&mut spec.stream, stream, errors));
            }
            Err(reported) => spec.wrong = Some(reported),
        }
    }
    checked = checked.and(skips(&[&spec], errors));
    spec.wrong = spec.wrong.or(checked.err());
    spec
}

pub(super) fn content(list: List, errors: &mut Errors) -> Spec {
    let unread = list.wrong;
    let Sorted {
        head,
        after,
        parts,
        mut stream,
        mut wrong,
    } = sort(list, errors);
    let mut said = Vec::new();
    match head {
        Some(head) => {
            let mixed = step::label(&head);
            let skips = head.name.is("skip");
            let checked = step::step(head, after, errors);
            let streams = set_stream(&mut stream, checked.stream, errors);
            wrong = wrong.or(streams.err());
            match checked.step {
                Ok(step) if unread.is_none() => said.push(Said::Step(step)),
                Ok(_) => {}
                Err(reported) => wrong = Some(reported),
            }
            // The parts named beside `skip` are its exceptions.
            if let Some((part, _)) = parts.first().filter(|_| !skips) {
                wrong = Some(errors.at(part.span, mix(&mixed, part)));
            }
        }
        None => wrong = wrong.or(orphans(&after, &parts, unread, errors).err()),
    }
    for (name, list) in parts {
        if kinds::find(&name.text).is_some_and(|kind| kind.layer.is_some()) {
            wrong = Some(errors.at(name.span, kinds::on_a_field(&name.text)));
            continue;
        }
        if said
            .iter()
            .any(|said| matches!(said, Said::Part(known, _) if known.text == name.text))
        {
            let message = format!(
                "`{0}` is given twice; two steps are two attributes: `#[init({0}(…))] #[init({0}(…))]`",
                name.text
            );
            wrong = Some(errors.at(name.span, message));
        }
        let inside = content(list, errors);
        wrong = wrong.or(inside.wrong);
        said.push(Said::Part(name, inside));
    }
    Spec {
        said,
        stream,
        wrong,
    }
}

/// The items of one attribute by what they are.
struct Sorted {
    head: Option<Item>,
    /// Parameters and modifiers of the head.
    after: Vec<Item>,
    parts: Vec<(Name, List)>,
    stream: Option<(Name, Expr)>,
    wrong: Option<Reported>,
}

fn sort(list: List, errors: &mut Errors) -> Sorted {
    let mut sorted = Sorted {
        head: None,
        after: Vec::new(),
        parts: Vec::new(),
        stream: None,
        wrong: list.wrong,
    };
    for Item { name, body } in list.items {
        let item = Item { name, body };
        let begins = step::begins(&item);
        match (&sorted.head, item) {
            // PART(…)
            (
                _,
                Item {
                    name,
                    body: Body::List(inside),
                },
            ) if !begins => sorted.parts.push((name, inside)),
            // SCHEME, skip, with = EXPR, sample = EXPR, …
            (None, item) if begins => {
                if let Some(early) = sorted.after.first() {
                    let (name, parameter) = (&item.name.text, &early.name.text);
                    let message = format!("the scheme comes first: `{name}, {parameter} = …`");
                    sorted.wrong = Some(errors.at(early.name.span, message));
                }
                sorted.head = Some(item);
            }
            (Some(head), item) if begins && schemes::begins_step(&item.name.text) => {
                let message = second_step(&step::label(head), &step::label(&item));
                sorted.wrong = Some(errors.at(item.name.span, message));
            }
            // stream = "name", beside parts or alone
            (
                None,
                Item {
                    name,
                    body: Body::Value(key),
                },
            ) if name.is("stream") => {
                let streams = set_stream(&mut sorted.stream, Some((name, *key)), errors);
                sorted.wrong = sorted.wrong.or(streams.err());
            }
            // param = value
            (_, item) => sorted.after.push(item),
        }
    }
    sorted
}

/// Parameters without a scheme.
fn orphans(
    after: &[Item],
    parts: &[(Name, List)],
    unread: Option<Reported>,
    errors: &mut Errors,
) -> Result<(), Reported> {
    let Some(Item { name, body }) = after.first() else {
        return Ok(());
    };
    // The scheme may be what could not be read.
    if let Some(reported) = unread {
        return Err(reported);
    }
    if let Body::Wrong(reported) = body {
        return Err(*reported);
    }
    let name_text = &name.text;
    let message = match (name_text.as_str(), parts.first()) {
        (setting, _) if STRUCT_SETTINGS.contains(&setting) => {
            format!("`{name_text}` belongs on the struct, not on a field")
        }
        (_, Some((part, _))) => {
            format!(
                "a parameter goes inside the part that it is of: `{}(SCHEME, {name_text} = …)`",
                part.text
            )
        }
        (flag, None) if schemes::is_flag(flag) => {
            format!("which scheme? `{flag}` comes after one: `SCHEME, {flag}`")
        }
        (known, None) if schemes::is_parameter(known) => {
            format!("which scheme? `{name_text}` comes after one: `SCHEME, {name_text} = …`")
        }
        (name, None) => match (scheme_in(body), schemes::find(name)) {
            // scheme = xavier_uniform
            (Some(value), None) if NOT_NEEDED.contains(&name) => {
                format!("write `{value}`, without `{name} =`")
            }
            (Some(value), None) if !words::goes_with_any_scheme(name) => {
                inside_parentheses(name, &value)
            }
            (_, Some(_)) => {
                format!(
                    "the parameters of `{name}` stand behind it: `{name}, param = …`, or `{name}(param = …)`"
                )
            }
            _ => sentences::unknown_scheme(name, Place::Tokens),
        },
    };
    Err(errors.at(name.span, message))
}

/// Names that some put before the scheme.
const NOT_NEEDED: [&str; 4] = ["scheme", "init", "initializer", "method"];

/// The scheme that stands where a value would: `weight = xavier_uniform`, also in quotes or called.
fn scheme_in(body: &Body) -> Option<String> {
    let Body::Value(value) = body else {
        return None;
    };
    let written = match (value::string(value), &**value) {
        (Some(text), _) => text.value(),
        (None, Expr::Call(call)) => {
            let inside = if call.args.is_empty() { "" } else { "(…)" };
            return named_scheme(&text::expression(&call.func)).map(|name| name + inside);
        }
        (None, Expr::Path(_)) => text::expression(value),
        _ => return None,
    };
    named_scheme(&written)
}

fn named_scheme(written: &str) -> Option<String> {
    let name = written.rsplit("::").next().unwrap_or(written).trim();
    schemes::begins_step(name).then(|| name.to_owned())
}

fn mix(scheme: &str, part: &Name) -> String {
    let name = &part.text;
    if schemes::is_parameter(name) {
        return sentences::needs_a_value(name);
    }
    format!(
        "a scheme and parts do not mix in one attribute; give every part its own: `weight({scheme}), {name}(…)`"
    )
}

pub(crate) fn set_stream(
    stream: &mut Option<(Name, Expr)>,
    new: Option<(Name, Expr)>,
    errors: &mut Errors,
) -> Result<(), Reported> {
    match (&stream, new) {
        (Some(_), Some((name, _))) => Err(errors.at(name.span, sentences::STREAM_TWICE)),
        (None, Some((_, name)))
            if value::string(&name).is_some_and(|text| text.value().is_empty()) =>
        {
            Err(errors.over(name, sentences::STREAM_UNNAMED))
        }
        (None, Some(new)) => {
            *stream = Some(new);
            Ok(())
        }
        (_, None) => Ok(()),
    }
}

/// `skip` comes first or not at all, and after it only regions are written.
pub(crate) fn skips(specs: &[&Spec], errors: &mut Errors) -> Result<(), Reported> {
    let mut checked = Ok(());
    let steps: Vec<&Step> = specs.iter().flat_map(|spec| spec.steps()).collect();
    let skipped = steps.iter().any(|step| step.is_skip());
    if let Some((first, rest)) = steps.split_first().filter(|_| skipped) {
        for step in rest
            .iter()
            .filter(|step| step.is_skip() || !first.is_skip() || step.modifier("at").is_none())
        {
            if step.is_skip() && first.is_skip() {
                checked = Err(errors.at(step.span, "`skip` is given twice"));
            } else if step.is_skip() || first.is_skip() {
                checked = Err(errors.at(step.span, second_step(name(first), name(step))));
            }
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in specs.iter().flat_map(|spec| spec.parts()) {
        if !names.contains(&name.text.as_str()) {
            names.push(&name.text);
        }
    }
    for wanted in names {
        let parts = specs
            .iter()
            .flat_map(|spec| spec.parts())
            .filter(|(name, _)| name.is(wanted));
        let parts: Vec<&Spec> = parts.map(|(_, spec)| spec).collect();
        checked = checked.and(skips(&parts, errors));
    }
    checked
}

fn name(step: &Step) -> &'static str {
    match &step.what {
        What::Scheme(call) => call.scheme.name,
        What::With(_) => "with",
        What::Sample(_) => "sample",
        What::Copy(_) => "copy",
        What::ByIndex(_) => "by_index",
        What::Skip => "skip",
    }
}

//! From rules as written to what they mean; everything that is wrong is collected on the way.

use nninit_language::patterns;
use nninit_language::sentences::{self, REGION_FIRST, malformed_pattern};
use nninit_language::words::{self, PARTS};
use quote::quote;
use syn::{Expr, LitStr};

use super::parse::Written;
use crate::check::{spec, step, value};
use crate::errors::{Errors, Reported};
use crate::model::{Said, Spec};
use crate::parse::{Body, Item, List};
use crate::{receiver, text};

/// A rule that is right as far as can be told here.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) pattern: Expr,
    pub(super) condition: Option<Expr>,
    pub(super) spec: Spec,
}

pub(super) fn rules(written: Vec<Written>, errors: &mut Errors) -> Vec<Rule> {
    let mut seen: Vec<String> = Vec::new();
    let mut rules = Vec::new();
    for Written {
        pattern,
        condition,
        steps,
    } in written
    {
        let mut wrong = None;
        let words = text::expression(quote!(#pattern #condition));
        if seen.contains(&words) {
            let message =
                "the pattern is given twice, and the first rule that matches wins; remove one";
            wrong = Some(errors.over(&pattern, message));
        }
        seen.push(words);
        let literal = value::string(&pattern);
        if let Some(complaint) = literal.and_then(|text| patterns::complaint(&text.value())) {
            wrong = Some(errors.over(&pattern, malformed_pattern(complaint)));
        }
        if let Some(condition) = &condition {
            wrong = wrong.or(check_condition(condition, errors).err());
        }
        let spec = steps_of(steps, errors);
        wrong = wrong.or(check_stream(&pattern, &spec, errors).err());
        if wrong.or(spec.wrong).is_none() {
            rules.push(Rule {
                pattern,
                condition,
                spec,
            });
        }
    }
    rules
}

fn check_condition(condition: &Expr, errors: &mut Errors) -> Result<(), Reported> {
    if receiver::find(quote!(#condition), "ndim").is_none() {
        let message = "a condition looks at `ndim`, the number of dimensions, as in `if ndim >= 2`";
        return Err(errors.over(condition, message));
    }
    Ok(())
}

fn steps_of(list: List, errors: &mut Errors) -> Spec {
    let mut spec = Spec {
        wrong: list.wrong,
        ..Spec::default()
    };
    let mut items = list.items.into_iter().peekable();
    while let Some(item) = items.next() {
        if let Some(message) = part(&item) {
            spec.wrong = Some(errors.at(item.name.span, message));
            continue;
        }
        // `copy = EXPR` has no parentheses, so its modifiers follow it.
        let mut after = Vec::new();
        if matches!(item.body, Body::Value(_)) {
            while let Some(modifier) =
                items.next_if(|next| !step::begins(next) && is_modifier(next))
            {
                after.push(modifier);
            }
        }
        let checked = step::step(item, after, errors);
        let stream = spec::set_stream(&mut spec.stream, checked.stream, errors);
        spec.wrong = spec.wrong.or(stream.err());
        match checked.step {
            Ok(step) => spec.said.push(Said::Step(step)),
            Err(reported) => spec.wrong = Some(reported),
        }
    }
    spec.wrong = spec.wrong.or(spec::skips(&[&spec], errors).err());
    let first_region = spec.steps().next().and_then(|first| first.modifier("at"));
    if let Some(place) = first_region.map(|at| at.ident.span()) {
        spec.wrong = Some(errors.at(place, REGION_FIRST));
    }
    spec
}

fn is_modifier(item: &Item) -> bool {
    words::goes_with_any_scheme(&item.name.text) && !matches!(item.body, Body::List(_))
}

/// What is said of a part: in the derive's grammar a name before parentheses may be one.
fn part(item: &Item) -> Option<String> {
    let name = &item.name.text;
    if words::takes_rust(name) && matches!(item.body, Body::List(_)) {
        return Some(sentences::value_missing(name));
    }
    let is_part = match &item.body {
        Body::Bare => PARTS.contains(&name.as_str()),
        Body::List(_) => !step::begins(item),
        Body::Value(_) | Body::Wrong(_) => false,
    };
    if is_part {
        return Some(format!(
            "a pattern names tensors, so a rule holds steps and no parts; name the part in the pattern: `\"**.{name}\" => …`"
        ));
    }
    (matches!(item.body, Body::Value(_)) && !step::begins(item)).then(|| {
        format!("which scheme? `{name}` goes inside its parentheses: `SCHEME({name} = …)`")
    })
}

/// One name for the bits of several parameters would give them the same values.
fn check_stream(pattern: &Expr, spec: &Spec, errors: &mut Errors) -> Result<(), Reported> {
    let wild = value::string(pattern).is_some_and(is_wild);
    if let Some((name, _)) = spec.stream.as_ref().filter(|_| wild) {
        let message = "`stream` names the bits of one parameter, and the pattern can match several; write the variable's whole name";
        return Err(errors.at(name.span, message));
    }
    Ok(())
}

fn is_wild(pattern: &LitStr) -> bool {
    pattern.value().contains(['*', '?', '[', '{'])
}

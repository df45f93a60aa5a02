//! `STEP := SCHEME [(param = value, …)] | skip | with = EXPR | sample = EXPR | copy = EXPR | by_index = EXPR`, with its
//! modifiers.

use nninit_language::schemes::{self, Scheme, Trait};
use nninit_language::sentences::{self, Place};
use nninit_language::values::Takes;
use nninit_language::words::{self, PARTS};
use proc_macro2::{Ident, Span};
use syn::Expr;

use super::combinations::{self, Given};
use super::value;
use crate::errors::{Errors, Reported};
use crate::model::{Argument, Call, Modifier, Step, Value, What};
use crate::parse::{Body, Item, List, Name};
use crate::text;

/// A step, and the stream that it names for its parameter.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) step: Result<Step, Reported>,
    pub(crate) stream: Option<(Name, Expr)>,
}

/// Whether the item begins a step; if not, it is a parameter or a part.
pub(crate) fn begins(item: &Item) -> bool {
    let is_scheme = schemes::find(&item.name.text).is_some();
    match &item.body {
        Body::Bare => !schemes::is_flag(&item.name.text),
        Body::Value(_) | Body::Wrong(_) => takes_expression(&item.name),
        Body::List(list) => match list.items.first() {
            None => true,
            Some(Item {
                name,
                body: Body::Value(_) | Body::Wrong(_),
            }) => is_scheme || !takes_expression(name) && words::find_setting(&name.text).is_none(),
            Some(first) => schemes::is_flag(&first.name.text) && matches!(first.body, Body::Bare),
        },
    }
}

/// `with`, `sample`, `copy`, `by_index`
fn takes_expression(name: &Name) -> bool {
    words::step_word(&name.text).is_some_and(|word| word.takes_expression)
}

/// A step with what stands in its parentheses and, in the flat form, `after` it.
pub(crate) fn step(head: Item, after: Vec<Item>, errors: &mut Errors) -> Checked {
    let Item { name, body } = head;
    let (what, items) = match body {
        // SCHEME, skip
        Body::Bare => (word(&name, errors), Vec::new()),
        // SCHEME(param = value, …)
        Body::List(list) => {
            // A name before parentheses that cannot be read may be anything.
            if let Some(reported) = list.wrong {
                return Checked {
                    step: Err(reported),
                    stream: None,
                };
            }
            let what = if list.items.is_empty() {
                called(&name, errors)
            } else {
                word(&name, errors)
            };
            (what, list.items)
        }
        // with = EXPR, copy = EXPR, by_index = EXPR, sample = EXPR
        Body::Value(expr) if name.is("with") => (Ok(Word::With(expr)), Vec::new()),
        Body::Value(expr) if name.is("copy") => (Ok(Word::Copy(expr)), Vec::new()),
        Body::Value(expr) if name.is("by_index") => (Ok(Word::ByIndex(expr)), Vec::new()),
        Body::Value(expr) => (Ok(Word::Sample(expr)), Vec::new()),
        Body::Wrong(reported) => (Err(reported), Vec::new()),
    };
    let mut details = Details::default();
    let mut read = Ok(());
    for item in items.into_iter().chain(after) {
        read = read.and(details.item(item, what.as_ref().ok(), errors));
    }
    let step = what.and_then(|what| details.finish(&name, what, errors));
    Checked {
        step: read.and(step),
        stream: details.stream,
    }
}

#[derive(Debug)]
enum Word {
    Scheme(&'static Scheme),
    With(Box<Expr>),
    Sample(Box<Expr>),
    Copy(Box<Expr>),
    ByIndex(Box<Expr>),
    Skip,
}

impl Word {
    fn scheme(&self) -> Option<&'static Scheme> {
        match self {
            Self::Scheme(scheme) => Some(scheme),
            _ => None,
        }
    }

    /// Its name, if what it draws depends on no fan for certain.
    fn without_fans(&self) -> Option<&'static str> {
        match self {
            Self::Scheme(scheme) if !scheme.has(Trait::Fans) => Some(scheme.name),
            Self::Sample(_) => Some("sample"),
            Self::Copy(_) => Some("copy"),
            Self::ByIndex(_) => Some("by_index"),
            _ => None,
        }
    }
}

fn word(name: &Name, errors: &mut Errors) -> Result<Word, Reported> {
    if name.is("skip") {
        return Ok(Word::Skip);
    }
    if let Some(scheme) = schemes::find(&name.text) {
        return Ok(Word::Scheme(scheme));
    }
    let message = match name.text.as_str() {
        _ if takes_expression(name) => sentences::value_missing(&name.text),
        part if PARTS.contains(&part) => {
            format!("say how: `{part}(SCHEME)`, as in `{part}(zeros)`")
        }
        parameter if schemes::is_parameter(parameter) => {
            format!(
                "`{parameter}` belongs to a scheme and takes a value: `SCHEME, {parameter} = …`"
            )
        }
        unknown => sentences::unknown_scheme(unknown, Place::Tokens),
    };
    Err(errors.at(name.span, message))
}

/// `name()`: a scheme without parameters, or a part without a step.
fn called(name: &Name, errors: &mut Errors) -> Result<Word, Reported> {
    if name.is("skip") {
        return Err(errors.at(name.span, "`skip` takes no parentheses"));
    }
    if !schemes::begins_step(&name.text) {
        let message = format!(
            "unknown scheme `{0}`; if it is a part, say how: `{0}(SCHEME)`",
            name.text
        );
        return Err(errors.at(name.span, message));
    }
    word(name, errors)
}

/// The parameters and modifiers of a step, as far as they are read.
#[derive(Default)]
struct Details {
    seen: Vec<String>,
    given: Vec<Given>,
    modifiers: Vec<Modifier>,
    /// Where which modifiers stand.
    known: Vec<(Span, &'static words::Modifier)>,
    stream: Option<(Name, Expr)>,
}

impl Details {
    /// One of what stands after the step's word; `what` is nothing where that word is wrong.
    fn item(
        &mut self,
        Item { name, body }: Item,
        what: Option<&Word>,
        errors: &mut Errors,
    ) -> Result<(), Reported> {
        if self.seen.contains(&name.text) {
            return Err(errors.at(name.span, sentences::given_twice(&name.text)));
        }
        self.seen.push(name.text.clone());
        let parameter = what
            .and_then(Word::scheme)
            .and_then(|scheme| scheme.parameter(&name.text));
        match (parameter, body) {
            // Whether the scheme has such a parameter still shows.
            (None, Body::Wrong(reported)) => {
                if !words::goes_with_any_scheme(&name.text) {
                    unknown(&name, what, errors)?;
                }
                return Err(reported);
            }
            (
                Some(_),
                Body::Wrong(reported)
                | Body::List(List {
                    wrong: Some(reported),
                    ..
                }),
            ) => return Err(reported),
            // flag
            (Some(parameter), Body::Bare) if parameter.takes == Takes::Flag => {
                self.given.push(Given {
                    name,
                    parameter,
                    written: None,
                    value: Ok(Value::Flag),
                });
            }
            (Some(parameter), Body::Value(_) | Body::List(_)) if parameter.takes == Takes::Flag => {
                return Err(errors.at(name.span, sentences::stands_alone(&name.text)));
            }
            // param = value
            (Some(parameter), Body::Value(expr)) => {
                let value = value::value(&name, parameter.takes, (*expr).clone(), errors);
                self.given.push(Given {
                    name,
                    parameter,
                    written: Some(*expr),
                    value,
                });
            }
            (Some(_), Body::Bare | Body::List(_)) => {
                return Err(errors.at(name.span, sentences::needs_a_value(&name.text)));
            }
            (None, body) if words::goes_with_any_scheme(&name.text) => {
                return self.modifier(name, body, what, errors);
            }
            (None, _) => return unknown(&name, what, errors),
        }
        Ok(())
    }

    fn modifier(
        &mut self,
        name: Name,
        body: Body,
        what: Option<&Word>,
        errors: &mut Errors,
    ) -> Result<(), Reported> {
        if matches!(what, Some(Word::Skip)) {
            // Told once, when the step is finished.
            return Ok(());
        }
        let Some(modifier) = words::find_modifier(&name.text) else {
            return self.setting(name, body, errors);
        };
        self.known.push((name.span, modifier));
        let value = match (modifier.takes, body) {
            // transposed
            (Takes::Flag, Body::Bare) => None,
            (Takes::Flag, Body::Value(_) | Body::List(_)) => {
                return Err(errors.at(name.span, sentences::stands_alone(modifier.name)));
            }
            // at = INDEX, chunks = N, …
            (takes, Body::Value(expr)) => Some(value::expression(&name, takes, *expr, errors)?),
            (_, Body::Bare | Body::List(_)) => {
                return Err(errors.at(name.span, sentences::needs_a_value(modifier.name)));
            }
            (_, Body::Wrong(reported)) => return Err(reported),
        };
        self.modifiers.push(Modifier {
            ident: Ident::new(&name.text, name.span),
            value,
        });
        Ok(())
    }

    /// `stream = "name"`
    fn setting(&mut self, name: Name, body: Body, errors: &mut Errors) -> Result<(), Reported> {
        match body {
            Body::Value(expr) => {
                self.stream = Some((name, *expr));
                Ok(())
            }
            Body::Bare | Body::List(_) => {
                Err(errors.at(name.span, sentences::needs_a_value(&name.text)))
            }
            Body::Wrong(reported) => Err(reported),
        }
    }

    /// Modifiers of fans beside a step that has none.
    fn modifies_no_fans(&self, what: &Word, errors: &mut Errors) -> Result<(), Reported> {
        let Some(step) = what.without_fans() else {
            return Ok(());
        };
        let of_matrix = what.scheme().is_some_and(|of| of.has(Trait::Matrix));
        let lays_out = of_matrix || self.seen.iter().any(|seen| seen == "chunks");
        let mut checked = Ok(());
        for (span, modifier) in &self.known {
            if modifier.needs_fans(lays_out) {
                checked = Err(errors.at(*span, sentences::corrects_no_fans(modifier.name, step)));
            }
        }
        checked
    }

    /// `map` beside a step whose elements are not drawn one by one.
    fn modifies_no_draws(&self, what: &Word, errors: &mut Errors) -> Result<(), Reported> {
        let step = match what {
            Word::Scheme(scheme) if !scheme.has(Trait::Drawn) => scheme.name,
            Word::Sample(_) => "sample",
            Word::Copy(_) => "copy",
            Word::ByIndex(_) => "by_index",
            // What a scheme of the user's own comes to shows in the plan.
            Word::Scheme(_) | Word::With(_) | Word::Skip => return Ok(()),
        };
        let mut checked = Ok(());
        for (span, _) in self.known.iter().filter(|(_, known)| known.needs_draws) {
            checked = Err(errors.at(*span, sentences::maps_no_draws(step)));
        }
        checked
    }

    fn finish(&mut self, name: &Name, what: Word, errors: &mut Errors) -> Result<Step, Reported> {
        let checked = self.modifies_no_fans(&what, errors);
        let checked = checked.and(self.modifies_no_draws(&what, errors));
        let what = match what {
            Word::Scheme(scheme) => What::Scheme(self.call(name, scheme, errors)?),
            Word::With(expr) => {
                let message =
                    "a closure after `with` takes the tensor and its stream of random bits";
                value::takes(&expr, &["w", "s"], message, errors)?;
                What::With(*expr)
            }
            Word::Sample(expr) => What::Sample(*expr),
            Word::Copy(expr) => What::Copy(*expr),
            Word::ByIndex(expr) => {
                let message = "a closure after `by_index` takes an element's place, a `&[i64]`";
                value::takes(&expr, &["i"], message, errors)?;
                What::ByIndex(*expr)
            }
            Word::Skip => {
                if !self.seen.is_empty() {
                    let message =
                        "`skip` leaves the field as it is: no parameters or modifiers go with it";
                    return Err(errors.at(name.span, message));
                }
                What::Skip
            }
        };
        checked.map(|()| Step {
            what,
            modifiers: std::mem::take(&mut self.modifiers),
            span: name.span,
        })
    }

    fn call(
        &mut self,
        name: &Name,
        scheme: &'static Scheme,
        errors: &mut Errors,
    ) -> Result<Call, Reported> {
        let mut checked = Ok(());
        for required in scheme
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
        {
            if !self.seen.iter().any(|seen| seen == required.name) {
                let message = sentences::required(scheme.name, required.name);
                checked = Err(errors.at(name.span, message));
            }
        }
        checked = checked.and(combinations::check(scheme, &self.given, errors));
        let written = self.written(scheme.name);
        let arguments = std::mem::take(&mut self.given).into_iter().map(|given| {
            Ok(Argument {
                ident: Ident::new(&given.name.text, given.name.span),
                parameter: given.parameter,
                value: given.value?,
            })
        });
        let arguments: Result<Vec<Argument>, Reported> = arguments.collect();
        checked.and(arguments).map(|arguments| Call {
            scheme,
            ident: Ident::new(scheme.name, name.span),
            written,
            arguments,
        })
    }

    /// `kaiming_normal(mode = "fan_out")`: the scheme as plans show it.
    fn written(&self, scheme: &str) -> String {
        let parameter = |given: &Given| match &given.written {
            Some(value) => format!("{} = {}", given.name.text, text::expression(value)),
            None => given.name.text.clone(),
        };
        let parameters: Vec<String> = self.given.iter().map(parameter).collect();
        if parameters.is_empty() {
            scheme.to_owned()
        } else {
            format!("{scheme}({})", parameters.join(", "))
        }
    }
}

/// A name that the step takes nothing by. `skip` says so as a whole, and what an unknown scheme takes is unknown.
fn unknown(name: &Name, what: Option<&Word>, errors: &mut Errors) -> Result<(), Reported> {
    let message = match what {
        Some(Word::Scheme(scheme)) if schemes::find(&name.text).is_some() || name.is("skip") => {
            second_step(scheme.name, &name.text)
        }
        Some(Word::Scheme(scheme)) => sentences::unknown_parameter(scheme, &name.text),
        Some(Word::With(_)) => sentences::not_a_modifier("with", &name.text),
        Some(Word::Sample(_)) => sentences::not_a_modifier("sample", &name.text),
        Some(Word::Copy(_)) => sentences::not_a_modifier("copy", &name.text),
        Some(Word::ByIndex(_)) => sentences::not_a_modifier("by_index", &name.text),
        Some(Word::Skip) | None => return Ok(()),
    };
    Err(errors.at(name.span, message))
}

/// The step's name as written.
pub(super) fn label(head: &Item) -> String {
    match head.body {
        Body::Value(_) | Body::Wrong(_) => format!("{} = …", head.name.text),
        Body::Bare | Body::List(_) => head.name.text.clone(),
    }
}

/// What is said of a second step in the same attribute.
pub(super) fn second_step(first: &str, second: &str) -> String {
    if first == "skip" || second == "skip" {
        return format!(
            "`{first}` and `{second}` exclude each other: `skip` leaves the field as it is"
        );
    }
    format!(
        "one attribute holds one step; a second one is a second attribute: `#[init({first})] #[init({second})]`"
    )
}

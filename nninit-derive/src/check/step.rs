//! `STEP := SCHEME [(param = value, …)] | skip | with = EXPR | sample = EXPR`, with its modifiers.

use proc_macro2::Ident;
use syn::Expr;

use super::sense::{self, Given};
use super::value;
use crate::errors::Errors;
use crate::model::{Argument, Call, Modifier, Step, What};
use crate::parse::{Body, Item, Name};
use crate::schemes::{self, MODIFIERS, Scheme};
use crate::text;

/// A step, and the stream that it names for its parameter.
#[derive(Debug)]
pub(crate) struct Checked {
    /// `None`: something is wrong with it.
    pub(crate) step: Option<Step>,
    pub(crate) stream: Option<(Name, Expr)>,
}

/// Whether the item begins a step; if not, it is a parameter or a part.
pub(crate) fn begins(item: &Item) -> bool {
    match &item.body {
        Body::Bare => !item.name.is("transposed"),
        Body::Value(_) | Body::Broken => item.name.is("with") || item.name.is("sample"),
        Body::List(list) => match list.items.first() {
            None => true,
            Some(Item {
                name,
                body: Body::Value(_) | Body::Broken,
            }) => !name.is("with") && !name.is("sample"),
            // The one modifier without a value.
            Some(first) => first.name.is("transposed") && matches!(first.body, Body::Bare),
        },
    }
}

/// A step with what stands in its parentheses and, in the flat form, `after` it.
pub(crate) fn step(head: Item, after: Vec<Item>, errors: &mut Errors) -> Checked {
    let before = errors.count();
    let Item { name, body } = head;
    let (what, items) = match body {
        // SCHEME, skip
        Body::Bare => (word(&name, errors), Vec::new()),
        // SCHEME(param = value, …)
        Body::List(list) => {
            if list.broken {
                // Complained about already, and a name before parentheses that cannot be read may be anything.
                return Checked {
                    step: None,
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
        // with = EXPR, sample = EXPR
        Body::Value(expr) if name.is("with") => (Some(Word::With(expr)), Vec::new()),
        Body::Value(expr) => (Some(Word::Sample(expr)), Vec::new()),
        Body::Broken => (None, Vec::new()),
    };
    let mut draft = Draft::default();
    for item in items.into_iter().chain(after) {
        draft.item(item, what.as_ref(), errors);
    }
    let step = what.and_then(|what| draft.finish(&name, what, errors));
    Checked {
        step: step.filter(|_| errors.count() == before && !draft.broken),
        stream: draft.stream,
    }
}

#[derive(Debug)]
enum Word {
    Scheme(&'static Scheme),
    With(Box<Expr>),
    Sample(Box<Expr>),
    Skip,
}

impl Word {
    fn scheme(&self) -> Option<&'static Scheme> {
        match self {
            Self::Scheme(scheme) => Some(scheme),
            _ => None,
        }
    }
}

fn word(name: &Name, errors: &mut Errors) -> Option<Word> {
    if name.is("skip") {
        return Some(Word::Skip);
    }
    let found = schemes::find(&name.text).map(Word::Scheme);
    if found.is_none() {
        let message = match name.text.as_str() {
            "with" | "sample" => format!("a value is missing: `{} = …`", name.text),
            "weight" | "bias" | "running_mean" | "running_var" => {
                format!("say how: `{0}(SCHEME)`, as in `{0}(zeros)`", name.text)
            }
            parameter if schemes::is_parameter(parameter) => {
                format!(
                    "`{parameter}` belongs to a scheme and takes a value: `SCHEME, {parameter} = …`"
                )
            }
            unknown => schemes::unknown(unknown),
        };
        errors.at(name.span, message);
    }
    found
}

/// `name()`: a scheme without parameters, or a part without a step.
fn called(name: &Name, errors: &mut Errors) -> Option<Word> {
    if name.is("skip") {
        errors.at(name.span, "`skip` takes no parentheses");
        return None;
    }
    if !schemes::begins_step(&name.text) {
        errors.at(
            name.span,
            format!(
                "unknown scheme `{0}`; if it is a part, say how: `{0}(SCHEME)`",
                name.text
            ),
        );
        return None;
    }
    word(name, errors)
}

/// The parameters and modifiers of a step, as far as they are read.
#[derive(Default)]
struct Draft {
    seen: Vec<String>,
    given: Vec<Given>,
    modifiers: Vec<Modifier>,
    stream: Option<(Name, Expr)>,
    /// Something could not be read.
    broken: bool,
}

impl Draft {
    fn item(&mut self, Item { name, body }: Item, what: Option<&Word>, errors: &mut Errors) {
        if self.seen.contains(&name.text) {
            errors.at(name.span, format!("`{}` is given twice", name.text));
            return;
        }
        self.seen.push(name.text.clone());
        let parameter = what
            .and_then(Word::scheme)
            .and_then(|scheme| scheme.parameter(&name.text));
        match (parameter, body) {
            // Complained about by the parser; whether the scheme has such a parameter still shows.
            (None, Body::Broken) => {
                self.broken = true;
                if !MODIFIERS.contains(&name.text.as_str()) {
                    self.unknown(&name, what, errors);
                }
            }
            (Some(_), Body::Broken) => self.broken = true,
            (Some(_), Body::List(list)) if list.broken => self.broken = true,
            // param = value
            (Some(parameter), Body::Value(expr)) => {
                let value = value::value(&name, parameter.kind, (*expr).clone(), errors);
                self.given.push(Given {
                    name,
                    kind: parameter.kind,
                    written: *expr,
                    value,
                });
            }
            (Some(_), Body::Bare | Body::List(_)) => {
                errors.at(
                    name.span,
                    format!("`{0}` needs a value: `{0} = …`", name.text),
                );
            }
            (None, body) if MODIFIERS.contains(&name.text.as_str()) => {
                self.modifier(name, body, what, errors);
            }
            (None, _) => self.unknown(&name, what, errors),
        }
    }

    fn modifier(&mut self, name: Name, body: Body, what: Option<&Word>, errors: &mut Errors) {
        if matches!(what, Some(Word::Skip)) {
            // Said once, when the step is finished.
            return;
        }
        if ["groups", "transposed", "fan_of"].contains(&name.text.as_str()) {
            let without_fans = match what {
                Some(Word::Scheme(scheme)) if !scheme.fans => Some(scheme.name),
                Some(Word::Sample(_)) => Some("sample"),
                _ => None,
            };
            if let Some(scheme) = without_fans {
                let message = format!(
                    "`{}` corrects the fans that a scheme divides by, and `{scheme}` uses none",
                    name.text
                );
                errors.at(name.span, message);
                return;
            }
        }
        let value = match body {
            // transposed
            Body::Bare if name.is("transposed") => None,
            Body::Value(_) | Body::List(_) if name.is("transposed") => {
                errors.at(name.span, "`transposed` stands alone, without a value");
                return;
            }
            // stream = "name"
            Body::Value(expr) if name.is("stream") => {
                if value::string(&expr).is_some_and(|text| text.value().is_empty()) {
                    errors.over(&*expr, "a stream needs a name");
                }
                self.stream = Some((name, *expr));
                return;
            }
            // chunks = N, groups = N
            Body::Value(expr) if name.is("chunks") || name.is("groups") => {
                Some(value::count(&name, *expr, errors))
            }
            // scale = EXPR
            Body::Value(expr) if name.is("scale") => Some(value::number(*expr)),
            // at = INDEX, fan_of = EXPR
            Body::Value(expr) => Some(*expr),
            Body::Bare | Body::List(_) => {
                errors.at(
                    name.span,
                    format!("`{0}` needs a value: `{0} = …`", name.text),
                );
                return;
            }
            Body::Broken => return,
        };
        self.modifiers.push(Modifier {
            ident: Ident::new(&name.text, name.span),
            value,
        });
    }

    #[allow(clippy::unused_self, reason = "reads as the other arms of `item`")]
    fn unknown(&self, name: &Name, what: Option<&Word>, errors: &mut Errors) {
        let message = match what {
            Some(Word::Scheme(scheme))
                if schemes::find(&name.text).is_some() || name.is("skip") =>
            {
                return errors.at(name.span, second_step(scheme.name, &name.text));
            }
            Some(Word::Scheme(scheme)) => scheme.unknown_parameter(&name.text),
            Some(Word::With(_)) => not_a_modifier("with", &name.text),
            Some(Word::Sample(_)) => not_a_modifier("sample", &name.text),
            // `skip` complains as a whole; what an unknown scheme takes is unknown.
            Some(Word::Skip) | None => return,
        };
        errors.at(name.span, message);
    }

    fn finish(&mut self, name: &Name, what: Word, errors: &mut Errors) -> Option<Step> {
        let what = match what {
            Word::Scheme(scheme) => What::Scheme(self.call(name, scheme, errors)?),
            Word::With(expr) => What::With(*expr),
            Word::Sample(expr) => What::Sample(*expr),
            Word::Skip => {
                if !self.seen.is_empty() {
                    errors.at(
                        name.span,
                        "`skip` leaves the field as it is: no parameters or modifiers go with it",
                    );
                    return None;
                }
                What::Skip
            }
        };
        Some(Step {
            what,
            modifiers: std::mem::take(&mut self.modifiers),
            span: name.span,
        })
    }

    fn call(&mut self, name: &Name, scheme: &'static Scheme, errors: &mut Errors) -> Option<Call> {
        for required in scheme
            .parameters
            .iter()
            .filter(|parameter| parameter.kind.is_required())
        {
            if !self.seen.iter().any(|seen| seen == required.name) {
                let message = format!(
                    "`{0}` needs `{1}`: `{0}({1} = …)`",
                    scheme.name, required.name
                );
                errors.at(name.span, message);
            }
        }
        sense::check(scheme, &self.given, errors);
        let written = self.written(scheme.name);
        let arguments: Option<Vec<Argument>> = std::mem::take(&mut self.given)
            .into_iter()
            .map(
                |Given {
                     name, kind, value, ..
                 }| {
                    let ident = Ident::new(&name.text, name.span);
                    let required = kind.is_required();
                    value.map(|value| Argument {
                        ident,
                        required,
                        value,
                    })
                },
            )
            .collect();
        Some(Call {
            ident: Ident::new(scheme.name, name.span),
            written,
            arguments: arguments?,
        })
    }

    /// `kaiming_normal(mode = "fan_out")`: the scheme as plans show it.
    fn written(&self, scheme: &str) -> String {
        let parameter =
            |given: &Given| format!("{} = {}", given.name.text, text::expression(&given.written));
        let parameters: Vec<String> = self.given.iter().map(parameter).collect();
        if parameters.is_empty() {
            scheme.to_owned()
        } else {
            format!("{scheme}({})", parameters.join(", "))
        }
    }
}

/// The step's name as written.
pub(super) fn label(head: &Item) -> String {
    match head.body {
        Body::Value(_) | Body::Broken => format!("{} = …", head.name.text),
        Body::Bare | Body::List(_) => head.name.text.clone(),
    }
}

fn not_a_modifier(step: &str, name: &str) -> String {
    let suggestion = crate::suggest::did_you_mean(name, MODIFIERS);
    format!("`{step}` takes modifiers only, and `{name}` is none{suggestion}")
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

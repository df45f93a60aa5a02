//! Parameters that are right one by one and mean nothing together.

use nninit_language::schemes::{Scheme, Trait};
use nninit_language::sentences;
use nninit_language::values::Parameter;
use syn::Expr;

use super::value;
use crate::errors::{Errors, Reported};
use crate::model::Value;
use crate::parse::Name;
use crate::text;

/// A parameter as written, and what it comes to if that is right.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) name: Name,
    pub(super) parameter: &'static Parameter,
    /// Nothing for a flag.
    pub(super) written: Option<Expr>,
    pub(super) value: Result<Value, Reported>,
}

/// The combinations of one scheme's parameters.
pub(super) fn check(scheme: &Scheme, given: &[Given], errors: &mut Errors) -> Result<(), Reported> {
    let bounds = replaced(scheme, given, errors).and_then(|()| interval(scheme, given, errors));
    if scheme.has(Trait::Slope) {
        return bounds.and(slope(given, errors));
    }
    bounds
}

/// Parameters beside one that stands in their place, and without the one that they go with.
fn replaced(scheme: &Scheme, given: &[Given], errors: &mut Errors) -> Result<(), Reported> {
    let mut checked = Ok(());
    for (by, name) in scheme.replacements() {
        if let (Some(_), Some(given)) = (find(given, by), find(given, name)) {
            checked = Err(errors.at(given.name.span, sentences::replaced(by, name)));
        }
    }
    for (name, missing) in scheme.dependents() {
        if let (Some(given), None) = (find(given, name), find(given, missing)) {
            checked = Err(errors.at(given.name.span, sentences::goes_with(name, missing)));
        }
    }
    checked
}

fn find<'a>(given: &'a [Given], name: &str) -> Option<&'a Given> {
    given.iter().find(|given| given.name.is(name))
}

/// The lower bound is not above the upper one, also against the default of the one that is not given.
fn interval(scheme: &Scheme, given: &[Given], errors: &mut Errors) -> Result<(), Reported> {
    let written = |name: &str| find(given, name)?.written.as_ref();
    let bound = |name: &str| Some(value::literal(written(name)?).ok_or(()));
    if let Some(message) = sentences::interval(scheme, bound)
        && let Some((low, high)) = scheme.bounds()
        && let Some(place) = written(low).or(written(high))
    {
        return Err(errors.over(place, message));
    }
    Ok(())
}

/// `a` is the slope of `leaky_relu` and of no other nonlinearity.
fn slope(given: &[Given], errors: &mut Errors) -> Result<(), Reported> {
    let (Some(a), Some(nonlinearity)) = (find(given, "a"), find(given, "nonlinearity")) else {
        return Ok(());
    };
    if let Ok(Value::Variant { variant, .. }) = &nonlinearity.value
        && variant != "LeakyRelu"
    {
        let written = text::expression(&nonlinearity.written);
        return Err(errors.at(a.name.span, sentences::slope(written)));
    }
    Ok(())
}

//! Parameters that are right one by one and mean nothing together.

use syn::Expr;

use super::value;
use crate::errors::Errors;
use crate::model::Value;
use crate::parse::Name;
use crate::schemes::{Kind, Scheme};
use crate::text;

/// A parameter as written, and what it comes to if that is right.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) name: Name,
    pub(super) kind: Kind,
    pub(super) written: Expr,
    pub(super) value: Option<Value>,
}

/// The combinations of one scheme's parameters.
pub(super) fn check(scheme: &Scheme, given: &[Given], errors: &mut Errors) {
    if scheme.interval {
        interval(scheme, given, errors);
    }
    slope(given, errors);
}

fn find<'a>(given: &'a [Given], name: &str) -> Option<&'a Given> {
    given.iter().find(|given| given.name.is(name))
}

/// `a <= b`, also against the default of the one that is not given.
fn interval(scheme: &Scheme, given: &[Given], errors: &mut Errors) {
    let bound = |name: &str| {
        let Kind::Number(default) = scheme.parameter(name)?.kind else {
            return None;
        };
        match find(given, name) {
            Some(given) => Some((value::literal(&given.written)?, Some(&given.written))),
            None => Some((default, None)),
        }
    };
    let (Some((a, a_given)), Some((b, b_given))) = (bound("a"), bound("b")) else {
        return;
    };
    let Some(place) = a_given.or(b_given).filter(|_| a > b) else {
        return;
    };
    let default = |given: Option<&Expr>| if given.is_some() { "" } else { ", its default" };
    let message = format!(
        "`a` is {a}{}, above `b`, which is {b}{}",
        default(a_given),
        default(b_given)
    );
    errors.over(place, message);
}

/// `a` is the slope of `leaky_relu` and of no other nonlinearity.
fn slope(given: &[Given], errors: &mut Errors) {
    let (Some(a), Some(nonlinearity)) = (find(given, "a"), find(given, "nonlinearity")) else {
        return;
    };
    if let Some(Value::Variant { variant, .. }) = &nonlinearity.value
        && variant != "LeakyRelu"
    {
        let written = text::expression(&nonlinearity.written);
        let message = format!(
            "`a` is the slope of `leaky_relu`; it means nothing beside `nonlinearity = {written}`"
        );
        errors.at(a.name.span, message);
    }
}

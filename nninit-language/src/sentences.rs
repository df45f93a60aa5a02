//! What is said of mistakes, by the derive and by texts alike.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use crate::choices::Choices;
use crate::schemes::{SCHEMES, Scheme, Trait};
use crate::spelling::{alternatives, did_you_mean};
use crate::values::Takes;
use crate::words::{STEPS, accompanying};

/// Two streams at one place.
pub const STREAM_TWICE: &str =
    "`stream` is given twice; it names the parameter's bits, once for all steps";

/// A stream's name without a letter.
pub const STREAM_UNNAMED: &str = "a stream needs a name";

/// A rule without steps.
pub const NO_STEPS: &str =
    "the list is empty; write `skip` to leave what the pattern matches as it is";

/// A rule whose first step has `at`.
pub const REGION_FIRST: &str = "the first step writes a region, and nothing says what the rest holds; put a step before \
    it: `[zeros, …]`, or `[skip, …]` to leave the rest as it is";

/// A pattern with something wrong.
#[must_use]
pub fn malformed_pattern(complaint: &str) -> String {
    format!("the pattern is malformed: {complaint}")
}

/// Where the words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In Rust: attributes and `rules!`.
    Tokens,
    /// In a text, which holds no Rust expressions.
    Text,
}

/// A name that no scheme has.
#[must_use]
pub fn unknown_scheme(name: &str, place: Place) -> String {
    let steps = STEPS
        .iter()
        .filter(|word| place == Place::Tokens || !word.takes_expression)
        .map(|word| word.name);
    let schemes = SCHEMES.iter().map(|scheme| scheme.name);
    let known: Vec<&str> = schemes.chain(steps).collect();
    let own = if place == Place::Tokens && did_you_mean(name, &known).is_empty() {
        format!("; a function or a type of your own stands after `with`: `with = {name}`")
    } else {
        String::new()
    };
    format!("unknown scheme `{name}`{}{own}", meant(name, &known))
}

/// A name that is none of the choices.
#[must_use]
pub fn unknown_choice(choices: &Choices, name: &str) -> String {
    let known = choices.names();
    format!("unknown {} `{name}`{}", choices.what, meant(name, &known))
}

fn meant(name: &str, known: &[&'static str]) -> String {
    match did_you_mean(name, known) {
        none if none.is_empty() => format!("; expected one of {}", alternatives(known, "or")),
        suggestion => suggestion,
    }
}

/// A name that is neither a parameter of the scheme nor goes with any.
#[must_use]
pub fn unknown_parameter(scheme: &Scheme, name: &str) -> String {
    let own: Vec<&str> = scheme
        .parameters
        .iter()
        .map(|parameter| parameter.name)
        .collect();
    let known: Vec<&str> = own.iter().copied().chain(accompanying()).collect();
    let scheme = scheme.name;
    let suggestion = did_you_mean(name, &known);
    match own[..] {
        _ if !suggestion.is_empty() => {
            format!("`{scheme}` has no parameter `{name}`{suggestion}")
        }
        [] => format!("`{scheme}` takes no parameters, so no `{name}`"),
        _ => format!(
            "`{scheme}` has no parameter `{name}`; it takes {}",
            alternatives(&own, "and")
        ),
    }
}

/// A name beside a step that is no scheme.
#[must_use]
pub fn not_a_modifier(step: &str, name: &str) -> String {
    let suggestion = did_you_mean(name, &accompanying().collect::<Vec<_>>());
    format!("`{step}` takes modifiers only, and `{name}` is none{suggestion}")
}

/// A name that stands twice.
#[must_use]
pub fn given_twice(name: &str) -> String {
    format!("`{name}` is given twice")
}

/// A name without its value.
#[must_use]
pub fn needs_a_value(name: &str) -> String {
    format!("`{name}` needs a value: `{name} = …`")
}

/// A word that begins a step, without its value.
#[must_use]
pub fn value_missing(name: &str) -> String {
    format!("a value is missing: `{name} = …`")
}

/// A flag with a value.
#[must_use]
pub fn stands_alone(name: &str) -> String {
    format!("`{name}` stands alone, without a value")
}

/// A word in a text whose value only Rust has.
#[must_use]
pub fn rust_value(name: &str) -> String {
    format!("`{name}` takes a Rust value, which a text cannot hold; use `rules!`")
}

/// `map` beside a step whose elements are not drawn one by one from a law that is known.
#[must_use]
pub fn maps_no_draws(step: &str) -> String {
    let instead = match step {
        "sample" => "; write `Distribution::map` behind the distribution",
        "by_index" => "; put it into the function of the place",
        "copy" => "; map the values before they are copied",
        _ => "; remove it",
    };
    format!(
        "`map` is of schemes that draw each element by itself, and `{step}` is none of them{instead}"
    )
}

/// A required parameter that is not there.
#[must_use]
pub fn required(scheme: &str, parameter: &str) -> String {
    format!("`{scheme}` needs `{parameter}`: `{scheme}({parameter} = …)`")
}

/// A modifier of fans beside a step without any.
#[must_use]
pub fn corrects_no_fans(modifier: &str, step: &str) -> String {
    format!("`{modifier}` corrects the fans that a scheme divides by, and `{step}` uses none")
}

/// A scheme that needs two dimensions, on a part that has one.
#[must_use]
pub fn one_dimension(part: &str, scheme: &Scheme) -> String {
    let name = scheme.name;
    if scheme.has(Trait::Fans) {
        format!(
            "`{part}` has one dimension, and `{name}` divides by the fans of two; write `zeros`, `uniform`, `normal` or \
             `constant`, or say whose fans: `fan_of = [64, 32]`"
        )
    } else {
        format!(
            "`{part}` has one dimension, and `{name}` is for two or more; write `zeros`, `uniform`, `normal` or `constant`"
        )
    }
}

/// A number that the parameter does not take, if it does not.
#[must_use]
pub fn out_of_range(name: &str, takes: Takes, value: f64) -> Option<String> {
    let range = takes.out_of_range(value)?;
    Some(format!("`{name}` is {value}, and must be {range}"))
}

/// Bounds the wrong way round, also against the default of the one that is not given; `given` has the numbers that are
/// known, and an `Err` for one that is not.
#[must_use]
pub fn interval(
    scheme: &Scheme,
    given: impl Fn(&str) -> Option<Result<f64, ()>>,
) -> Option<String> {
    let (a_name, b_name) = scheme.bounds()?;
    let bound = |name: &str| match given(name) {
        Some(value) => Some((value.ok()?, "")),
        None => Some((
            scheme.parameter(name)?.default?.parse().ok()?,
            ", its default",
        )),
    };
    let ((a, a_origin), (b, b_origin)): ((f64, _), (f64, _)) = (bound(a_name)?, bound(b_name)?);
    (a > b)
        .then(|| format!("`{a_name}` is {a}{a_origin}, above `{b_name}`, which is {b}{b_origin}"))
}

/// A slope beside a nonlinearity that has none.
#[must_use]
pub fn slope(nonlinearity: impl Display) -> String {
    let nonlinearity = nonlinearity.to_string();
    format!(
        "`a` is the slope of `leaky_relu`; it means nothing beside `nonlinearity = {nonlinearity}`"
    )
}

/// A parameter beside the one that stands in its place.
#[must_use]
pub fn replaced(by: &str, name: &str) -> String {
    format!("`{name}` means nothing beside `{by}`, which stands in its place")
}

/// A parameter without the one that it goes with.
#[must_use]
pub fn goes_with(name: &str, missing: &str) -> String {
    format!("`{name}` means nothing without `{missing}`: `{missing} = …, {name}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schemes::find;

    #[test]
    fn the_nearest_is_named() {
        assert_eq!(
            unknown_scheme("kaiming_nromal", Place::Tokens),
            "unknown scheme `kaiming_nromal`; did you mean `kaiming_normal`?"
        );
        let listed = unknown_scheme("qqqqqq", Place::Text);
        assert!(listed.ends_with("` or `skip`"), "{listed}");
        let listed = unknown_scheme("qqqqqq", Place::Tokens);
        let own = "; a function or a type of your own stands after `with`: `with = qqqqqq`";
        assert!(
            listed.ends_with(&format!("`sample`, `copy` or `by_index`{own}")),
            "{listed}"
        );
        let normal = find("normal").unwrap();
        assert_eq!(
            unknown_parameter(normal, "sdt"),
            "`normal` has no parameter `sdt`; did you mean `std`?"
        );
        assert_eq!(
            unknown_parameter(normal, "val"),
            "`normal` has no parameter `val`; it takes `mean` and `std`"
        );
        let zeros = find("zeros").unwrap();
        assert_eq!(
            unknown_parameter(zeros, "std"),
            "`zeros` takes no parameters, so no `std`"
        );
    }

    #[test]
    fn bounds_are_compared_with_defaults_too() {
        let uniform = find("uniform").unwrap();
        let said = |a, b| interval(uniform, |name| if name == "a" { a } else { b });
        assert_eq!(
            said(Some(Ok(2.0)), None).unwrap(),
            "`a` is 2, above `b`, which is 1, its default"
        );
        assert_eq!(
            said(None, Some(Ok(-1.0))).unwrap(),
            "`a` is 0, its default, above `b`, which is -1"
        );
        assert_eq!(said(Some(Ok(2.0)), Some(Err(()))), None);
        assert_eq!(said(Some(Ok(-1.0)), None), None);
        assert_eq!(interval(find("normal").unwrap(), |_| Some(Ok(1.0))), None);
        let a_log = find("a_log").unwrap();
        assert_eq!(
            interval(a_log, |name| (name == "high").then_some(Ok(0.5))).unwrap(),
            "`low` is 1, its default, above `high`, which is 0.5"
        );
    }
}

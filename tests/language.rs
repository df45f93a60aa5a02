//! Every row of the language's tables, in texts and in attributes: what stands there is what the runtime does.

use nninit::declare::Step;
use nninit::{Error, FanMode, Initialize, Nonlinearity, Plan, Rules, ScalingDistribution};
use nninit_language::for_each_scheme;
use nninit_language::schemes::{SCHEMES, Scheme, Trait};
use nninit_language::values::{Parameter, Takes};
use nninit_language::words::{MODIFIERS, SETTINGS, STEPS};
use nninit_tests::sources::Seed;
use nninit_tests::stores::store;
use tch::{Device, Kind, Tensor};

/// What schemes of any rank are put on: the first of these that the scheme takes.
const SHAPES: [&[i64]; 5] = [&[300, 72], &[60, 40, 3], &[48], &[40, 40], &[12, 1, 4]];

fn tensor(shape: &[i64]) -> Tensor {
    Tensor::zeros(shape, (Kind::Float, Device::Cpu))
}

/// `NAME(…)` with those parameters, each with the value that `of` gives it.
fn written<'a>(
    scheme: &Scheme,
    parameters: impl IntoIterator<Item = &'a Parameter>,
    of: impl Fn(&Parameter) -> &'static str,
) -> String {
    let item = |parameter: &Parameter| match parameter.takes {
        Takes::Flag => parameter.name.to_owned(),
        _ => format!("{}={}", parameter.name, of(parameter)),
    };
    let items: Vec<String> = parameters.into_iter().map(item).collect();
    format!("{}({})", scheme.name, items.join(", "))
}

fn required(scheme: &Scheme) -> impl Iterator<Item = &'static Parameter> {
    scheme
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
}

fn sample(parameter: &Parameter) -> &'static str {
    parameter.takes.sample()
}

/// The scheme with nothing but what it needs.
fn shortest(scheme: &Scheme) -> String {
    written(scheme, required(scheme), sample)
}

fn planned(text: &str, shape: &[i64]) -> Result<Plan, Error> {
    let vs = store();
    let _ = vs.root().zeros("w", shape);
    let rules: Rules = format!("w => {text}").parse()?;
    rules.plan(&vs)
}

/// The law of the one parameter that is planned.
fn law(plan: &Plan) -> String {
    plan.entries()[0].steps()[0].law().unwrap().to_string()
}

fn shape_for(scheme: &Scheme) -> &'static [i64] {
    let takes = |shape: &&&[i64]| planned(&shortest(scheme), shape).is_ok();
    SHAPES.iter().find(takes).unwrap_or_else(|| {
        let error = planned(&shortest(scheme), SHAPES[0]).unwrap_err();
        panic!("no shape fits {}: {error}", scheme.name)
    })
}

#[test]
fn texts_take_every_parameter_and_refuse_what_it_is_not() {
    let reads = |text: String| {
        text.parse::<Step>()
            .map(drop)
            .map_err(|error| error.to_string())
    };
    for scheme in SCHEMES {
        reads(shortest(scheme)).unwrap();
        for parameters in scheme.together().map(Vec::from_iter) {
            reads(written(scheme, parameters, sample)).unwrap();
        }
        for (one, other) in scheme.replacements() {
            let pair = [one, other].map(|name| scheme.parameter(name).unwrap());
            let error = reads(written(scheme, pair, sample)).err().unwrap();
            assert!(
                error.contains(&format!("nothing beside `{one}`")),
                "{error}"
            );
        }
        for (one, other) in scheme.dependents() {
            let alone = scheme.parameter(one);
            let error = reads(written(scheme, alone, sample)).err().unwrap();
            assert!(
                error.contains(&format!("nothing without `{other}`")),
                "{error}"
            );
        }
        for parameter in scheme.parameters {
            let refused = match parameter.takes {
                Takes::Spread | Takes::Share | Takes::Natural => "-1",
                Takes::Count | Takes::Positive | Takes::Probability => "0",
                _ => "x",
            };
            let text = format!("{}({}={refused})", scheme.name, parameter.name);
            assert!(reads(text.clone()).is_err(), "{text}");
        }
        for parameter in required(scheme) {
            let others = required(scheme).filter(|other| *other != parameter);
            let error = reads(written(scheme, others, sample)).err().unwrap();
            assert!(
                error.contains(&format!("needs `{}`", parameter.name)),
                "{error}"
            );
        }
    }
    for word in STEPS {
        assert_eq!(reads(word.name.to_owned()).is_err(), word.takes_expression);
    }
}

#[test]
fn texts_take_every_modifier_and_setting() {
    let with = |scheme: &str, name: &str, takes: Takes| {
        let item = match takes {
            Takes::Flag => name.to_owned(),
            _ => format!("{name}={}", takes.sample()),
        };
        format!("w => [zeros, {scheme}({item})]").parse::<Rules>()
    };
    for modifier in MODIFIERS {
        if modifier.takes.is_of_rust() {
            let error = with("normal", modifier.name, modifier.takes).unwrap_err();
            assert!(error.to_string().contains("use `rules!`"), "{error}");
            continue;
        }
        let read = with("kaiming_normal", modifier.name, modifier.takes);
        assert!(read.is_ok(), "{read:?}");
        let read = with("normal", modifier.name, modifier.takes);
        assert_eq!(read.is_err(), modifier.corrects_fans, "{read:?}");
    }
    for setting in SETTINGS {
        let read = with("normal", setting.name, setting.takes);
        assert!(read.is_ok(), "{read:?}");
    }
}

/// A modifier of fans would otherwise be refused beside a scheme that has some, or be for nothing beside one without.
#[test]
fn schemes_divide_by_a_fan_if_the_table_says_so() {
    for scheme in SCHEMES {
        let shape = shape_for(scheme);
        let step = shortest(scheme).parse::<Step>().unwrap();
        let vs = store();
        let _ = vs.root().zeros("w", shape);
        let rules = Rules::from_iter([nninit::Rule::new("w", step.fan_of([8, 8]))]);
        assert_eq!(
            rules.plan(&vs).is_ok(),
            scheme.has(Trait::Fans),
            "{}",
            scheme.name
        );
    }
}

/// `map` would otherwise be refused beside a scheme with draws, or be an error of the plan beside one without.
#[test]
fn schemes_draw_each_element_by_itself_if_the_table_says_so() {
    for scheme in SCHEMES {
        let step = shortest(scheme).parse::<Step>().unwrap();
        let vs = store();
        let _ = vs.root().zeros("w", shape_for(scheme));
        let rules = Rules::from_iter([nninit::Rule::new("w", step.map("tanh", f64::tanh))]);
        assert_eq!(
            rules.plan(&vs).is_ok(),
            scheme.has(Trait::Drawn),
            "{}",
            scheme.name
        );
    }
}

#[test]
fn defaults_are_those_of_the_builders() {
    for scheme in SCHEMES {
        let shape = shape_for(scheme);
        let short = planned(&shortest(scheme), shape).unwrap();
        for parameter in scheme
            .parameters
            .iter()
            .filter(|parameter| !parameter.required)
        {
            let Some(default) = parameter.default else {
                continue;
            };
            let value = |given: &Parameter| match given.default {
                Some(_) => default,
                None => sample(given),
            };
            let text = written(scheme, required(scheme).chain([parameter]), value);
            assert_eq!(law(&planned(&text, shape).unwrap()), law(&short), "{text}");
        }
    }
}

/// An alias draws what its scheme does.
#[test]
fn aliases_have_the_law_of_their_scheme() {
    for scheme in SCHEMES {
        let Some(first) = scheme.alias_of else {
            continue;
        };
        let first = SCHEMES.iter().find(|scheme| scheme.name == first).unwrap();
        let of = |scheme| law(&planned(&shortest(scheme), SHAPES[0]).unwrap());
        assert_eq!(of(scheme), of(first), "{}", scheme.name);
    }
}

/// Statistics of what is written, under each kind's law: a wrong scale or a constant would not pass.
#[test]
fn values_are_drawn_from_the_law() {
    for scheme in SCHEMES {
        let shape = shape_for(scheme);
        let report = planned(&shortest(scheme), shape)
            .unwrap()
            .execute(&mut Seed(42))
            .unwrap();
        let verified = report.verify();
        assert!(verified.is_ok(), "{}: {verified:?}", scheme.name);
        if scheme.has(Trait::Fans) {
            let mut tensor = report.entries()[0].tensor().shallow_clone();
            let _ = tch::no_grad(|| tensor.g_mul_scalar_(1.1));
            assert!(report.verify().is_err(), "{}", scheme.name);
        }
    }
}

/// A value as Rust has it.
macro_rules! sample {
    (Count) => {
        4
    };
    (Natural) => {
        1
    };
    (Mode) => {
        FanMode::FanAvg
    };
    (Nonlinearity) => {
        Nonlinearity::LeakyRelu
    };
    (Distribution) => {
        ScalingDistribution::Uniform
    };
    ($number:ident) => {
        0.5
    };
}

/// Two tests a scheme, one with the parameters that have a default and one with those that have none: an attribute
/// comes to the law that the text comes to.
macro_rules! every_scheme {
    ($($name:ident $(| $alias:ident)*: $required:tt $optional:tt $traits:tt $values:literal, $source:literal;)*) => {$(
        every_scheme!(@sort $name $required $optional [] []);
        $(every_scheme!(@sort $alias $required $optional [] []);)*
    )*};
    (@sort $name:ident $required:tt { $flag:ident: Flag $(, $($rest:tt)*)? } $with:tt [$($without:tt)*]) => {
        every_scheme!(@sort $name $required { $($($rest)*)? } $with [$($without)* , $flag]);
    };
    (
        @sort $name:ident $required:tt { $item:ident: $takes:ident = $default:literal $(, $($rest:tt)*)? }
        [$($with:tt)*] $without:tt
    ) => {
        every_scheme!(@sort $name $required { $($($rest)*)? } [$($with)* , $item = sample!($takes)] $without);
    };
    (
        @sort $name:ident $required:tt { $item:ident: $takes:ident $(, $($rest:tt)*)? }
        $with:tt [$($without:tt)*]
    ) => {
        every_scheme!(@sort $name $required { $($($rest)*)? } $with [$($without)* , $item = sample!($takes)]);
    };
    (@sort $name:ident ($($required:ident: $takes:ident),*) {} [$($with:tt)*] [$($without:tt)*]) => {
        #[test]
        fn $name() {
            #[derive(Initialize)]
            struct WithDefault(#[init($name $(, $required = sample!($takes))* $($with)*)] Tensor);

            #[derive(Initialize)]
            struct WithoutDefault(#[init($name $(, $required = sample!($takes))* $($without)*)] Tensor);

            let [with, without] = find(stringify!($name)).together().map(Vec::from_iter);
            assert_planned_as_text(stringify!($name), with, |tensor| WithDefault(tensor).plan());
            assert_planned_as_text(stringify!($name), without, |tensor| WithoutDefault(tensor).plan());
        }
    };
}

mod declared {
    use super::*;

    fn find(name: &str) -> &'static Scheme {
        SCHEMES.iter().find(|scheme| scheme.name == name).unwrap()
    }

    fn assert_planned_as_text(
        name: &str,
        parameters: Vec<&Parameter>,
        plan: impl Fn(Tensor) -> Result<Plan, Error>,
    ) {
        let scheme = find(name);
        let shape = shape_for(scheme);
        let text = written(scheme, parameters, sample);
        assert_eq!(
            law(&plan(tensor(shape)).unwrap()),
            law(&planned(&text, shape).unwrap())
        );
    }

    for_each_scheme!(every_scheme);
}

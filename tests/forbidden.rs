//! A crate that forbids what generated code might do: an `allow` of the expansion's own would be an error here.
#![forbid(
    unsafe_code,
    deprecated,
    unused_variables,
    unused_imports,
    unused_parens,
    unused_braces,
    unused_qualifications,
    unused_must_use,
    unused_mut,
    unused_lifetimes,
    unreachable_code,
    unreachable_patterns,
    private_bounds,
    private_interfaces,
    non_snake_case,
    non_upper_case_globals,
    non_local_definitions,
    elided_lifetimes_in_paths,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    let_underscore_drop,
    missing_docs,
    clippy::all,
    clippy::pedantic
)]
#![allow(
    dead_code,
    missing_debug_implementations,
    reason = "what counts is that the declarations compile"
)]

use nninit::Initialize;
use tch::{Device, Kind, Tensor, nn};

fn tensor() -> Tensor {
    Tensor::zeros([2], (Kind::Float, Device::Cpu))
}

/// An old model.
#[deprecated = "use another"]
#[derive(Initialize)]
pub struct Old<'a> {
    /// An old name.
    #[deprecated]
    #[init(constant, val = 1)]
    pub weight: Tensor,
    /// Borrowed.
    pub name: &'a str,
}

#[derive(Initialize)]
enum Kinds {
    #[deprecated]
    #[allow(unused_results, reason = "handed on to the expansion")]
    Old(#[init(zeros)] Tensor),
    New {
        #[init(constant, val = *scale)]
        weight: Tensor,
        #[init(constant, val = f64::from(u16::try_from(format!("{scale}").len())?))]
        width: Tensor,
        scale: f64,
        shown: f64,
    },
    Empty,
}

#[derive(Initialize)]
enum Never {}

#[derive(Initialize)]
struct Inner<T> {
    item: T,
}

/// A public type around a private one.
#[derive(Initialize)]
pub struct Outer<T> {
    inner: Inner<T>,
    inners: Vec<Inner<T>>,
    #[init(weight(zeros))]
    layer: Inner<T>,
}

#[derive(Initialize)]
struct Layers<'a, 'b> {
    first: &'a nn::Linear,
    second: Option<&'b nn::Linear>,
}

#[test]
fn nothing_is_allowed_that_the_user_forbids() {
    let new = Kinds::New {
        weight: tensor(),
        width: tensor(),
        scale: 2.5,
        shown: 0.0,
    };
    assert_eq!(new.plan().unwrap().entries().len(), 2);
    assert!(Kinds::Empty.plan().unwrap().entries().is_empty());
}

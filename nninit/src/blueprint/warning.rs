//! What is done as declared and is probably not what was meant: said through the crate `log`.

use std::fmt;

use super::PlannedStep;
use crate::declare::Step;
use crate::{Dtype, Elementwise, Law};

/// Warns of what is odd about a step.
pub(crate) fn of_step(path: &str, shape: &[i64], dtype: Dtype, step: &Step, planned: &PlannedStep) {
    let scheme = step.written();
    match planned.law() {
        Some(law) => unlikely_numbers(path, shape, dtype, &scheme, law),
        None if shape.contains(&0) && !step.is_plain_skip() => no_elements(path, shape, &scheme),
        None => {}
    }
}

/// Warns of a tensor that may be a stack of matrices, where nothing is said of it.
pub(crate) fn unsaid_batch(
    path: &str,
    shape: &[i64],
    dtype: Dtype,
    step: &Step,
    planned: &PlannedStep,
) {
    if is_heard()
        && let Some(text) = taken_for_a_kernel(step, dtype, planned)
    {
        warn(path, shape, &step.written(), &text);
    }
}

/// Three dimensions are a stack of matrices or the kernel of a convolution in one dimension, which is seldom long.
fn taken_for_a_kernel(step: &Step, dtype: Dtype, planned: &PlannedStep) -> Option<String> {
    /// The longest last dimension that is taken for a kernel's.
    const LONGEST: i64 = 31;
    if step.says_what_is_a_weight() || planned.blocks().joined().spans().len() < 3 {
        return None;
    }
    let shape = planned.blocks().shape();
    let &[slices, rows, columns] = &shape[..] else {
        return None;
    };
    if columns <= LONGEST {
        return None;
    }
    let orthogonal = planned.law().is_some_and(Law::is_orthogonal);
    if !orthogonal && !step.reads_fans(&shape, dtype) {
        return None;
    }
    let length = rows.saturating_mul(columns);
    Some(format!(
        "a weight of three dimensions is taken for a convolution's, whose {slices} outputs sum over {length} inputs each; \
         write `batch = 1` if it is {slices} matrices [{rows}, {columns}], `batch = 0` if not"
    ))
}

/// Warns that a scheme is on a tensor without elements, as PyTorch's `kaiming_*` do.
pub(crate) fn no_elements(path: &str, shape: &[i64], scheme: &dyn fmt::Display) {
    warn(
        path,
        shape,
        scheme,
        "the tensor has no elements, so nothing is written",
    );
}

/// Warns of numbers that make a law hardly more than its bounds, as PyTorch's `trunc_normal_` does, and of those that
/// the kind is too coarse for.
pub(crate) fn unlikely_numbers(
    path: &str,
    shape: &[i64],
    dtype: Dtype,
    scheme: &dyn fmt::Display,
    law: &Law,
) {
    if is_heard()
        && let Some(text) = crowded(law).or_else(|| rounded_together(law, dtype))
    {
        warn(path, shape, scheme, &text);
    }
}

/// Whether anyone listens: if not, nothing needs to be looked for.
fn is_heard() -> bool {
    log::log_enabled!(log::Level::Warn)
}

fn warn(path: &str, shape: &[i64], scheme: &dyn fmt::Display, text: &str) {
    match path {
        "" => log::warn!("the tensor of shape {shape:?}: {scheme}: {text}"),
        path => log::warn!("`{path}` {shape:?}: {scheme}: {text}"),
    }
}

fn crowded(law: &Law) -> Option<String> {
    let Law::Elementwise(Elementwise::TruncNormal {
        mean,
        std,
        low,
        high,
    }) = *law
    else {
        return None;
    };
    (mean < low - 2.0 * std || mean > high + 2.0 * std).then(|| {
        format!(
            "the mean {mean} is more than 2 standard deviations of {std} outside [{low}, {high}], so the values crowd at \
             a bound; bounds are absolute, not in standard deviations"
        )
    })
}

/// What becomes of a law whose numbers lie closer together than those of the kind.
fn rounded_together(law: &Law, dtype: Dtype) -> Option<String> {
    match law {
        Law::Constant { value } => vanishing(*value, dtype),
        Law::Structured(law) => vanishing(law.factor(), dtype),
        Law::Table(table) => vanishing(table.factor(), dtype),
        Law::Elementwise(law) => match law.only_value() {
            Some(value) => vanishing(value, dtype),
            None => too_narrow(law, dtype),
        },
        Law::Given(_) | Law::ByIndex(_) | Law::Mapped(_) | Law::Sample(_) | Law::Custom(_) => None,
    }
}

fn vanishing(value: f64, dtype: Dtype) -> Option<String> {
    (value != 0.0 && dtype.nearest(value) == 0.0)
        .then(|| format!("{value:e} is 0 in {dtype}, so every value will be 0"))
}

fn too_narrow(law: &Elementwise, dtype: Dtype) -> Option<String> {
    // Of a normal law two thirds of the draws, of a uniform one all.
    let (least, greatest) = law.within(1.0);
    let value = dtype.nearest(least) + 0.0;
    (value == dtype.nearest(greatest))
        .then(|| format!("{dtype} is too coarse for {law}: most values, or all, will be {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laws_that_a_kind_is_too_coarse_for_are_told() {
        let told = |law: Law, dtype| rounded_together(&law, dtype);
        assert_eq!(
            told(Law::normal(0.0, 1e-9), Dtype::F16).unwrap(),
            "f16 is too coarse for N(0, 1e-9²): most values, or all, will be 0"
        );
        assert_eq!(
            told(Law::eye(1e-9), Dtype::F16).unwrap(),
            "1e-9 is 0 in f16, so every value will be 0"
        );
        for (law, dtype) in [
            (Law::normal(0.0, 1e-46), Dtype::F32),
            (Law::normal(0.0, 1e-41), Dtype::BF16),
            (Law::normal(1.0, 1e-9), Dtype::F32),
            (Law::uniform(-1e-9, 1e-9), Dtype::F16),
            (Law::trunc_normal(0.0, 1e-9, -2.0, 2.0), Dtype::F16),
            (Law::constant(1e-50), Dtype::F32),
            (Law::sparse(1, 1e-9), Dtype::F16),
            (Law::orthogonal(1e-9), Dtype::F16),
        ] {
            assert!(told(law.clone(), dtype).is_some(), "{law} {dtype}");
        }
    }

    #[test]
    fn ordinary_laws_are_not() {
        for dtype in [Dtype::F64, Dtype::F32, Dtype::F16, Dtype::BF16] {
            for law in [
                Law::constant(0.0),
                Law::constant(0.1),
                Law::normal(0.0, 0.0),
                Law::normal(0.0, 1e-6),
                Law::normal(1.0, 0.02),
                Law::uniform(-1e-3, 1e-3),
                Law::uniform(0.5, 0.5),
                Law::trunc_normal(0.0, 0.02, 0.0, f64::INFINITY),
                Law::eye(0.0),
                Law::orthogonal(1.0),
            ] {
                assert_eq!(rounded_together(&law, dtype), None, "{law} {dtype}");
            }
        }
    }
}

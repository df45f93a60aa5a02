//! What is done as declared and is probably not what was meant: said through the crate `log`.

use std::fmt;

use crate::{Elementwise, Law};

/// Warns that a scheme is on a tensor without elements, as PyTorch's `kaiming_*` do.
pub(crate) fn no_elements(path: &str, shape: &[i64], scheme: &dyn fmt::Display) {
    warn(
        path,
        shape,
        scheme,
        format_args!("the tensor has no elements, so nothing is written"),
    );
}

/// Warns of numbers that make a law hardly more than its bounds, as PyTorch's `trunc_normal_` does.
pub(crate) fn unlikely_numbers(path: &str, shape: &[i64], scheme: &dyn fmt::Display, law: &Law) {
    let Law::Elementwise(Elementwise::TruncNormal {
        mean,
        std,
        low,
        high,
    }) = *law
    else {
        return;
    };
    if mean < low - 2.0 * std || mean > high + 2.0 * std {
        let text = format_args!(
            "the mean {mean} is more than 2 standard deviations of {std} outside [{low}, {high}], so the values crowd at a \
             bound; bounds are absolute, not in standard deviations"
        );
        warn(path, shape, scheme, text);
    }
}

fn warn(path: &str, shape: &[i64], scheme: &dyn fmt::Display, text: fmt::Arguments<'_>) {
    match path {
        "" => log::warn!("the tensor of shape {shape:?}: {scheme}: {text}"),
        path => log::warn!("`{path}` {shape:?}: {scheme}: {text}"),
    }
}

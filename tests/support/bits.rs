//! Tensors to the bit.

use tch::{Kind, Tensor};

/// The bits of every element, row-major whatever the strides: of a float or of an integer.
///
/// # Panics
///
/// For kinds that are neither.
#[must_use]
pub fn of(tensor: &Tensor) -> Vec<u64> {
    let (view, width) = match tensor.kind() {
        Kind::Double | Kind::Int64 => (Kind::Int64, 64),
        Kind::Float | Kind::Int => (Kind::Int, 32),
        Kind::Half | Kind::BFloat16 | Kind::Int16 => (Kind::Int16, 16),
        Kind::Uint8 | Kind::Int8 | Kind::Bool => (Kind::Int8, 8),
        other => panic!("no bits of {other:?}"),
    };
    let elements = tensor.detach().contiguous().flatten(0, -1);
    let words = elements.view_dtype(view).to_kind(Kind::Int64);
    let words: Vec<i64> = words.try_into().expect("a flat tensor of integers");
    let mask = u64::MAX >> (64 - width);
    words.into_iter().map(|word| word as u64 & mask).collect()
}

/// Panics unless both have the same shape, kind and bits.
///
/// # Panics
///
/// With the first element that differs.
#[track_caller]
pub fn assert_same(left: &Tensor, right: &Tensor) {
    assert_eq!(
        (left.kind(), left.size()),
        (right.kind(), right.size()),
        "kind and shape"
    );
    let (left, right) = (of(left), of(right));
    let differing = left.iter().zip(&right).position(|(a, b)| a != b);
    if let Some(index) = differing {
        panic!(
            "element {index} is {:#x} and {:#x}",
            left[index], right[index]
        );
    }
}

/// Panics if every element is the same in both: no test of equality is worth anything where nothing was written.
///
/// # Panics
///
/// With all of them.
#[track_caller]
pub fn assert_differ(left: &Tensor, right: &Tensor) {
    assert_ne!(of(left), of(right));
}

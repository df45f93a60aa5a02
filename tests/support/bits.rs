//! Tensors to the bit.

use tch::{Device, Kind, Tensor};

/// The bits of every element, row-major whatever the strides: of a float or of an integer.
///
/// # Panics
///
/// For kinds that are neither.
#[must_use]
pub fn of(tensor: &Tensor) -> Vec<u64> {
    let words = words(tensor);
    let mask = u64::MAX >> (64 - 8 * words.kind().elt_size_in_bytes());
    let words: Vec<i64> = words
        .to_kind(Kind::Int64)
        .try_into()
        .expect("a flat tensor of integers");
    words.into_iter().map(|word| word as u64 & mask).collect()
}

/// How many elements differ in their bits; every one where the shape or the kind differ.
///
/// # Panics
///
/// For kinds that are neither floats nor integers.
#[must_use]
pub fn differing(left: &Tensor, right: &Tensor) -> i64 {
    if left.size() != right.size() || left.kind() != right.kind() {
        return right.numel() as i64;
    }
    let differ = words(left).ne_tensor(&words(right));
    differ.sum(Kind::Int64).int64_value(&[])
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

/// The elements as integers of their own width.
fn words(tensor: &Tensor) -> Tensor {
    let kind = match tensor.kind() {
        Kind::Double | Kind::Int64 => Kind::Int64,
        Kind::Float | Kind::Int => Kind::Int,
        Kind::Half | Kind::BFloat16 | Kind::Int16 => Kind::Int16,
        Kind::Uint8 | Kind::Int8 | Kind::Bool => Kind::Int8,
        other => panic!("no bits of {other:?}"),
    };
    tensor.detach().contiguous().flatten(0, -1).view_dtype(kind)
}

/// The next draws of libtorch's generator: one normal, of which it keeps the second of a pair, and two uniforms.
pub fn next_draws() -> Tensor {
    let options = (Kind::Float, Device::Cpu);
    Tensor::cat(
        &[Tensor::randn([1], options), Tensor::rand([2], options)],
        0,
    )
}

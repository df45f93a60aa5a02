//! What `copy` can take its values from.

use std::borrow::Cow;

use crate::laws::Given;
use crate::{BoxError, Cause, Initializer, Law, Reason, Target};

/// What `copy` can take its values from: a tensor, [one of a file](crate::StoredTensor), an optional one, numbers in
/// arrays, slices or a `Vec`, or a [`Given`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no values to copy to a tensor",
    label = "expected a `Tensor`, an `Option<Tensor>`, or an array, a slice or a `Vec` of `f64` or `f32`",
    note = "one number for every element is `constant, val = …`"
)]
pub trait CopyOf {
    /// The values, with their shape.
    ///
    /// # Errors
    ///
    /// [`ReasonKind::Declaration`](crate::ReasonKind::Declaration) for a tensor that is not there,
    /// [`ReasonKind::Tensor`](crate::ReasonKind::Tensor) for one without elements of its own.
    fn given(&self) -> Result<Given, Reason>;
}

impl<T: CopyOf + ?Sized> CopyOf for &T {
    fn given(&self) -> Result<Given, Reason> {
        T::given(self)
    }
}

impl CopyOf for Given {
    fn given(&self) -> Result<Given, Reason> {
        Ok(self.clone())
    }
}

#[cfg(feature = "tch")]
impl CopyOf for tch::Tensor {
    fn given(&self) -> Result<Given, Reason> {
        Given::tensor(self)
    }
}

impl<T: CopyOf> CopyOf for Option<T> {
    fn given(&self) -> Result<Given, Reason> {
        let missing =
            || -> Reason { Cause::Misplaced("the tensor to copy is `None`".to_owned()).into() };
        self.as_ref().ok_or_else(missing)?.given()
    }
}

/// Numbers that are copied as they are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is none of the numbers that are copied, `f64` and `f32`",
    label = "expected `f64` or `f32`",
    note = "whole numbers are written as floats here: `1.0` for `1`"
)]
trait Number: Copy + Into<f64> {}

impl Number for f64 {}

impl Number for f32 {}

fn numbers<T: Number>(shape: &[usize], numbers: impl Iterator<Item = T>) -> Result<Given, Reason> {
    let shape: Vec<i64> = shape.iter().map(|&length| length as i64).collect();
    let numbers: Vec<f64> = numbers.map(Into::into).collect();
    Given::numbers(&shape, numbers)
}

#[allow(private_bounds, reason = "the two kinds of number that there are")]
impl<T: Number> CopyOf for [T] {
    fn given(&self) -> Result<Given, Reason> {
        numbers(&[self.len()], self.iter().copied())
    }
}

#[allow(private_bounds, reason = "the two kinds of number that there are")]
impl<T: Number> CopyOf for Vec<T> {
    fn given(&self) -> Result<Given, Reason> {
        self.as_slice().given()
    }
}

#[allow(private_bounds, reason = "the two kinds of number that there are")]
impl<T: Number, const A: usize> CopyOf for [T; A] {
    fn given(&self) -> Result<Given, Reason> {
        self.as_slice().given()
    }
}

#[allow(private_bounds, reason = "the two kinds of number that there are")]
impl<T: Number, const A: usize, const B: usize> CopyOf for [[T; B]; A] {
    fn given(&self) -> Result<Given, Reason> {
        numbers(&[A, B], self.as_flattened().iter().copied())
    }
}

#[allow(private_bounds, reason = "the two kinds of number that there are")]
impl<T: Number, const A: usize, const B: usize, const C: usize> CopyOf for [[[T; C]; B]; A] {
    fn given(&self) -> Result<Given, Reason> {
        let flat = self.as_flattened().as_flattened();
        numbers(&[A, B, C], flat.iter().copied())
    }
}

/// Values under the name they were written by, read as they lie when a plan is made.
pub(super) struct Copied {
    pub(super) label: Cow<'static, str>,
    pub(super) given: Given,
}

impl Initializer for Copied {
    fn label(&self) -> String {
        self.label.clone().into_owned()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        #[cfg(feature = "tch")]
        let given = self.given.read_anew()?;
        #[cfg(not(feature = "tch"))]
        let given = self.given.clone();
        Ok(Law::given(given))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_arrays_have_their_shape() {
        let shape = |of: &dyn Fn() -> Result<Given, Reason>| of().unwrap().shape().to_vec();
        assert_eq!(shape(&|| [1.0_f32, 2.0].given()), [2]);
        assert_eq!(shape(&|| vec![1.0; 5].given()), [5]);
        assert_eq!(shape(&|| [1.0, 2.0, 3.0][..].given()), [3]);
        assert_eq!(shape(&|| [[1.0, 2.0, 3.0]; 2].given()), [2, 3]);
        assert_eq!(shape(&|| [[[0.0_f32; 4]; 3]; 2].given()), [2, 3, 4]);
        assert_eq!(shape(&|| [[0.0; 0]; 2].given()), [2, 0]);
        let given = [[0.1_f32, 2.0], [3.0, 4.0]].given().unwrap();
        assert_eq!(given.as_numbers().unwrap()[0], f64::from(0.1_f32));
        assert!(None::<Vec<f64>>.given().is_err());
        assert_eq!(shape(&|| Some(vec![1.0]).given()), [1]);
    }
}

//! Values that were given: numbers, or a tensor that they are read from.

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "tch")]
pub(crate) use self::with_tensors::Held;
use crate::numeric::extent::place_of;
use crate::{Cause, Dtype, Reason};

/// Values that were given, as [`Law::given`](crate::Law::given) keeps them.
///
/// Of a tensor it holds a handle, of a [file](crate::Weights) its place there: the values are read when a plan is
/// executed. Two are equal if they are the same numbers, or one memory or place in a file read in one way, at one
/// scale. A blueprint in a file has their shape alone, and what is read of it cannot be written.
///
/// ```
/// use nninit::Law;
/// use nninit::laws::Given;
///
/// let table = Given::numbers(&[2, 3], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
/// assert_eq!(table.shape(), [2, 3]);
/// assert_eq!(Law::given(table).to_string(), "copy");
/// assert!(Given::numbers(&[2, 3], [1.0, 2.0]).is_err());
/// # Ok::<(), nninit::Reason>(())
/// ```
#[derive(Clone)]
pub struct Given {
    shape: Arc<[i64]>,
    values: Values,
    scale: f64,
}

#[derive(Clone)]
enum Values {
    Numbers(Arc<[f64]>),
    #[cfg(feature = "tch")]
    Tensor(Arc<Held>),
    Stored(Stored),
    /// In the program that wrote the file.
    #[cfg_attr(
        not(feature = "serde"),
        expect(dead_code, reason = "files need `serde`")
    )]
    Elsewhere,
}

/// Values in a file, row by row, which are read from it when a plan is executed.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) dtype: Dtype,
    pub(crate) bytes: Arc<dyn Bytes>,
}

/// The bytes of one tensor in a file, least significant first.
pub(crate) trait Bytes: Send + Sync {
    /// As many bytes as `out` has, from byte `first` on.
    fn read(&self, first: u64, out: &mut [u8]) -> Result<(), Cause>;

    /// Refuses a file that is no longer what it was when it was opened.
    fn read_again(&self) -> Result<(), Cause>;
}

impl Given {
    /// Numbers, row by row.
    ///
    /// # Errors
    ///
    /// [`ReasonKind::Shape`](crate::ReasonKind::Shape) where there are more or fewer than `shape` says.
    pub fn numbers(shape: &[i64], numbers: impl Into<Arc<[f64]>>) -> Result<Self, Reason> {
        let numbers: Arc<[f64]> = numbers.into();
        let elements = shape
            .iter()
            .try_fold(1_i64, |product, &length| product.checked_mul(length));
        let fits = |elements: i64| usize::try_from(elements) == Ok(numbers.len());
        if shape.iter().all(|&length| length >= 0) && elements.is_some_and(fits) {
            return Ok(Self {
                shape: shape.into(),
                values: Values::Numbers(numbers),
                scale: 1.0,
            });
        }
        Err(Cause::GivenCount {
            shape: shape.to_vec(),
            count: numbers.len(),
        }
        .into())
    }

    pub(crate) fn stored(shape: &[i64], stored: Stored) -> Self {
        Self {
            shape: shape.into(),
            values: Values::Stored(stored),
            scale: 1.0,
        }
    }

    /// What was read from a file.
    #[cfg(feature = "serde")]
    pub(super) fn elsewhere(shape: &[i64], scale: f64) -> Self {
        Self {
            shape: shape.into(),
            values: Values::Elsewhere,
            scale,
        }
    }

    /// The shape of the values: that of the parameter, region, slice or chunk that they are written to.
    #[must_use]
    pub fn shape(&self) -> &[i64] {
        &self.shape
    }

    /// What each value is multiplied by.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.scale
    }

    pub(super) fn scaled(self, factor: f64) -> Self {
        Self {
            scale: self.scale * factor,
            ..self
        }
    }

    pub(super) fn same_data(&self, other: &Self) -> bool {
        self.shape == other.shape && self.scale == other.scale
    }

    /// The numbers, where they are such.
    pub(crate) fn as_numbers(&self) -> Option<&[f64]> {
        match &self.values {
            Values::Numbers(numbers) => Some(numbers),
            #[cfg(feature = "tch")]
            Values::Tensor(_) => None,
            Values::Stored(_) | Values::Elsewhere => None,
        }
    }

    /// The file that they are read from, if it is one.
    pub(crate) fn in_file(&self) -> Option<&Stored> {
        match &self.values {
            Values::Stored(stored) => Some(stored),
            #[cfg(feature = "tch")]
            Values::Tensor(_) => None,
            Values::Numbers(_) | Values::Elsewhere => None,
        }
    }

    /// Whether the values are at hand.
    pub(crate) fn readable(&self) -> Result<(), Cause> {
        match self.values {
            Values::Numbers(_) | Values::Stored(_) => Ok(()),
            #[cfg(feature = "tch")]
            Values::Tensor(_) => Ok(()),
            Values::Elsewhere => Err(Cause::GivenElsewhere),
        }
    }

    /// Whether they are values for a block of this shape and elements of `dtype`; of a tensor's values only whether the
    /// kinds go together.
    pub(super) fn fits(&self, shape: &[i64], dtype: Dtype) -> Result<(), Cause> {
        if *self.shape != *shape {
            return Err(Cause::GivenShape {
                given: self.shape.to_vec(),
                shape: shape.to_vec(),
            });
        }
        if dtype.is_quantised() {
            return Err(Cause::Quantised { dtype });
        }
        match &self.values {
            Values::Numbers(numbers) => (0..).zip(&**numbers).try_for_each(|(index, &value)| {
                self.nearest(value, dtype).map(drop).ok_or_else(|| {
                    let place = place_of(index, &self.shape);
                    let value = value * self.scale;
                    Cause::GivenOutside {
                        value,
                        place,
                        dtype,
                    }
                })
            }),
            #[cfg(feature = "tch")]
            Values::Tensor(held) => real_beside(held.dtype(), dtype),
            Values::Stored(stored) => real_beside(stored.dtype, dtype),
            Values::Elsewhere => Ok(()),
        }
    }

    /// A value as elements of `dtype` hold it, if they do.
    pub(crate) fn nearest(&self, value: f64, dtype: Dtype) -> Option<f64> {
        let value = value * self.scale;
        let held = if value.is_finite() {
            dtype.holds(value) && (!dtype.is_whole() || value.fract() == 0.0)
        } else {
            dtype.has_infinity()
        };
        held.then(|| dtype.nearest(value))
    }
}

/// Refuses complex values for elements that are real.
fn real_beside(from: Dtype, dtype: Dtype) -> Result<(), Cause> {
    if from.is_complex() && !dtype.is_complex() {
        return Err(Cause::GivenComplex { from, dtype });
    }
    Ok(())
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Numbers(one), Self::Numbers(other)) => {
                let bits = |numbers: &[f64]| -> Vec<u64> {
                    numbers.iter().map(|number| number.to_bits()).collect()
                };
                Arc::ptr_eq(one, other) || bits(one) == bits(other)
            }
            #[cfg(feature = "tch")]
            (Self::Tensor(one), Self::Tensor(other)) => one.is_same(other),
            (Self::Stored(one), Self::Stored(other)) => {
                std::ptr::addr_eq(Arc::as_ptr(&one.bytes), Arc::as_ptr(&other.bytes))
            }
            (Self::Elsewhere, Self::Elsewhere) => true,
            _ => false,
        }
    }
}

impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        self.same_data(other) && self.values == other.values
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given")
            .field("shape", &self.shape)
            .field("scale", &self.scale)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "tch")]
mod with_tensors {
    use std::sync::{Arc, Mutex, PoisonError};

    use tch::{Device, Kind, Tensor};

    use super::{Given, Stored, Values};
    use crate::{Cause, Dtype, Reason};

    /// A handle to a tensor, and how it lay when it was given. Handles are `Send` and not `Sync`, and laws are both.
    pub(crate) struct Held {
        tensor: Mutex<Tensor>,
        lies: Lies,
    }

    /// What is read of a tensor that is read from.
    #[derive(Debug, Clone, PartialEq)]
    struct Lies {
        address: usize,
        shape: Vec<i64>,
        strides: Vec<i64>,
        kind: Kind,
        device: Device,
        /// Whether its memory holds the negatives or the conjugates of its values.
        lazy: bool,
    }

    impl Given {
        /// The values of a tensor, read when a plan is executed: by reference, so that what it holds then is copied.
        ///
        /// It may lie anywhere, also expanded, transposed or on another device.
        ///
        /// # Errors
        ///
        /// [`ReasonKind::Tensor`](crate::ReasonKind::Tensor) for one that is undefined, sparse, quantised or otherwise
        /// without elements of its own.
        ///
        /// ```
        /// use nninit::init;
        /// # use rand::SeedableRng;
        /// # if cfg!(feature = "doc-only") { return Ok(()) }
        /// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
        /// let pretrained = tch::Tensor::from_slice(&[1.0_f64, 2.0, 3.0]);
        /// let mut bias = tch::Tensor::zeros([3], (tch::Kind::Float, tch::Device::Cpu));
        /// init::apply_(&mut bias, nninit::declare::Step::copy("pretrained", &pretrained), &mut rng)?;
        /// assert_eq!(bias.double_value(&[2]), 3.0);
        /// # Ok::<(), nninit::Error>(())
        /// ```
        pub fn tensor(tensor: &Tensor) -> Result<Self, Reason> {
            let lies = Lies::of(tensor)?;
            Ok(Self {
                shape: lies.shape.as_slice().into(),
                values: Values::Tensor(Arc::new(Held {
                    tensor: Mutex::new(tensor.shallow_clone()),
                    lies,
                })),
                scale: 1.0,
            })
        }

        /// The same as it lies now.
        ///
        /// # Errors
        ///
        /// As [`tensor`](Self::tensor).
        pub(crate) fn read_anew(&self) -> Result<Self, Cause> {
            let Some(held) = self.held() else {
                return Ok(self.clone());
            };
            Ok(Self {
                scale: self.scale,
                ..Self::tensor(&held.tensor())?
            })
        }

        /// The tensor that they are read from, if it is one.
        pub(crate) fn held(&self) -> Option<&Held> {
            match &self.values {
                Values::Tensor(held) => Some(held),
                Values::Numbers(_) | Values::Stored(_) | Values::Elsewhere => None,
            }
        }
    }

    impl Stored {
        /// The values of this shape from element `first` on, as they are stored.
        pub(crate) fn tensor(&self, first: u64, shape: &[i64]) -> Result<Tensor, Cause> {
            let kind = self.dtype.kind();
            let size = kind.elt_size_in_bytes();
            let elements: i64 = shape.iter().product();
            let mut bytes = vec![0; elements as usize * size];
            self.bytes.read(first * size as u64, &mut bytes)?;
            Ok(Tensor::f_from_data_size(&bytes, shape, kind)?)
        }
    }

    impl Held {
        /// The tensor.
        pub(crate) fn tensor(&self) -> Tensor {
            let tensor = self.tensor.lock().unwrap_or_else(PoisonError::into_inner);
            tensor.shallow_clone()
        }

        pub(crate) fn dtype(&self) -> Dtype {
            self.lies.kind.into()
        }

        /// Refuses a tensor that no longer lies as it did.
        pub(crate) fn read_again(&self) -> Result<(), Cause> {
            let now = Lies::of(&self.tensor())?;
            if now == self.lies {
                return Ok(());
            }
            let shown = |lies: &Lies| {
                format!(
                    "{} of shape {:?} at {:#x}",
                    Dtype::from(lies.kind),
                    lies.shape,
                    lies.address
                )
            };
            Err(Cause::GivenChanged {
                was: shown(&self.lies),
                is: shown(&now),
            })
        }

        pub(super) fn is_same(&self, other: &Self) -> bool {
            self.lies == other.lies
        }
    }

    impl Lies {
        fn of(tensor: &Tensor) -> Result<Self, Cause> {
            let refused = |layout| Err(Cause::NotStrided { layout });
            if !tensor.defined() {
                return Err(Cause::Undefined);
            }
            if !matches!(tensor.f_sparse_dim(), Ok(0)) {
                return refused(
                    "sparse, in a layout of another library, or without a shape of its own",
                );
            }
            let kind = tensor.f_kind()?;
            if Dtype::from(kind).is_quantised() {
                return refused("quantised");
            }
            let lies = Self {
                address: tensor.data_ptr().addr(),
                shape: tensor.size(),
                strides: tensor.stride(),
                kind,
                device: tensor.device(),
                lazy: tensor.f_is_neg()? || Dtype::from(kind).is_complex() && tensor.f_is_conj()?,
            };
            if lies.address == 0 && !lies.shape.contains(&0) {
                return refused("without memory of its own");
            }
            Ok(lies)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Law;

    fn given(shape: &[i64], numbers: &[f64]) -> Given {
        Given::numbers(shape, numbers).unwrap()
    }

    fn refused(law: &Law, shape: &[i64], dtype: Dtype) -> String {
        law.fits(shape, dtype).unwrap_err().to_string()
    }

    #[test]
    fn shapes_have_to_be_equal() {
        let law = Law::given(given(&[1], &[3.0]));
        assert_eq!(law.fits(&[1], Dtype::F32), Ok(()));
        assert_eq!(
            refused(&law, &[2, 2], Dtype::F32),
            "the values are [1], and nothing is broadcast to [2, 2]; write `constant, val = …` for one number, \
             `copy = tensor.expand([2, 2], false)` for what `expand` makes of it, or `batch = N` for equal slices"
        );
        assert!(refused(&law, &[], Dtype::F32).contains("nothing is broadcast to []"));
        let text = Given::numbers(&[2, 3], [0.0; 5]).unwrap_err().to_string();
        assert_eq!(text, "a shape of [2, 3] is not that of 5 numbers");
        assert!(Given::numbers(&[-1, -5], [0.0; 5]).is_err());
        assert!(Given::numbers(&[1 << 62, 4], [0.0; 0]).is_err());
    }

    #[test]
    fn numbers_have_to_be_of_the_kind() {
        let law = |numbers: &[f64]| Law::given(given(&[2, 1], numbers));
        assert_eq!(
            refused(&law(&[0.0, 65520.0]), &[2, 1], Dtype::F16),
            "65520 at [1, 0] cannot be held by f16, which reaches from -65504 to 65504"
        );
        assert!(refused(&law(&[0.5, 1.0]), &[2, 1], Dtype::I64).contains("0.5 at [0, 0]"));
        assert!(refused(&law(&[f64::NAN, 1.0]), &[2, 1], Dtype::I64).contains("NaN at [0, 0]"));
        for dtype in [Dtype::F64, Dtype::F32, Dtype::F16, Dtype::Complex64] {
            let given = law(&[f64::NAN, f64::NEG_INFINITY]);
            assert_eq!(given.fits(&[2, 1], dtype), Ok(()), "{dtype}");
        }
        let halved = law(&[65520.0, 1.0]).scaled(0.5, Dtype::F16).unwrap();
        assert_eq!(halved.fits(&[2, 1], Dtype::F16), Ok(()));
    }

    #[test]
    fn values_are_compared() {
        let law = |numbers: &[f64]| Law::given(given(&[2], numbers));
        assert_eq!(law(&[1.0, f64::NAN]), law(&[1.0, f64::NAN]));
        assert_ne!(law(&[1.0, 0.0]), law(&[1.0, -0.0]));
        assert!(law(&[1.0, 2.0]).same_data(&law(&[3.0, 4.0])));
    }
}

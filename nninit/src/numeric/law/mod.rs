//! What a scheme comes to once the shape is known: the values' distribution, with its numbers.

mod by_index;
mod check;
mod custom;
mod elementwise;
mod given;
mod held;
mod mapped;
mod sample;
#[cfg(feature = "serde")]
mod serde;
mod show;
mod structured;
mod table;

use rand_distr::Distribution;
use std::mem::discriminant;

pub use self::by_index::ByIndex;
pub(crate) use self::by_index::OfPlaces;
pub use self::custom::Custom;
pub use self::elementwise::Elementwise;
pub use self::given::Given;
pub(crate) use self::given::{Bytes, Stored};
pub use self::mapped::Mapped;
pub(crate) use self::mapped::{Function as MapFunction, Map};
pub(crate) use self::sample::Drawer;
pub use self::sample::Sample;
pub(crate) use self::show::Number;
pub use self::structured::Structured;
pub use self::table::{Formula, Table};
use crate::{Cause, Dtype};

/// The distribution that a step writes, resolved for one parameter.
///
/// A scheme resolves to a law, a plan shows it, and the engine draws from it. Its `Display` form is what a plan's table
/// shows, numbers to four significant digits:
///
/// ```
/// use nninit::Law;
///
/// assert_eq!(Law::normal(0.0, 0.029_462_782).to_string(), "N(0, 0.02946²)");
/// assert_eq!(Law::uniform(-0.1, 0.1).to_string(), "U(-0.1, 0.1)");
/// assert_eq!(Law::constant(0.0).to_string(), "constant 0");
/// ```
///
/// With the feature `serde` laws are serialised, numbers exact. Of a user's function or distribution the file has the
/// name alone: what is read back can be shown and compared, and refuses to draw.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Law {
    /// Every element is `value`.
    Constant {
        /// The value.
        value: f64,
    },
    /// Every element is drawn by itself.
    Elementwise(Elementwise),
    /// What an element is depends on its place in a matrix or kernel.
    Structured(Structured),
    /// What an element is follows from its place, by a formula of this crate's.
    Table(Table),
    /// Values that were given.
    Given(Given),
    /// A function of the user's of the element's place.
    ByIndex(ByIndex),
    /// Drawn from a law of this crate, each draw through a function of the user's.
    Mapped(Mapped),
    /// Drawn from a distribution of the user's.
    Sample(Sample),
    /// Written by a function of the user's.
    Custom(Custom),
}

impl Law {
    /// Every element is `value`.
    #[must_use]
    pub const fn constant(value: f64) -> Self {
        Self::Constant { value }
    }

    /// Uniform on `[low, high)`.
    #[must_use]
    pub const fn uniform(low: f64, high: f64) -> Self {
        Self::Elementwise(Elementwise::Uniform { low, high })
    }

    /// Normal with this mean and standard deviation.
    #[must_use]
    pub const fn normal(mean: f64, std: f64) -> Self {
        Self::Elementwise(Elementwise::Normal { mean, std })
    }

    /// Normal cut to `[low, high]`, both absolute; an infinite bound cuts nothing.
    #[must_use]
    pub const fn trunc_normal(mean: f64, std: f64, low: f64, high: f64) -> Self {
        Self::Elementwise(Elementwise::TruncNormal {
            mean,
            std,
            low,
            high,
        })
    }

    /// exp of a uniform from ln `low` to ln `high`: equally likely in every factor of the interval.
    ///
    /// ```
    /// assert_eq!(nninit::Law::log_uniform(0.001, 0.1).to_string(), "log-uniform(0.001, 0.1)");
    /// ```
    #[must_use]
    pub const fn log_uniform(low: f64, high: f64) -> Self {
        Self::Elementwise(Elementwise::LogUniform { low, high })
    }

    /// The logarithm of a uniform from `low` to `high`.
    ///
    /// ```
    /// assert_eq!(nninit::Law::ln_uniform(1.0, 16.0).to_string(), "ln U(1, 16)");
    /// ```
    #[must_use]
    pub const fn ln_uniform(low: f64, high: f64) -> Self {
        let factor = 1.0;
        Self::Elementwise(Elementwise::LnUniform { low, high, factor })
    }

    /// softplus⁻¹(max(x, `floor`)), where x is log-uniform from `low` to `high` and softplus⁻¹(x) = x + ln(−expm1(−x)).
    ///
    /// ```
    /// let law = nninit::Law::softplus_inverse(0.001, 0.1, 0.0001);
    /// assert_eq!(law.to_string(), "softplus⁻¹(log-uniform(0.001, 0.1))");
    /// ```
    #[must_use]
    pub const fn softplus_inverse(low: f64, high: f64, floor: f64) -> Self {
        Self::Elementwise(Elementwise::SoftplusInverse {
            low,
            high,
            floor,
            factor: 1.0,
        })
    }

    /// A matrix with orthonormal rows or columns, times `gain`.
    #[must_use]
    pub const fn orthogonal(gain: f64) -> Self {
        Self::Structured(Structured::Orthogonal { gain })
    }

    /// A convolution weight that is orthogonal at its centre, times `gain`, and 0 elsewhere.
    #[must_use]
    pub const fn delta_orthogonal(gain: f64) -> Self {
        Self::Structured(Structured::DeltaOrthogonal { gain })
    }

    /// `gain` on the main diagonal of a matrix, 0 elsewhere.
    #[must_use]
    pub const fn eye(gain: f64) -> Self {
        Self::Structured(Structured::Eye { gain })
    }

    /// `gain` where a convolution of so many groups passes each input channel on unchanged, 0 elsewhere.
    #[must_use]
    pub const fn dirac(groups: i64, gain: f64) -> Self {
        Self::Structured(Structured::Dirac { groups, gain })
    }

    /// `N(0, std²)`, and `zeros` elements of each column of a matrix 0.
    #[must_use]
    pub const fn sparse(zeros: i64, std: f64) -> Self {
        Self::Structured(Structured::Sparse { zeros, std })
    }

    /// For the bias of a recurrent layer with so many gates: ln U(1, `max` − 1) for the second gate, the negatives of
    /// the same draws for the first of four, and 0 for the others.
    ///
    /// ```
    /// use nninit::Law;
    ///
    /// assert_eq!(Law::chrono(784, 4).to_string(), "chrono: ±ln U(1, 783), 4 gates");
    /// ```
    #[must_use]
    pub const fn chrono(max: i64, gates: i64) -> Self {
        let factor = 1.0;
        Self::Structured(Structured::Chrono { max, gates, factor })
    }

    /// What `formula` is at each element's place in the tensor, or in the region, slice or block that is written.
    ///
    /// ```
    /// use nninit::Law;
    /// use nninit::laws::Formula;
    ///
    /// assert_eq!(Law::table(Formula::AlibiSlopes).to_string(), "ALiBi slopes");
    /// ```
    #[must_use]
    pub const fn table(formula: Formula) -> Self {
        Self::Table(Table::new(formula))
    }

    /// The values that are given, rounded once to the parameter's kind. Nothing is drawn.
    ///
    /// Their shape is that of the parameter, or of the region, slice or chunk that is written. Infinities and NaN are
    /// copied; a number that the kind cannot hold is an error.
    #[must_use]
    pub const fn given(values: Given) -> Self {
        Self::Given(values)
    }

    /// What `function` is at each element's place in the whole parameter, rounded to the parameter's kind.
    ///
    /// The place is counted in the whole parameter, also within a region or a chunk. Nothing is drawn. A NaN is an
    /// error; an infinity stays one, as masks need it, and what lies beyond the greatest number of the kind becomes
    /// that number.
    ///
    /// ```
    /// use nninit::Law;
    ///
    /// let ramp = Law::by_index(|place: &[i64]| ((place[1] + 1) as f64).ln());
    /// assert_eq!(ramp.to_string(), "by index");
    /// ```
    #[must_use]
    pub fn by_index<F: Fn(&[i64]) -> f64 + Send + Sync + 'static>(function: F) -> Self {
        Self::ByIndex(ByIndex::new(function))
    }

    /// What `function` makes of each draw from `of`, rounded once to the parameter's kind.
    ///
    /// The draws are those of `of` alone: in `f32` for kinds of 16 bits. `function` has to make a number that the kind
    /// holds of every draw; a plan tries it where the law begins, ends (9.5 standard deviations from a mean) and has
    /// its middle, and an execution on every draw before anything is written, so each draw goes through it twice.
    ///
    /// ```
    /// use nninit::Law;
    /// use nninit::laws::Elementwise;
    ///
    /// let decay = Law::mapped(Elementwise::Uniform { low: 1.0, high: 16.0 }, f64::ln);
    /// assert_eq!(decay.to_string(), "ln of U(1, 16)");
    /// ```
    pub fn mapped<F: Fn(f64) -> f64 + Send + Sync + 'static>(of: Elementwise, function: F) -> Self {
        Self::Mapped(Mapped::new(of, Map::new(function)))
    }

    /// Drawn from `distribution`, element by element.
    #[must_use]
    pub fn sample<D: Distribution<f64> + Send + Sync + 'static>(distribution: D) -> Self {
        Self::Sample(Sample::new(distribution))
    }

    /// Written by `write`, which gets the parameter (or the region that `at` names) and its stream.
    ///
    /// The tensor is the parameter's own storage: write it in place (`copy_`, `fill_`, …). Gradients are off meanwhile.
    /// Such functions run after everything else has been written; one that fails half-way cannot be undone. Threads
    /// that run one function take turns; one that comes to run itself gets an error.
    #[cfg(feature = "tch")]
    #[must_use]
    pub fn custom<F>(write: F) -> Self
    where
        F: Fn(&mut tch::Tensor, &mut crate::Stream) -> Result<(), crate::BoxError> + Send + 'static,
    {
        Self::Custom(Custom::new(write))
    }

    /// The law of `factor` times a value of this one, for elements of `dtype`.
    ///
    /// # Errors
    ///
    /// For a factor that is negative or not finite, and one that takes the values out of the kind.
    pub(crate) fn scaled(self, factor: f64, dtype: Dtype) -> Result<Self, Cause> {
        let (parameter, value) = ("scale", factor);
        if !factor.is_finite() {
            return Err(Cause::NotFinite { parameter, value });
        }
        if factor < 0.0 {
            return Err(Cause::Negative { parameter, value });
        }
        // First the law as it is, so that an error names the number that was written.
        self.check_numbers()?;
        let overflows = || Cause::ScaleOverflows {
            scale: factor,
            law: self.to_string(),
            dtype,
        };
        let scaled = match self.clone() {
            // An infinite constant stays infinite.
            Self::Constant { value } if value.is_infinite() && factor > 0.0 => return Ok(self),
            Self::Constant { value } => {
                let value = value * factor;
                if !value.is_finite() {
                    return Err(overflows());
                }
                Self::Constant { value }
            }
            Self::Elementwise(law) => Self::Elementwise(law.scaled(factor)),
            Self::Structured(law) => Self::Structured(law.scaled(factor)),
            Self::Table(table) => Self::Table(table.scaled(factor)),
            Self::Given(given) => Self::Given(given.scaled(factor)),
            Self::ByIndex(of) => Self::ByIndex(of.scaled(factor)),
            Self::Mapped(mapped) => Self::Mapped(mapped.scaled(factor)),
            Self::Sample(sample) => Self::Sample(sample.scaled(factor)),
            Self::Custom(custom) => Self::Custom(custom.scaled(factor)),
        };
        scaled.check_numbers().map_err(|_| overflows())?;
        if self.check_kind(dtype).is_ok() {
            scaled.check_kind(dtype).map_err(|_| overflows())?;
        }
        Ok(scaled)
    }

    /// The law whose draws go through `map`.
    ///
    /// # Errors
    ///
    /// For a law whose elements are not drawn by themselves, or whose draws go through a function already.
    pub(crate) fn through(self, map: Map) -> Result<Self, Cause> {
        match self {
            Self::Elementwise(of) => Ok(Self::Mapped(Mapped::new(of, map))),
            law => Err(Cause::MapsNoDraws {
                law: law.to_string(),
            }),
        }
    }

    /// Whether random numbers are drawn for it, or may be.
    pub(crate) fn is_random(&self) -> bool {
        match self {
            Self::Constant { .. } | Self::Table(_) | Self::Given(_) | Self::ByIndex(_) => false,
            Self::Structured(law) => law.is_drawn(),
            Self::Elementwise(_) | Self::Mapped(_) | Self::Sample(_) | Self::Custom(_) => true,
        }
    }

    /// Whether it makes of each block one orthogonal matrix.
    /// Whether both are of one variant, whatever their numbers.
    pub(crate) fn is_of_the_kind_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Elementwise(one), Self::Elementwise(other)) => {
                discriminant(one) == discriminant(other)
            }
            (Self::Structured(one), Self::Structured(other)) => {
                discriminant(one) == discriminant(other)
            }
            _ => discriminant(self) == discriminant(other),
        }
    }

    pub(crate) fn is_orthogonal(&self) -> bool {
        matches!(self, Self::Structured(Structured::Orthogonal { .. }))
    }

    /// Whether the two say the same in a file: functions and distributions compared by their names, since a file holds
    /// no more of them.
    #[allow(dead_code, reason = "blueprints ask it, read from a file")]
    pub(crate) fn same_data(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Given(one), Self::Given(other)) => one.same_data(other),
            (Self::ByIndex(one), Self::ByIndex(other)) => one.same_data(other),
            (Self::Mapped(one), Self::Mapped(other)) => one.same_data(other),
            (Self::Sample(one), Self::Sample(other)) => one.same_data(other),
            (Self::Custom(one), Self::Custom(other)) => one.same_data(other),
            (
                Self::Constant { .. }
                | Self::Elementwise(_)
                | Self::Structured(_)
                | Self::Table(_)
                | Self::Given(_)
                | Self::ByIndex(_)
                | Self::Mapped(_)
                | Self::Sample(_)
                | Self::Custom(_),
                _,
            ) => self == other,
        }
    }

    /// Whether it can be drawn: what was read from a file holds no functions.
    #[allow(dead_code, reason = "blueprints ask it, read from a file")]
    pub(crate) fn drawable(&self) -> Result<(), Cause> {
        match self {
            Self::Constant { .. } | Self::Elementwise(_) | Self::Structured(_) | Self::Table(_) => {
                Ok(())
            }
            Self::Given(given) => given.readable(),
            Self::ByIndex(of) => of.of_places(&[]).map(|_| ()),
            Self::Mapped(mapped) => mapped.function().map(|_| ()),
            Self::Sample(sample) => sample.drawer().map(|_| ()),
            Self::Custom(custom) => custom.function().map(|_| ()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_multiplies_what_is_drawn() {
        let scaled = |law: Law, factor| law.scaled(factor, Dtype::F64).unwrap();
        assert_eq!(
            scaled(Law::uniform(-1.0, 3.0), 2.0),
            Law::uniform(-2.0, 6.0)
        );
        assert_eq!(scaled(Law::normal(1.0, 2.0), 0.5), Law::normal(0.5, 1.0));
        assert_eq!(
            scaled(Law::trunc_normal(0.0, 1.0, -1.0, f64::INFINITY), 0.5),
            Law::trunc_normal(0.0, 0.5, -0.5, f64::INFINITY)
        );
        assert_eq!(scaled(Law::eye(2.0), 0.25), Law::eye(0.5));
        assert_eq!(scaled(Law::dirac(3, 1.0), 0.0), Law::dirac(3, 0.0));
        assert_eq!(
            scaled(Law::constant(f64::NEG_INFINITY), 2.0),
            Law::constant(f64::NEG_INFINITY)
        );
    }

    #[test]
    fn a_negative_scale_is_refused_of_every_law() {
        for law in [
            Law::constant(1.0),
            Law::uniform(0.0, 1.0),
            Law::normal(0.0, 1.0),
            Law::orthogonal(1.0),
            Law::sample(rand_distr::StandardNormal),
        ] {
            let refused = law.scaled(-1.0, Dtype::F64).unwrap_err();
            assert_eq!(refused.to_string(), "`scale` is -1; it must be 0 or more");
        }
    }

    #[test]
    fn what_was_written_is_named() {
        let refused = |law: Law, factor| law.scaled(factor, Dtype::F32).unwrap_err().to_string();
        assert_eq!(
            refused(Law::normal(0.0, 100.0), 1e308),
            "`scale` is 1e308, and N(0, 100²) times that cannot be held by f32; write another"
        );
        assert_eq!(
            refused(Law::constant(1e200), 1e200),
            "`scale` is 1e200, and constant 1e200 times that cannot be held by f32; write another"
        );
        assert_eq!(
            refused(Law::normal(0.0, -1.0), 1e308),
            "`std` is -1; it must be 0 or more"
        );
        assert_eq!(
            refused(Law::uniform(-0.5, 0.5), 1e40),
            "`scale` is 1e40, and U(-0.5, 0.5) times that cannot be held by f32; write another"
        );
        assert!(
            Law::constant(f64::INFINITY)
                .scaled(0.0, Dtype::F32)
                .is_err()
        );
        assert!(Law::uniform(0.0, 1.0).scaled(f64::NAN, Dtype::F32).is_err());
    }

    #[test]
    fn distributions_are_compared_by_identity() {
        let normal = rand_distr::Normal::new(0.0, 1.0).unwrap();
        let law = Law::sample(normal);
        assert_eq!(law, law.clone());
        assert_ne!(law, Law::sample(normal));
        assert!(law.same_data(&Law::sample(normal)));
        assert_ne!(law, law.clone().scaled(2.0, Dtype::F32).unwrap());
        let standard = || Law::sample(rand_distr::StandardNormal);
        assert_eq!(standard(), standard());
        assert_ne!(standard(), Law::sample(rand_distr::Exp1));
        let Law::Sample(sample) = law else {
            unreachable!("a sample law")
        };
        assert_eq!(sample.name(), "Normal");
    }

    #[test]
    fn laws_cross_threads() {
        fn crosses<T: Send + Sync + Clone + 'static>() {}
        crosses::<Law>();
    }
}

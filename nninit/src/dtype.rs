//! What the elements of a tensor can hold, and how numbers are rounded to it.

use std::fmt;
use std::str::FromStr;

/// The kind of a tensor's elements, as far as initialisation has to know it.
///
/// It mirrors `tch::Kind` without depending on libtorch, so that schemes and laws can be resolved without it. Its
/// `Display` form reads back:
///
/// ```
/// use nninit::Dtype;
///
/// assert_eq!(Dtype::BF16.to_string(), "bf16");
/// assert_eq!("float8_e4m3fn".parse(), Ok(Dtype::Float8E4M3FN));
/// assert!("fp32".parse::<Dtype>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dtype {
    /// IEEE double precision.
    F64,
    /// IEEE single precision.
    F32,
    /// IEEE half precision, largest number 65504.
    F16,
    /// The upper half of an `f32`.
    BF16,
    /// Unsigned 8-bit integer.
    U8,
    /// Signed 8-bit integer.
    I8,
    /// Signed 16-bit integer.
    I16,
    /// Signed 32-bit integer.
    I32,
    /// Signed 64-bit integer.
    I64,
    /// Truth value; 0 and 1 are its numbers.
    Bool,
    /// Complex number of two `f16`.
    Complex32,
    /// Complex number of two `f32`.
    Complex64,
    /// Complex number of two `f64`.
    Complex128,
    /// 8-bit float of 2 bits of significand, with infinities.
    Float8E5M2,
    /// 8-bit float of 3 bits of significand, without infinities.
    Float8E4M3FN,
    /// 8-bit float of 2 bits of significand, without infinities and negative zero.
    Float8E5M2FNUZ,
    /// 8-bit float of 3 bits of significand, without infinities and negative zero.
    Float8E4M3FNUZ,
    /// Signed 8-bit integer that stands for a number by the tensor's scale.
    QInt8,
    /// Unsigned 8-bit integer that stands for a number by the tensor's scale.
    QUInt8,
    /// Signed 32-bit integer that stands for a number by the tensor's scale.
    QInt32,
}

/// A binary floating-point format: numbers `±m · 2^e`, with `m` of `digits` bits.
struct Format {
    digits: i32,
    /// Of the last digit of the smallest numbers.
    least_exponent: i32,
    max: f64,
}

impl Dtype {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::F64,
        Self::F32,
        Self::F16,
        Self::BF16,
        Self::U8,
        Self::I8,
        Self::I16,
        Self::I32,
        Self::I64,
        Self::Bool,
        Self::Complex32,
        Self::Complex64,
        Self::Complex128,
        Self::Float8E5M2,
        Self::Float8E4M3FN,
        Self::Float8E5M2FNUZ,
        Self::Float8E4M3FNUZ,
        Self::QInt8,
        Self::QUInt8,
        Self::QInt32,
    ];

    /// The name that plans and files use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::BF16 => "bf16",
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::Bool => "bool",
            Self::Complex32 => "complex32",
            Self::Complex64 => "complex64",
            Self::Complex128 => "complex128",
            Self::Float8E5M2 => "float8_e5m2",
            Self::Float8E4M3FN => "float8_e4m3fn",
            Self::Float8E5M2FNUZ => "float8_e5m2fnuz",
            Self::Float8E4M3FNUZ => "float8_e4m3fnuz",
            Self::QInt8 => "qint8",
            Self::QUInt8 => "quint8",
            Self::QInt32 => "qint32",
        }
    }

    /// Whether random and structured schemes can be written to it.
    #[must_use]
    pub const fn is_real(self) -> bool {
        matches!(self, Self::F64 | Self::F32 | Self::F16 | Self::BF16)
    }

    /// Whether its elements are complex numbers.
    #[must_use]
    pub const fn is_complex(self) -> bool {
        matches!(self, Self::Complex32 | Self::Complex64 | Self::Complex128)
    }

    /// The kind of the real and imaginary parts; of a kind that is not complex, the kind itself.
    #[must_use]
    pub const fn of_parts(self) -> Self {
        match self {
            Self::Complex32 => Self::F16,
            Self::Complex64 => Self::F32,
            Self::Complex128 => Self::F64,
            other => other,
        }
    }

    /// Whether it holds whole numbers (or truth values) only.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        matches!(
            self,
            Self::U8 | Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::Bool
        )
    }

    /// Whether its elements stand for numbers by a scale that the tensor has.
    #[must_use]
    pub const fn is_quantised(self) -> bool {
        matches!(self, Self::QInt8 | Self::QUInt8 | Self::QInt32)
    }

    /// Whether it holds infinities.
    #[must_use]
    pub const fn has_infinity(self) -> bool {
        match self {
            Self::F64
            | Self::F32
            | Self::F16
            | Self::BF16
            | Self::Complex32
            | Self::Complex64
            | Self::Complex128
            | Self::Float8E5M2 => true,
            Self::U8
            | Self::I8
            | Self::I16
            | Self::I32
            | Self::I64
            | Self::Bool
            | Self::Float8E4M3FN
            | Self::Float8E5M2FNUZ
            | Self::Float8E4M3FNUZ
            | Self::QInt8
            | Self::QUInt8
            | Self::QInt32 => false,
        }
    }

    /// Bytes that one element takes.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Complex128 => 16,
            Self::F64 | Self::I64 | Self::Complex64 => 8,
            Self::F32 | Self::I32 | Self::Complex32 | Self::QInt32 => 4,
            Self::F16 | Self::BF16 | Self::I16 => 2,
            Self::U8
            | Self::I8
            | Self::Bool
            | Self::Float8E5M2
            | Self::Float8E4M3FN
            | Self::Float8E5M2FNUZ
            | Self::Float8E4M3FNUZ
            | Self::QInt8
            | Self::QUInt8 => 1,
        }
    }

    /// The largest finite number it holds, of those that an `f64` holds.
    #[must_use]
    pub const fn max(self) -> f64 {
        match self.format() {
            Some(format) => format.max,
            None => match self {
                Self::U8 | Self::QUInt8 => u8::MAX as f64,
                Self::I8 | Self::QInt8 => i8::MAX as f64,
                Self::I16 => i16::MAX as f64,
                Self::I32 | Self::QInt32 => i32::MAX as f64,
                // `i64::MAX as f64` is the number after it.
                Self::I64 => 9_223_372_036_854_774_784.0,
                _ => 1.0,
            },
        }
    }

    /// The smallest (most negative) finite number it holds.
    #[must_use]
    pub const fn min(self) -> f64 {
        match self {
            Self::U8 | Self::QUInt8 | Self::Bool => 0.0,
            Self::I8 | Self::QInt8 => i8::MIN as f64,
            Self::I16 => i16::MIN as f64,
            Self::I32 | Self::QInt32 => i32::MIN as f64,
            Self::I64 => i64::MIN as f64,
            _ => -self.max(),
        }
    }

    /// Whether `value`, rounded to this kind, is still a finite number of it.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        match self.format() {
            // Half a unit in the last place beyond the largest number still rounds down to it.
            Some(format) => {
                value.abs() <= format.max
                    || value.is_finite() && format.rounded(value).abs() <= format.max
            }
            None => self.min() <= value && value <= self.max(),
        }
    }

    /// The number of this kind that is nearest to `value`, ties to even: the one rule by which values are rounded.
    ///
    /// What lies beyond the largest number is that number; infinities and NaN stay what they are.
    ///
    /// ```
    /// use nninit::Dtype;
    ///
    /// assert_eq!(Dtype::F16.nearest(65519.0), 65504.0);
    /// // Once, from the f64: by way of f32 it would be 1.
    /// assert_eq!(Dtype::BF16.nearest(1.003_906_250_000_1), 1.007_812_5);
    /// ```
    #[must_use]
    pub fn nearest(self, value: f64) -> f64 {
        if !value.is_finite() {
            return value;
        }
        match self.format() {
            Some(format) => {
                self.without_negative_zero(format.rounded(value).clamp(-format.max, format.max))
            }
            None => value.round_ties_even().clamp(self.min(), self.max()),
        }
    }

    /// What libtorch's `fill_` makes of a `value` that the kind [`holds`](Self::holds): for kinds shorter than `f32` it
    /// rounds twice, first to `f32`.
    pub(crate) fn as_filled(self, value: f64) -> f64 {
        match self.format() {
            Some(format) if format.digits < f32::MANTISSA_DIGITS as i32 => {
                self.nearest(f64::from(value as f32))
            }
            _ => self.nearest(value),
        }
    }

    /// `value`, or what of the kind's range is nearest to it; infinities stay.
    #[cfg(feature = "tch")]
    pub(crate) fn within(self, value: f64) -> f64 {
        if value.is_infinite() {
            return value;
        }
        value.clamp(self.min(), self.max())
    }

    fn without_negative_zero(self, value: f64) -> f64 {
        match self {
            Self::Float8E5M2FNUZ | Self::Float8E4M3FNUZ => value + 0.0,
            _ => value,
        }
    }

    /// How numbers are held, of floating-point kinds and of either part of complex ones.
    const fn format(self) -> Option<Format> {
        let (digits, least_exponent, max) = match self {
            Self::F64 | Self::Complex128 => (53, -1074, f64::MAX),
            Self::F32 | Self::Complex64 => (24, -149, f32::MAX as f64),
            Self::F16 | Self::Complex32 => (11, -24, 65504.0),
            Self::BF16 => (8, -133, 3.389_531_389_251_535_5e38),
            Self::Float8E5M2 => (3, -16, 57344.0),
            Self::Float8E4M3FN => (4, -9, 448.0),
            Self::Float8E5M2FNUZ => (3, -17, 57344.0),
            Self::Float8E4M3FNUZ => (4, -10, 240.0),
            Self::U8
            | Self::I8
            | Self::I16
            | Self::I32
            | Self::I64
            | Self::Bool
            | Self::QInt8
            | Self::QUInt8
            | Self::QInt32 => return None,
        };
        Some(Format {
            digits,
            least_exponent,
            max,
        })
    }
}

impl Format {
    /// The multiple of the last digit's place that is nearest to a finite `value`, ties to even; it may lie beyond the
    /// largest number.
    fn rounded(&self, value: f64) -> f64 {
        if self.digits == f64::MANTISSA_DIGITS as i32 {
            return value;
        }
        let exponent = (value.to_bits() >> 52 & 0x7FF) as i32 - 1023;
        let place = (exponent - self.digits + 1).max(self.least_exponent);
        (value * power_of_two(-place)).round_ties_even() * power_of_two(place)
    }
}

/// 2 to a power from -1022 to 1023.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind {0:?}; it is one of {names}", names = Dtype::ALL.map(Dtype::name).join(", "))]
pub struct ParseDtypeError(String);

impl FromStr for Dtype {
    type Err = ParseDtypeError;

    fn from_str(name: &str) -> Result<Self, ParseDtypeError> {
        Self::ALL
            .into_iter()
            .find(|dtype| dtype.name() == name)
            .ok_or_else(|| ParseDtypeError(name.to_owned()))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Dtype {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Dtype {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "tch")]
impl Dtype {
    /// libtorch's name of the kind.
    pub(crate) fn kind(self) -> tch::Kind {
        use tch::Kind;
        match self {
            Self::F64 => Kind::Double,
            Self::F32 => Kind::Float,
            Self::F16 => Kind::Half,
            Self::BF16 => Kind::BFloat16,
            Self::U8 => Kind::Uint8,
            Self::I8 => Kind::Int8,
            Self::I16 => Kind::Int16,
            Self::I32 => Kind::Int,
            Self::I64 => Kind::Int64,
            Self::Bool => Kind::Bool,
            Self::Complex32 => Kind::ComplexHalf,
            Self::Complex64 => Kind::ComplexFloat,
            Self::Complex128 => Kind::ComplexDouble,
            Self::Float8E5M2 => Kind::Float8e5m2,
            Self::Float8E4M3FN => Kind::Float8e4m3fn,
            Self::Float8E5M2FNUZ => Kind::Float8e5m2fnuz,
            Self::Float8E4M3FNUZ => Kind::Float8e4m3fnuz,
            Self::QInt8 => Kind::QInt8,
            Self::QUInt8 => Kind::QUInt8,
            Self::QInt32 => Kind::QInt32,
        }
    }
}

#[cfg(feature = "tch")]
impl From<tch::Kind> for Dtype {
    fn from(kind: tch::Kind) -> Self {
        use tch::Kind;
        match kind {
            Kind::Double => Self::F64,
            Kind::Float => Self::F32,
            Kind::Half => Self::F16,
            Kind::BFloat16 => Self::BF16,
            Kind::Uint8 => Self::U8,
            Kind::Int8 => Self::I8,
            Kind::Int16 => Self::I16,
            Kind::Int => Self::I32,
            Kind::Int64 => Self::I64,
            Kind::Bool => Self::Bool,
            Kind::ComplexHalf => Self::Complex32,
            Kind::ComplexFloat => Self::Complex64,
            Kind::ComplexDouble => Self::Complex128,
            Kind::Float8e5m2 => Self::Float8E5M2,
            Kind::Float8e4m3fn => Self::Float8E4M3FN,
            Kind::Float8e5m2fnuz => Self::Float8E5M2FNUZ,
            Kind::Float8e4m3fnuz => Self::Float8E4M3FNUZ,
            Kind::QInt8 => Self::QInt8,
            Kind::QUInt8 => Self::QUInt8,
            Kind::QInt32 => Self::QInt32,
        }
    }
}

#[cfg(test)]
mod tests {
    use half::{bf16, f16};

    use super::*;

    /// Numbers at and beside ties, ends and the places where numbers get coarser.
    fn probes() -> impl Iterator<Item = f64> {
        let powers = (-160..140).map(|exponent| 2.0_f64.powi(exponent));
        let steps = [
            1.0,
            1.25,
            1.5,
            1.003_906_25,
            1.011_718_75,
            1.000_488_281_25,
            1.999_999_97,
        ];
        powers
            .flat_map(move |power| steps.map(|step| step * power))
            .flat_map(|x| [x, x.next_up(), x.next_down(), -x])
            .chain([
                0.0,
                -0.0,
                65519.99,
                65520.0,
                1e5,
                3.4e38,
                3.5e38,
                -1e39,
                f64::MAX,
                5e-324,
            ])
    }

    #[test]
    fn rounding_agrees_with_the_kinds_own() {
        for value in probes() {
            let same = |dtype: Dtype, theirs: f64| {
                assert_eq!(dtype.holds(value), theirs.is_finite(), "{value:e} {dtype}");
                let due = if theirs.is_finite() {
                    theirs
                } else {
                    dtype.max().copysign(value)
                };
                assert_eq!(
                    dtype.nearest(value).to_bits(),
                    due.to_bits(),
                    "{value:e} {dtype}"
                );
            };
            same(Dtype::F64, value);
            same(Dtype::F32, f64::from(value as f32));
            // What is already an f32 is rounded once by `half`.
            let single = f64::from(value as f32);
            if single == value {
                same(Dtype::F16, f16::from_f64(value).to_f64());
                same(Dtype::BF16, bf16::from_f64(value).to_f64());
            }
        }
    }

    #[test]
    fn eight_bits_round_as_their_tables_have_it() {
        // libtorch's `fill_`, read back.
        for (dtype, value, due) in [
            (Dtype::Float8E4M3FN, 17.0, 16.0),
            (Dtype::Float8E4M3FN, 447.0, 448.0),
            (Dtype::Float8E5M2, 464.0, 448.0),
            (Dtype::Float8E5M2FNUZ, 464.0, 448.0),
            (Dtype::Float8E4M3FNUZ, 17.0, 16.0),
            (Dtype::Float8E4M3FNUZ, 1e3, 240.0),
            (Dtype::Float8E5M2, 1e-5, 2.0_f64.powi(-16)),
            (Dtype::Float8E4M3FN, 2.0_f64.powi(-10), 0.0),
        ] {
            assert_eq!(dtype.nearest(value), due, "{value} {dtype}");
        }
        assert!(Dtype::Float8E4M3FN.holds(464.0), "a tie, and 448 is even");
        assert!(!Dtype::Float8E4M3FN.holds(464.1));
        assert!(!Dtype::Float8E4M3FNUZ.holds(448.0));
        assert!(Dtype::Float8E4M3FNUZ.nearest(-1e-9).is_sign_positive());
    }

    #[test]
    fn halves_are_rounded_once_and_filled_twice() {
        let beyond_a_tie = 1.003_906_250_000_1;
        assert_eq!(Dtype::BF16.nearest(beyond_a_tie), 1.007_812_5);
        assert_eq!(Dtype::BF16.as_filled(beyond_a_tie), 1.0);
        assert_eq!(Dtype::F32.as_filled(0.1), f64::from(0.1_f32));
    }

    #[test]
    fn whole_numbers_end_where_an_i64_does() {
        assert!(!Dtype::I64.holds(9_223_372_036_854_775_807_i64 as f64));
        assert!(Dtype::I64.holds(i64::MIN as f64));
        assert!(Dtype::I64.holds(Dtype::I64.max()));
        assert_eq!(Dtype::I64.max() as i64, i64::MAX - 1023);
    }

    #[test]
    fn names_parse_back() {
        for dtype in Dtype::ALL {
            assert_eq!(dtype.name().parse(), Ok(dtype));
        }
        let error = "float".parse::<Dtype>().unwrap_err().to_string();
        assert!(
            error.starts_with("unknown kind \"float\"; it is one of f64, f32"),
            "{error}"
        );
    }
}

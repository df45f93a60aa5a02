//! Laws whose draws go through a function of the user's.

use std::fmt;
use std::sync::Arc;

use super::Elementwise;
use super::held::{Held, Identity};
use crate::{Cause, Dtype};

/// A law of which each draw goes through a function of the user's, as [`Law::mapped`](crate::Law::mapped) keeps it.
///
/// Two are equal if their laws are and their functions are one object (or one function without data). What was read
/// from a file knows the function's name alone, and cannot be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped {
    of: Elementwise,
    map: Map,
}

impl Mapped {
    pub(crate) fn new(of: Elementwise, map: Map) -> Self {
        Self { of, map }
    }

    /// The law of the draws.
    #[must_use]
    pub fn of(&self) -> Elementwise {
        self.of
    }

    /// The name of the function, `closure` for a closure.
    #[must_use]
    pub fn name(&self) -> &str {
        self.map.0.name()
    }

    /// The law whose draws are `factor` times these before the function sees them.
    pub(super) fn scaled(self, factor: f64) -> Self {
        Self {
            of: self.of.scaled(factor),
            ..self
        }
    }

    pub(super) fn same_data(&self, other: &Self) -> bool {
        self.of == other.of && self.map.0.same_data(&other.map.0)
    }

    /// Whether the function makes numbers of `dtype` where the law begins, ends and has its middle.
    pub(super) fn check_kind(&self, dtype: Dtype) -> Result<(), Cause> {
        self.of.check_kind(dtype)?;
        let Ok(function) = self.function() else {
            // Only its name is known, and it is not called.
            return Ok(());
        };
        let (least, greatest) = self.of.range();
        for draw in [least, greatest, self.of.middle()] {
            function.check(draw, dtype)?;
        }
        Ok(())
    }

    /// The function, to be called.
    ///
    /// # Errors
    ///
    /// Where only its name is known.
    pub(crate) fn function(&self) -> Result<Function, Cause> {
        self.map.0.get().cloned()
    }
}

/// A function of a draw, and its name.
#[derive(Clone, PartialEq)]
pub(crate) struct Map(Held<Function>);

impl Map {
    pub(crate) fn new<F: Fn(f64) -> f64 + Send + Sync + 'static>(function: F) -> Self {
        Self(Held::new::<F>(Function(Arc::new(function))))
    }

    /// One that was read from a file.
    #[cfg(feature = "serde")]
    pub(crate) fn named(name: &str) -> Self {
        Self(Held::named(name, 1.0))
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Map").field(&self.0.name()).finish()
    }
}

/// A function of a draw, ready to be called.
#[derive(Clone)]
pub(crate) struct Function(Arc<dyn OfDraw>);

impl Function {
    /// Puts into each place of `out` what the function makes of the draw there.
    pub(crate) fn apply(&self, draws: &[f64], out: &mut [f64]) {
        self.0.apply(draws, out);
    }

    /// Whether it makes a number of `dtype` of this draw.
    fn check(&self, draw: f64, dtype: Dtype) -> Result<(), Cause> {
        let mut made = [0.0];
        self.apply(&[draw], &mut made);
        let [value] = made;
        if dtype.holds(value) {
            Ok(())
        } else {
            Err(Cause::MapsOut { draw, value, dtype })
        }
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.0.identity() == other.0.identity()
    }
}

trait OfDraw: Send + Sync {
    fn apply(&self, draws: &[f64], out: &mut [f64]);

    fn identity(&self) -> Identity;
}

impl<F: Fn(f64) -> f64 + Send + Sync + 'static> OfDraw for F {
    fn apply(&self, draws: &[f64], out: &mut [f64]) {
        for (value, &draw) in out.iter_mut().zip(draws) {
            *value = self(draw);
        }
    }

    fn identity(&self) -> Identity {
        Identity::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Law;

    #[test]
    fn a_function_is_tried_where_the_law_begins_ends_and_has_its_middle() {
        let fits = |of: Law, map: fn(f64) -> f64| {
            let Law::Elementwise(of) = of else {
                unreachable!("a law of single elements")
            };
            Law::mapped(of, map)
                .fits(&[3], Dtype::F32)
                .map_err(|cause| cause.to_string())
        };
        assert_eq!(fits(Law::uniform(1.0, 16.0), f64::ln), Ok(()));
        assert_eq!(fits(Law::normal(0.0, 1.0), f64::tanh), Ok(()));
        let refused = |of, map| fits(of, map).unwrap_err();
        assert_eq!(
            refused(Law::uniform(0.0, 16.0), f64::ln),
            "`map` makes -inf of 0, which the scheme can draw, and it has to make a number of f32 of every draw; write \
             bounds within which it does"
        );
        assert!(refused(Law::normal(0.0, 1.0), f64::sqrt).starts_with("`map` makes NaN of -9.5,"));
        assert!(refused(Law::normal(0.0, 10.0), f64::exp).starts_with("`map` makes 1.8"));
        assert!(refused(Law::uniform(-1.0, 1.0), f64::recip).starts_with("`map` makes inf of 0,"));
    }

    #[test]
    fn a_scale_is_inside_the_function() {
        let Law::Elementwise(of) = Law::uniform(1.0, 2.0) else {
            unreachable!("a law of single elements")
        };
        let scaled = Law::mapped(of, f64::ln).scaled(3.0, Dtype::F64).unwrap();
        let Law::Mapped(scaled) = scaled else {
            unreachable!("a mapped law")
        };
        assert_eq!(Law::Elementwise(scaled.of()), Law::uniform(3.0, 6.0));
        assert_eq!(scaled.name(), "ln");
    }

    #[test]
    fn functions_are_compared_by_identity() {
        let Law::Elementwise(of) = Law::uniform(1.0, 2.0) else {
            unreachable!("a law of single elements")
        };
        assert_eq!(Law::mapped(of, f64::ln), Law::mapped(of, f64::ln));
        assert_ne!(Law::mapped(of, f64::ln), Law::mapped(of, f64::exp));
        let holding = |factor: f64| Law::mapped(of, move |x| factor * x);
        assert_ne!(holding(2.0), holding(2.0));
        assert!(holding(2.0).same_data(&holding(3.0)));
    }
}

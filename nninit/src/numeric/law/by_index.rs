//! Values that a user's function gives for each place.

use std::fmt;
use std::sync::Arc;

use super::held::{Held, Identity};
use crate::Cause;
use crate::numeric::extent::place_of;

/// A function of the place, as [`Law::by_index`](crate::Law::by_index) keeps it.
///
/// Two are equal if they are one object (or one function without data) at one scale. What was read from a file knows
/// the function's name alone, and cannot be called.
#[derive(Clone, PartialEq)]
pub struct ByIndex(Held<Arc<dyn OfPlace>>);

impl ByIndex {
    pub(super) fn new<F: Fn(&[i64]) -> f64 + Send + Sync + 'static>(function: F) -> Self {
        Self(Held::new::<F>(Arc::new(function)))
    }

    /// One that was read from a file.
    #[cfg(feature = "serde")]
    pub(super) fn named(name: &str, scale: f64) -> Self {
        Self(Held::named(name, scale))
    }

    /// The name of the function.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// What each value is multiplied by.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.0.scale()
    }

    pub(super) fn scaled(self, factor: f64) -> Self {
        Self(self.0.scaled(factor))
    }

    pub(super) fn same_data(&self, other: &Self) -> bool {
        self.0.same_data(&other.0)
    }

    /// What makes the values of a parameter of this shape.
    ///
    /// # Errors
    ///
    /// Where only the name is known.
    pub(crate) fn of_places(&self, shape: &[i64]) -> Result<OfPlaces, Cause> {
        Ok(OfPlaces {
            function: self.0.get()?.clone(),
            scale: self.0.scale(),
            shape: shape.to_vec(),
        })
    }
}

/// A function of the place in a parameter, ready to be called.
#[derive(Clone)]
pub(crate) struct OfPlaces {
    function: Arc<dyn OfPlace>,
    scale: f64,
    /// The whole parameter's.
    shape: Vec<i64>,
}

impl OfPlaces {
    /// Hands the values from element `first` on, row-major, to `each`.
    pub(crate) fn each(&self, first: u64, count: usize, mut each: impl FnMut(usize, f64)) {
        let mut place = self.place_of(first);
        for element in 0..count {
            each(element, self.function.value(&place) * self.scale);
            self.advance(&mut place);
        }
    }

    /// Where element number `element` stands.
    pub(crate) fn place_of(&self, element: u64) -> Vec<i64> {
        place_of(element, &self.shape)
    }

    fn advance(&self, place: &mut [i64]) {
        for (index, length) in place.iter_mut().zip(&self.shape).rev() {
            *index += 1;
            if *index < *length {
                return;
            }
            *index = 0;
        }
    }
}

impl fmt::Debug for ByIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt("ByIndex", f)
    }
}

trait OfPlace: Send + Sync {
    fn value(&self, place: &[i64]) -> f64;

    fn identity(&self) -> Identity;
}

impl PartialEq for dyn OfPlace {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl<F: Fn(&[i64]) -> f64 + Send + Sync + 'static> OfPlace for F {
    fn value(&self, place: &[i64]) -> f64 {
        self(place)
    }

    fn identity(&self) -> Identity {
        Identity::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_up_in_row_major_order() {
        let of = ByIndex::new(|place: &[i64]| (place[0] * 100 + place[1] * 10 + place[2]) as f64);
        let places = of.of_places(&[2, 3, 2]).unwrap();
        let from = |first| {
            let mut values = Vec::new();
            places.each(first, 4, |_, value| values.push(value));
            values
        };
        assert_eq!(from(0), [0.0, 1.0, 10.0, 11.0]);
        assert_eq!(from(4), [20.0, 21.0, 100.0, 101.0]);
        let scalar = ByIndex::new(|place: &[i64]| place.len() as f64).scaled(0.5);
        scalar
            .of_places(&[])
            .unwrap()
            .each(0, 1, |_, value| assert_eq!(value, 0.0));
    }
}

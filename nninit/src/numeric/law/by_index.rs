//! Values that are a function of the user's of their place.

use std::fmt;
use std::sync::Arc;

use super::identity::Identity;
use crate::Cause;

/// A function of the place, as [`Law::by_index`](crate::Law::by_index) keeps it.
///
/// Two are equal if they are one object (or one function without data) at one scale. What was read from a file knows
/// the function's name alone, and cannot be called.
#[derive(Clone)]
pub struct ByIndex {
    name: Arc<str>,
    function: Option<Arc<dyn OfPlace>>,
    scale: f64,
}

impl ByIndex {
    pub(super) fn new<F: Fn(&[i64]) -> f64 + Send + Sync + 'static>(function: F) -> Self {
        Self {
            name: super::identity::type_name::<F>().into(),
            function: Some(Arc::new(function)),
            scale: 1.0,
        }
    }

    /// One that was read from a file.
    #[cfg(feature = "serde")]
    pub(super) fn named(name: &str, scale: f64) -> Self {
        Self {
            name: name.into(),
            function: None,
            scale,
        }
    }

    /// The name of the function.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
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

    /// What makes the values of a parameter of this shape.
    ///
    /// # Errors
    ///
    /// Where only the name is known.
    pub(crate) fn table(&self, shape: &[i64]) -> Result<Table, Cause> {
        let missing = || Cause::NotInFile {
            name: self.name.to_string(),
        };
        Ok(Table {
            function: self.function.clone().ok_or_else(missing)?,
            scale: self.scale,
            shape: shape.to_vec(),
        })
    }

    pub(super) fn same_data(&self, other: &Self) -> bool {
        self.name == other.name && self.scale == other.scale
    }
}

/// A function of the place in a parameter, ready to be called.
#[derive(Clone)]
pub(crate) struct Table {
    function: Arc<dyn OfPlace>,
    scale: f64,
    /// The whole parameter's.
    shape: Vec<i64>,
}

impl Table {
    /// Hands the values from element `first` on, row-major, to `each`.
    pub(crate) fn each(&self, first: u64, count: usize, mut each: impl FnMut(usize, f64)) {
        let mut place = self.place_of(first);
        for element in 0..count {
            each(element, self.function.value(&place) * self.scale);
            self.advance(&mut place);
        }
    }

    fn place_of(&self, element: u64) -> Vec<i64> {
        let mut rest = element as i64;
        let mut place = vec![0; self.shape.len()];
        for (index, length) in place.iter_mut().zip(&self.shape).rev() {
            (*index, rest) = (rest % length, rest / length);
        }
        place
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

impl PartialEq for ByIndex {
    fn eq(&self, other: &Self) -> bool {
        self.scale == other.scale
            && match (&self.function, &other.function) {
                (Some(one), Some(other)) => one.identity() == other.identity(),
                (None, None) => self.same_data(other),
                (Some(_), None) | (None, Some(_)) => false,
            }
    }
}

impl fmt::Debug for ByIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByIndex")
            .field("name", &self.name)
            .field("scale", &self.scale)
            .finish_non_exhaustive()
    }
}

trait OfPlace: Send + Sync {
    fn value(&self, place: &[i64]) -> f64;

    fn identity(&self) -> Identity;
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
        let table = of.table(&[2, 3, 2]).unwrap();
        let from = |first| {
            let mut values = Vec::new();
            table.each(first, 4, |_, value| values.push(value));
            values
        };
        assert_eq!(from(0), [0.0, 1.0, 10.0, 11.0]);
        assert_eq!(from(4), [20.0, 21.0, 100.0, 101.0]);
        let scalar = ByIndex::new(|place: &[i64]| place.len() as f64).scaled(0.5);
        scalar
            .table(&[])
            .unwrap()
            .each(0, 1, |_, value| assert_eq!(value, 0.0));
    }
}

//! What a law holds of a user's: a function or distribution, its name, and a factor.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use crate::Cause;

/// A function or distribution, under its name. What was read from a file has the name alone.
#[derive(Clone)]
pub(super) struct Held<T> {
    name: Arc<str>,
    value: Option<T>,
    scale: f64,
}

impl<T> Held<T> {
    /// `value` under the name of the type `N`.
    pub(super) fn new<N>(value: T) -> Self {
        Self {
            name: type_name::<N>().into(),
            value: Some(value),
            scale: 1.0,
        }
    }

    /// One that was read from a file.
    #[cfg(feature = "serde")]
    pub(super) fn named(name: &str, scale: f64) -> Self {
        Self {
            name: name.into(),
            value: None,
            scale,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    pub(super) fn scaled(self, factor: f64) -> Self {
        Self {
            scale: self.scale * factor,
            ..self
        }
    }

    /// What is held.
    ///
    /// # Errors
    ///
    /// Where only the name is known.
    pub(super) fn get(&self) -> Result<&T, Cause> {
        let missing = || Cause::NotInFile {
            name: self.name.to_string(),
        };
        self.value.as_ref().ok_or_else(missing)
    }

    pub(super) fn same_data(&self, other: &Self) -> bool {
        self.name == other.name && self.scale == other.scale
    }

    /// The `Debug` form of a type of this name that holds it.
    pub(super) fn fmt(&self, ty: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(ty)
            .field("name", &self.name)
            .field("scale", &self.scale)
            .finish_non_exhaustive()
    }
}

impl<T: PartialEq> PartialEq for Held<T> {
    /// Whether both hold the same, whatever its name.
    fn eq(&self, other: &Self) -> bool {
        self.scale == other.scale
            && match (&self.value, &other.value) {
                (Some(one), Some(other)) => one == other,
                (None, None) => self.same_data(other),
                (Some(_), None) | (None, Some(_)) => false,
            }
    }
}

/// What tells a function or distribution from every other: its type where it holds no data, its address where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    Type(TypeId),
    Place(usize),
}

impl Identity {
    /// Of something that stays where it is.
    pub(super) fn of<T: 'static>(value: &T) -> Self {
        if size_of::<T>() == 0 {
            Self::Type(TypeId::of::<T>())
        } else {
            Self::Place(std::ptr::from_ref(value).addr())
        }
    }
}

/// The last name of a type's path, without its parameters.
fn type_name<T>() -> &'static str {
    last_name(std::any::type_name::<T>())
}

fn last_name(path: &str) -> &str {
    let mut depth = 0;
    let mut start = 0;
    let mut last = ':';
    for (at, letter) in path.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' if last != '-' => depth -= 1,
            ':' if depth == 0 => start = at + 1,
            _ => {}
        }
        last = letter;
    }
    let name = &path[start..];
    match name.split('<').next().unwrap_or(name) {
        "{{closure}}" => "closure",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_last_ones_of_their_paths() {
        for (path, name) in [
            ("rand_distr::gamma::Gamma<f64>", "Gamma"),
            ("core::f64::<impl f64>::ln", "ln"),
            ("model::decay", "decay"),
            ("model::Model::describe::{{closure}}", "closure"),
            ("<model::Model as model::Told>::told", "told"),
            ("fn(f64) -> f64", "fn(f64) -> f64"),
            ("wrapped::Both<a::B, fn(c::D) -> e::F>", "Both"),
        ] {
            assert_eq!(last_name(path), name);
        }
    }
}

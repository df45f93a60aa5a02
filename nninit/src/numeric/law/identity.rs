//! Whether two functions are one.

use std::any::TypeId;

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
pub(super) fn type_name<T>() -> &'static str {
    let path = std::any::type_name::<T>();
    let path = path.split('<').next().unwrap_or(path);
    match path.rsplit("::").next() {
        Some("{{closure}}") => "closure",
        Some(name) => name,
        None => path,
    }
}

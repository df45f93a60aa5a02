//! Lists of patterns, as users give them.

/// One pattern or several, as `Plan::only` and `Plan::without` take them, and
/// [`Weights::without`](crate::Weights::without): a text, an array, a slice or a `Vec`.
pub trait Patterns {
    /// Each of them.
    fn list(&self) -> Vec<&str>;
}

impl<P: Patterns + ?Sized> Patterns for &P {
    fn list(&self) -> Vec<&str> {
        (**self).list()
    }
}

impl Patterns for str {
    fn list(&self) -> Vec<&str> {
        vec![self]
    }
}

impl Patterns for String {
    fn list(&self) -> Vec<&str> {
        vec![self]
    }
}

impl<S: AsRef<str>> Patterns for [S] {
    fn list(&self) -> Vec<&str> {
        self.iter().map(AsRef::as_ref).collect()
    }
}

impl<S: AsRef<str>, const N: usize> Patterns for [S; N] {
    fn list(&self) -> Vec<&str> {
        self.as_slice().list()
    }
}

impl<S: AsRef<str>> Patterns for Vec<S> {
    fn list(&self) -> Vec<&str> {
        self.as_slice().list()
    }
}

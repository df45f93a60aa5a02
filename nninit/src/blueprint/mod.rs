//! What an initialisation will do, as data.

pub(crate) mod names;
pub(crate) mod pattern;
pub(crate) mod table;

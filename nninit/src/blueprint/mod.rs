//! What an initialisation will do, as data.

pub(crate) mod pattern;
pub(crate) mod table;

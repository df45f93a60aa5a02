//! The contracts of the crate, one module each: on values, on the numbers they are held in, on memory, and on doing all
//! or nothing.

#[path = "contracts/all_or_nothing.rs"]
mod all_or_nothing;
#[path = "contracts/changed.rs"]
mod changed;
#[path = "contracts/in_place.rs"]
mod in_place;
#[path = "contracts/kinds.rs"]
mod kinds;
#[path = "contracts/open_bounds.rs"]
mod open_bounds;
#[path = "contracts/parts.rs"]
mod parts;
#[path = "contracts/values.rs"]
mod values;

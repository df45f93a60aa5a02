//! The words of nninit's attribute language, and what is said when one of them is wrong.
//!
//! `nninit-derive` reads them in tokens, `nninit` in texts; both read these tables. A scheme, a modifier or a
//! nonlinearity is one row here. A private contract with those two crates: anything may change in any release.
#![no_std]

extern crate alloc;

pub mod choices;
pub mod kinds;
pub mod message;
pub mod patterns;
pub mod schemes;
pub mod sentences;
pub mod spelling;
pub mod table;
pub mod values;
pub mod words;

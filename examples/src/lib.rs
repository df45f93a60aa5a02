//! What the example programs are made of; the programs themselves lie beside this folder, one a file.

pub mod chart;
pub mod digits;
pub mod tenth;
pub mod width;

/// Runs the README's examples as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

//! `TorchRng` against the PyTorch that brought libtorch: the same bits, in the same order, and the generator left in
//! the same place.
//!
//! `reference.py` writes what PyTorch makes of each case; the tests make the same. Where there is no such Python they
//! say so, and fail in CI and wherever `cargo torch` chose libtorch: that one has a Python.

mod bits;
mod complex;
mod edges;
mod layers;
mod matrix;
mod models;
mod order;
mod recipes;
mod reference;
mod transformed;

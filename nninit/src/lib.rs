//! x

#[allow(dead_code)]
mod element;
mod philox;
#[allow(dead_code)]
mod sample;
#[allow(dead_code)]
mod stream;

pub use stream::{Stream, path_hash};

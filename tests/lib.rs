//! Tests of the whole crate; what several of them need stands here.

pub mod models;

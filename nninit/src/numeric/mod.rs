//! Laws, places and random bits: what the contracts on values are made of.

pub(crate) mod blocks;
pub(crate) mod elementary;
#[cfg(feature = "serde")]
pub(crate) mod exact;
pub(crate) mod extent;
pub(crate) mod law;
pub(crate) mod philox;
pub(crate) mod quadrature;
pub(crate) mod region;
pub(crate) mod shard;
pub(crate) mod source;
pub(crate) mod stream;

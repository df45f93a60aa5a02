//! Weight initialisation for [tch-rs](https://docs.rs/tch) models: declared on the struct, done by one call.
//!
//! Everything `torch.nn.init` does, under its names, with its defaults and its numbers; driven by a derive whose mistakes
//! are compile errors; the same seed gives the same weights on any thread count, device and SIMD level.
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without libtorch the engine is not there to use what the numeric half offers it.
#![cfg_attr(not(feature = "tch"), allow(dead_code, unused_imports))]

mod dtype;
mod element;
mod error;
mod fan;
mod gain;
mod initializer;
mod law;
mod philox;
mod reason;
mod region;
mod sample;
pub mod schemes;
mod stream;

#[cfg(feature = "tch")]
mod containers;
#[cfg(feature = "tch")]
mod declare;
#[cfg(feature = "tch")]
mod describe;
#[cfg(feature = "tch")]
mod engine;
#[cfg(feature = "tch")]
pub mod init;
#[cfg(feature = "tch")]
mod initialize;
#[cfg(feature = "tch")]
mod layers;
#[cfg(feature = "tch")]
mod memory;
#[cfg(feature = "tch")]
mod plan;
#[cfg(feature = "tch")]
mod recipe;
#[cfg(feature = "tch")]
mod report;
#[cfg(feature = "tch")]
mod rules;
mod source;
#[cfg(feature = "tch")]
mod spec;
#[cfg(feature = "tch")]
mod table;
#[cfg(feature = "tch")]
mod torch_rng;
#[cfg(feature = "tch")]
mod warning;

#[cfg(feature = "tch")]
#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

pub use crate::dtype::Dtype;
pub use crate::error::{Error, Problem};
pub use crate::fan::{Connectivity, FanMode, Fans};
pub use crate::gain::Nonlinearity;
pub use crate::initializer::{BoxError, Initializer, Target};
pub use crate::law::Law;
pub use crate::reason::Reason;
pub use crate::region::{IntoRegion, Region};
pub use crate::source::Source;
pub use crate::stream::{Stream, path_hash};

#[cfg(feature = "tch")]
pub use crate::{
    declare::{Declare, Names, Parts},
    describe::Describe,
    engine::Progress,
    initialize::Initialize,
    plan::{Entry, Plan, PlannedStep},
    recipe::{
        Gan, Gpt2, Layer, Part, Recipe, ResNet, TorchDefault, Transformer, VisionTransformer,
    },
    report::{Histogram, Measurement, Measurements, Report, Verified},
    rules::{Mistake, Rule, Rules},
    spec::{FanOf, Spec, Step},
    torch_rng::TorchRng,
};

#[cfg(feature = "tch")]
#[doc = include_str!("coming_from_pytorch.md")]
pub mod coming_from_pytorch {}

#[cfg(feature = "tch")]
#[doc = include_str!("attributes.md")]
pub use nninit_derive::Initialize;

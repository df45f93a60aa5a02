//! Weight initialisation for [tch-rs](https://docs.rs/tch) models: declared on the struct, done by one call.
//!
//! Everything `torch.nn.init` does, under its names, with its defaults and its numbers; driven by a derive whose
//! mistakes are compile errors; the same seed gives the same weights on any thread count, device and SIMD level.
//!
//! ```
//! # #[cfg(feature = "tch")] {
//! use nninit::Initialize;
//! use rand::SeedableRng;
//! use rand::rngs::StdRng;
//! use tch::{Device, Tensor, nn};
//!
//! #[derive(Initialize)]
//! struct Cell {
//!     #[init(orthogonal, chunks = 4)] // four gates, each orthogonal by itself
//!     w_hh: Tensor,
//!     #[init(zeros)]
//!     #[init(ones, at = self.hidden..2 * self.hidden)] // the forget gate
//!     b_hh: Tensor,
//!     #[init(weight(kaiming_normal, nonlinearity = "relu"), bias(zeros))]
//!     out: nn::Linear,
//!     hidden: i64, // no parameter: nothing to write
//! }
//!
//! # if cfg!(feature = "doc-only") { return }
//! let vs = nn::VarStore::new(Device::Cpu);
//! let root = vs.root();
//! let mut cell = Cell {
//!     w_hh: root.zeros("w_hh", &[64, 16]),
//!     b_hh: root.zeros("b_hh", &[64]),
//!     out: nn::linear(&root / "out", 16, 4, Default::default()),
//!     hidden: 16,
//! };
//! cell.init(&mut StdRng::seed_from_u64(42));
//! assert_eq!(cell.b_hh.double_value(&[16]), 1.0);
//! # }
//! ```
//!
//! | to | see |
//! |---|---|
//! | declare a model on its structs | [`derive(Initialize)`](macro@Initialize), the whole attribute language by examples |
//! | initialise what no derive can reach (`Sequential`, `LSTM`, closures) | [`rules!`] over a `VarStore` |
//! | give whole kinds of layers their schemes | [`Recipe`] and [`Initialize::init_with`] |
//! | read what will be done, before anything is written | [`Initialize::plan`], [`Plan`] |
//! | check what was done | [`Report::verify`], [`Report::measure`], [`Report::verify_bits`] |
//! | write one tensor | [`init`](mod@init), `torch.nn.init` argument for argument |
//! | look up a scheme, its formula and defaults | [`schemes`] |
//! | find the gain of an activation of your own | [`gain`](gain()) |
//! | write a scheme of your own | [`Initializer`] |
//! | get PyTorch's own bits | [`TorchRng`] |
//! | translate a PyTorch script | [`coming_from_pytorch`] |
//!
//! # Features
//!
//! - `tch` (default): everything that touches a libtorch tensor. Without it fans, gains, laws and schemes remain.
//! - `serde`: plans and reports can be serialised.
//! - `doc-only`: checks and documents without libtorch; nothing links with it on.
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without libtorch the engine is not there to use what the numeric half offers it.
#![cfg_attr(not(feature = "tch"), allow(dead_code, unused_imports))]

mod cause;
mod dtype;
mod error;
mod reason;

mod numeric;
mod sample;
pub mod schemes;

mod blueprint;
pub mod declare;
pub mod recipes;
mod rules;

#[cfg(feature = "tch")]
mod engine;
#[cfg(feature = "tch")]
pub mod init;
#[cfg(feature = "tch")]
mod initialize;
#[cfg(feature = "tch")]
mod plan;
#[cfg(feature = "tch")]
mod report;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

use crate::cause::Cause;
pub use crate::{
    blueprint::{Blueprint, Parameter, PlannedStep},
    cause::{BoxError, ReasonKind},
    declare::recipe::{Layer, Part, Recipe},
    dtype::{Dtype, ParseDtypeError},
    error::{Error, Mistake, Problem},
    numeric::law::{ByIndex, Custom, Elementwise, Law, Sample, Structured},
    numeric::region::Region,
    numeric::source::Source,
    numeric::stream::{Stream, path_hash},
    reason::Reason,
    rules::{Rule, Rules},
    schemes::fan::{Connectivity, FanMode, Fans, ParseFanModeError},
    schemes::gain::{GainError, gain, gain_centred},
    schemes::initializer::{Initializer, Target},
    schemes::nonlinearity::{Nonlinearity, ParseNonlinearityError},
    schemes::variance_scaling::{ParseScalingDistributionError, ScalingDistribution},
};

#[cfg(feature = "tch")]
pub use crate::{
    engine::{Progress, TorchRng},
    initialize::Initialize,
    plan::{Entry, Plan},
    report::{Histogram, Measurement, Measurements, Report, Unchecked, Verified},
};

#[cfg(feature = "tch")]
#[doc = include_str!("coming_from_pytorch.md")]
pub mod coming_from_pytorch {}

#[cfg(feature = "tch")]
#[doc = include_str!("attributes.md")]
pub use nninit_derive::Initialize;

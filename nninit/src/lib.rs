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
//! # How it goes
//!
//! 1. A **scheme** says how values are chosen: `kaiming_normal`. [`schemes`] has one function for each. With modifiers
//!    such as `chunks = 4` it is a [`Step`](declare::Step), and `#[init(…)]` puts steps on fields.
//! 2. `init` first makes a [`Plan`]: every parameter with its shape, its steps, and the [`Law`] that each scheme comes
//!    to on that shape. All mistakes are found here, and nothing is written where there is one. The same without
//!    tensors, as data, is a [`Blueprint`].
//! 3. The plan is executed. A value depends on the seed, the parameter's path and the element's place, and on nothing
//!    else.
//! 4. What was done is a [`Report`], which can measure the values and verify them.
//!
//! | to | see |
//! |---|---|
//! | declare a model on its structs | [`derive(Initialize)`](macro@Initialize), the whole attribute language by examples |
//! | initialise what no derive can reach (`Sequential`, `LSTM`, closures) | [`rules!`] and [`Rules`], by the names of a `VarStore`'s variables or of a list |
//! | give each kind of layer a scheme | [`recipe!`], the known ones in [`recipes`], or a [`Recipe`] of your own; then [`Initialize::init_with`] |
//! | know how Llama, GPT-2, T5, BERT and others start | [`recipes`], one table; [`depth`] for what goes by the number of layers |
//! | read what will be done, before anything is written | [`Initialize::plan`], [`Plan`]; printed, it is a table |
//! | keep what will be done in a file, compare it, do without tensors | [`Blueprint`], [`Rules::blueprint`] |
//! | check what was done | [`Report::measure`], [`Report::verify`], [`Report::verify_bits`] |
//! | take weights from a file, and initialise the rest | [`Weights`], [`Plan::take`]; by task: [`cookbook`] |
//! | say which part of a parameter a rank holds, and where it lies in the whole | [`Shard`] |
//! | fit weights to another shape: channels, positions, vocabulary, width | [`adapt`] |
//! | make tch's layers without drawing their weights twice | [`blank`] |
//! | write one tensor | [`init`](mod@init), `torch.nn.init` argument for argument |
//! | look up a scheme, its formula and defaults | [`schemes`] |
//! | look up what a scheme comes to | [`Law`], with what its variants hold in [`laws`] |
//! | find the gain of an activation | [`Nonlinearity`] by name, [`gain`](gain()) of any function |
//! | tune on a narrow model and train a wide one | [`Plan::with_base`] (μP) |
//! | fit weights to a batch of data | [`Lsuv`] |
//! | write a scheme of your own | [`Initializer`] |
//! | describe a type by hand, or steps in Rust | [`declare`] |
//! | get PyTorch's own bits | [`TorchRng`] |
//! | translate a PyTorch script | [`coming_from_pytorch`] |
//! | handle errors | [`Error`], and [`Reason::kind`] of each [`Problem`] |
//!
//! # Features
//!
//! - `tch` (default): everything that touches a libtorch tensor. Without it schemes, laws, fans, gains, recipes, rules
//!   and blueprints remain, and libtorch is not needed.
//! - `serde`: laws, rules, blueprints, plans, reports and measurements as data, with exact numbers.
//! - `pickle`: [`Weights`] of files that `torch.save` wrote.
//! - `doc-only`: checks and documents without libtorch. A build with it cannot be linked.
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without libtorch parts of the numeric half have no user: the engine is not there.
#![cfg_attr(not(feature = "tch"), allow(dead_code, unused_imports))]

mod cause;
mod dtype;
mod error;
mod reason;

mod numeric;
mod sample;
pub mod schemes;
mod tables;

mod blueprint;
pub mod declare;
pub mod depth;
pub mod recipes;
mod rules;
mod weights;

#[cfg(feature = "tch")]
pub mod adapt;
#[cfg(feature = "tch")]
pub mod blank;
#[cfg(feature = "tch")]
mod engine;
#[cfg(feature = "tch")]
pub mod init;
#[cfg(feature = "tch")]
mod initialize;
#[cfg(feature = "tch")]
mod lsuv;
#[cfg(feature = "tch")]
mod plan;
#[cfg(feature = "tch")]
mod report;

/// What the variants of [`Law`] hold.
pub mod laws {
    pub use crate::numeric::law::{
        ByIndex, Custom, Elementwise, Formula, Given, Mapped, Sample, Structured, Table,
    };
}

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

use crate::cause::Cause;
use crate::laws::{Elementwise, Structured};
pub use crate::{
    blueprint::{Blueprint, Parameter, Patterns, PlannedStep, Width},
    cause::{BoxError, ReasonKind},
    declare::recipe::{Layer, Part, Recipe},
    dtype::{Dtype, ParseDtypeError},
    error::{Error, Mistake, Problem},
    numeric::law::Law,
    numeric::region::Region,
    numeric::shard::{DimBlocks, Shard, ShardRun},
    numeric::source::Source,
    numeric::stream::{Stream, path_hash},
    reason::Reason,
    rules::{Rule, Rules},
    schemes::fan::{Connectivity, FanMode, Fans, ParseFanModeError},
    schemes::gain::{GainError, gain, gain_centred},
    schemes::initializer::{Initializer, Target},
    schemes::nonlinearity::{Nonlinearity, ParseNonlinearityError},
    schemes::variance_scaling::{ParseScalingDistributionError, ScalingDistribution},
    weights::{StoredTensor, Weights},
};

#[cfg(feature = "tch")]
pub use crate::{
    engine::{Progress, TorchRng},
    initialize::Initialize,
    lsuv::{Fitted, Lsuv},
    plan::{Entry, Plan},
    report::{Histogram, Measurement, Measurements, Report, Unchecked, Verified},
};

#[cfg(feature = "tch")]
#[doc = include_str!("coming_from_pytorch.md")]
pub mod coming_from_pytorch {}

#[cfg(feature = "tch")]
#[doc = include_str!("cookbook.md")]
pub mod cookbook {}

#[cfg(feature = "tch")]
#[doc = include_str!("attributes.md")]
pub use nninit_derive::Initialize;

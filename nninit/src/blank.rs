//! tch's layers without what their constructors draw: for models that `init` fills afterwards.
//!
//! tch's constructors draw every weight, one after the other on one thread, before nninit draws it again. These
//! configurations are tch's own defaults with zeros instead, which costs as much as the memory does:
//!
//! ```
//! use nninit::{Initialize, blank};
//! use rand::SeedableRng;
//! use rand::rngs::StdRng;
//! use tch::{Device, nn};
//!
//! #[derive(Initialize)]
//! struct Net {
//!     conv: nn::Conv2D,
//!     head: nn::Linear,
//! }
//!
//! # if cfg!(feature = "doc-only") { return }
//! let vs = nn::VarStore::new(Device::Cpu);
//! let p = vs.root();
//! let mut net = Net {
//!     conv: nn::conv2d(&p / "conv", 3, 64, 7, nn::ConvConfig { stride: 2, ..blank::conv() }),
//!     head: nn::linear(&p / "head", 64, 10, blank::linear()),
//! };
//! net.init(&mut StdRng::seed_from_u64(42));
//! ```
//!
//! A model that is not initialised afterwards stays at zero, weights of norms included. Tensors of one's own are blank
//! by `path.zeros("w", &[64, 64])`.

use tch::nn::{self, Init};

const ZERO: Init = Init::Const(0.0);

/// For `nn::linear`.
#[must_use]
pub fn linear() -> nn::LinearConfig {
    nn::LinearConfig {
        ws_init: ZERO,
        bs_init: Some(ZERO),
        ..Default::default()
    }
}

/// For `nn::conv1d` to `nn::conv3d`, and `nn::conv`.
#[must_use]
pub fn conv<ND>() -> nn::ConvConfigND<ND>
where
    nn::ConvConfigND<ND>: Default,
{
    nn::ConvConfigND {
        ws_init: ZERO,
        bs_init: ZERO,
        ..Default::default()
    }
}

/// For `nn::conv_transpose1d` to `nn::conv_transpose3d`.
#[must_use]
pub fn conv_transpose() -> nn::ConvTransposeConfig {
    nn::ConvTransposeConfig {
        ws_init: ZERO,
        bs_init: ZERO,
        ..Default::default()
    }
}

/// For `nn::batch_norm1d` to `nn::batch_norm3d`.
#[must_use]
pub fn batch_norm() -> nn::BatchNormConfig {
    nn::BatchNormConfig {
        ws_init: ZERO,
        bs_init: ZERO,
        ..Default::default()
    }
}

/// For `nn::layer_norm`.
#[must_use]
pub fn layer_norm() -> nn::LayerNormConfig {
    nn::LayerNormConfig {
        ws_init: ZERO,
        bs_init: ZERO,
        ..Default::default()
    }
}

/// For `nn::group_norm`.
#[must_use]
pub fn group_norm() -> nn::GroupNormConfig {
    nn::GroupNormConfig {
        ws_init: ZERO,
        bs_init: ZERO,
        ..Default::default()
    }
}

/// For `nn::embedding`.
#[must_use]
pub fn embedding() -> nn::EmbeddingConfig {
    nn::EmbeddingConfig {
        ws_init: ZERO,
        ..Default::default()
    }
}

/// For `nn::lstm` and `nn::gru`, which rules initialise: [`Rules::lstm`](crate::Rules::lstm).
#[must_use]
pub fn rnn() -> nn::RNNConfig {
    nn::RNNConfig {
        w_ih_init: ZERO,
        w_hh_init: ZERO,
        b_ih_init: Some(ZERO),
        b_hh_init: Some(ZERO),
        ..Default::default()
    }
}

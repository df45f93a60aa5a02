//! How a model's layers are made: as tch makes them, or blank.

use nninit::blank;
use tch::nn;

#[derive(Debug, Clone, Copy)]
pub(super) enum Layers {
    /// Every weight drawn by its constructor.
    Drawn,
    Blank,
}

impl Layers {
    fn choose<C: Default>(self, blank: fn() -> C) -> C {
        match self {
            Self::Drawn => C::default(),
            Self::Blank => blank(),
        }
    }

    pub(super) fn linear(self) -> nn::LinearConfig {
        self.choose(blank::linear)
    }

    pub(super) fn conv(self) -> nn::ConvConfig {
        self.choose(blank::conv)
    }

    pub(super) fn batch_norm(self) -> nn::BatchNormConfig {
        self.choose(blank::batch_norm)
    }

    pub(super) fn layer_norm(self) -> nn::LayerNormConfig {
        self.choose(blank::layer_norm)
    }

    pub(super) fn embedding(self) -> nn::EmbeddingConfig {
        self.choose(blank::embedding)
    }
}

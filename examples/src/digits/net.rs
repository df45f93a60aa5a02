//! The network that learns them.

use std::fmt;

use nninit::Initialize;
use tch::{Tensor, nn};

/// Two convolutions, each with a ReLU and a pooling, and two linear layers.
///
/// It declares He's initialisation: variance 2 / fan where a ReLU follows, 1 / fan at the end.
#[derive(Debug, Initialize)]
pub struct Net {
    #[init(weight(kaiming_normal, nonlinearity = "relu"), bias(zeros))]
    convs: [nn::Conv2D; 2],
    #[init(weight(kaiming_normal, nonlinearity = "relu"), bias(zeros))]
    hidden: nn::Linear,
    #[init(weight(kaiming_normal, nonlinearity = "linear"), bias(zeros))]
    output: nn::Linear,
}

/// One network, four ways to start it.
///
/// What is said here of a part goes before what the network says of it: other weights, the same biases. The paths are
/// the same in every variant, and so are the random bits; only the laws differ.
#[derive(Debug, Initialize)]
pub enum Start {
    /// As the network declares it.
    He(Net),
    /// Xavier's for all weights.
    Xavier(#[init(convs(xavier_normal), hidden(xavier_normal), output(xavier_normal))] Net),
    /// N(0, 1) for all weights.
    StdOne(#[init(convs(normal), hidden(normal), output(normal))] Net),
    /// 0.1 for all weights.
    Constant(
        #[init(
            convs(constant, val = 0.1),
            hidden(constant, val = 0.1),
            output(constant, val = 0.1)
        )]
        Net,
    ),
}

impl Net {
    /// The network for 8×8 images of ten digits, with its variables below `path`.
    #[must_use]
    pub fn new(path: &nn::Path<'_>) -> Self {
        Self::of_classes(path, 10)
    }

    /// The network for 8×8 images of so many classes.
    #[must_use]
    pub fn of_classes(path: &nn::Path<'_>, classes: i64) -> Self {
        let padded = nn::ConvConfig {
            padding: 1,
            ..nn::ConvConfig::default()
        };
        let linear = nn::LinearConfig::default();
        Self {
            convs: [
                nn::conv2d(path / "conv1", 1, 16, 3, padded),
                nn::conv2d(path / "conv2", 16, 32, 3, padded),
            ],
            hidden: nn::linear(path / "hidden", 32 * 2 * 2, 64, linear),
            output: nn::linear(path / "output", 64, classes, linear),
        }
    }
}

impl nn::Module for Net {
    fn forward(&self, images: &Tensor) -> Tensor {
        let [first, second] = &self.convs;
        images
            .apply(first)
            .relu()
            .max_pool2d_default(2)
            .apply(second)
            .relu()
            .max_pool2d_default(2)
            .flat_view()
            .apply(&self.hidden)
            .relu()
            .apply(&self.output)
    }
}

impl Start {
    /// Every way to start, in the order of the tables.
    pub const ALL: [fn(Net) -> Self; 4] = [Self::He, Self::Xavier, Self::StdOne, Self::Constant];

    /// The network that is started.
    #[must_use]
    pub fn net(&self) -> &Net {
        let (Self::He(net) | Self::Xavier(net) | Self::StdOne(net) | Self::Constant(net)) = self;
        net
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::He(_) => "He",
            Self::Xavier(_) => "Xavier",
            Self::StdOne(_) => "normal, std 1",
            Self::Constant(_) => "constant 0.1",
        })
    }
}

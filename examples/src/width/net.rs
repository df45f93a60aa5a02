//! The network, of any width.

use std::fmt;

use nninit::{Error, Initialize, Report};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::nn::{self, Module};
use tch::{Device, Tensor};

use super::BASE;

/// Parameters whose learning rate goes by the width.
pub(super) const HIDDEN: usize = 1;
const INPUTS: i64 = 64;
const OUTPUTS: i64 = 10;

/// How a network is carried over to another width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    /// He's initialisation and the same learning rate: what most code does.
    Standard,
    /// The maximal update parametrisation.
    MuP,
}

/// Three hidden layers with ReLUs on handwritten digits.
#[derive(Debug, Initialize)]
pub struct Mlp {
    #[init(weight(kaiming_normal, nonlinearity = "relu"), bias(zeros))]
    input: nn::Linear,
    #[init(weight(kaiming_normal, nonlinearity = "relu"), bias(zeros))]
    hidden: [nn::Linear; 2],
    #[init(weight(lecun_normal), bias(zeros))]
    output: nn::Linear,
    /// What the last layer's input is divided by.
    divisor: f64,
}

impl Mlp {
    /// With variables below `path`, the weights of hidden layers in a group of their own.
    #[must_use]
    pub fn new(path: &nn::Path<'_>, width: i64) -> Self {
        let linear = |name: &str, group, inputs, outputs| {
            let path = path / name;
            nn::Linear {
                ws: path.set_group(group).zeros("weight", &[outputs, inputs]),
                bs: Some(path.zeros("bias", &[outputs])),
            }
        };
        Self {
            input: linear("input", 0, INPUTS, width),
            hidden: ["hidden1", "hidden2"].map(|name| linear(name, HIDDEN, width, width)),
            output: linear("output", 0, width, OUTPUTS),
            divisor: 1.0,
        }
    }

    /// Starts it, and tells by what number the learning rate of hidden weights is multiplied.
    ///
    /// # Errors
    ///
    /// When it cannot be initialised as declared.
    pub fn start(&mut self, scaling: Scaling, seed: u64) -> Result<(Report, f64), Error> {
        let mut rng = StdRng::seed_from_u64(seed);
        if scaling == Scaling::Standard {
            return Ok((self.try_init(&mut rng)?, 1.0));
        }
        let base = Self::new(&nn::VarStore::new(Device::Cpu).root(), BASE);
        let plan = self.plan()?.with_base(&base.plan()?.blueprint())?;
        let report = plan.execute(&mut rng)?;
        let width = |path: &str| {
            let mut entries = report.entries().iter();
            entries
                .find(|entry| entry.path() == path)?
                .parameter()
                .width()
        };
        self.divisor = width("output.weight").map_or(1.0, |width| width.inputs());
        let rate = width("hidden.0.weight").map_or(1.0, |width| width.adam());
        Ok((report, rate))
    }

    /// What comes out of each layer.
    #[must_use]
    pub fn layers(&self, pixels: &Tensor) -> Vec<Tensor> {
        let mut outputs = vec![self.input.forward(&pixels.flatten(1, -1))];
        for layer in &self.hidden {
            let before = outputs[outputs.len() - 1].relu();
            outputs.push(layer.forward(&before));
        }
        let before = outputs[outputs.len() - 1].relu() / self.divisor;
        outputs.push(self.output.forward(&before));
        outputs
    }

    /// The logits.
    pub fn logits(&self, pixels: &Tensor) -> Tensor {
        self.layers(pixels).swap_remove(3)
    }
}

impl fmt::Display for Scaling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Standard => "standard",
            Self::MuP => "μP",
        })
    }
}

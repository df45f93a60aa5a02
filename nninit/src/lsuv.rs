//! Layer-sequential unit variance: a start that is fitted to a batch.

use std::fmt;

use tch::Tensor;

use crate::declare::{Describe, Spec};
use crate::{Cause, Error, Initialize, Problem, Source, schemes};

/// LSUV, layer-sequential unit variance: orthogonal weights, then layer by layer divided until what comes out of the
/// layer on a batch has variance 1. Mishkin & Matas, *All you need is a good init* (2016).
///
/// It is for networks whose activations or shapes no gain is known for. A layer is its weight and a function that
/// computes what comes out of the layer, on a batch of yours, with the weights as they are when it is called. Layers
/// are fitted in the order in which they are given: the order in which data goes through them.
///
/// ```
/// use nninit::Lsuv;
/// use rand::SeedableRng;
/// use rand::rngs::StdRng;
/// use tch::nn::{self, Module};
/// use tch::{Device, Kind, Tensor};
///
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// let vs = nn::VarStore::new(Device::Cpu);
/// let fc1 = nn::linear(vs.root() / "fc1", 16, 64, Default::default());
/// let fc2 = nn::linear(vs.root() / "fc2", 64, 64, Default::default());
/// let batch = Tensor::randn([256, 16], (Kind::Float, Device::Cpu));
///
/// let fitted = Lsuv::new()
///     .layer("fc1", &fc1.ws, || fc1.forward(&batch))
///     .layer("fc2", &fc2.ws, || fc2.forward(&fc1.forward(&batch).tanh()))
///     .try_run(&mut StdRng::seed_from_u64(42))?;
/// assert!(fitted.iter().all(|layer| (layer.variance - 1.0).abs() <= 0.1));
/// # Ok::<(), nninit::Error>(())
/// ```
///
/// Biases are left as they are: initialise the model first, and give LSUV the weights that it is meant for.
#[must_use = "nothing is fitted before `try_run`"]
pub struct Lsuv<'a> {
    layers: Vec<Layer<'a>>,
    tolerance: f64,
    tries: u32,
}

struct Layer<'a> {
    name: String,
    weight: Tensor,
    output: Box<dyn Fn() -> Tensor + 'a>,
}

/// What [`Lsuv`] did to one layer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fitted {
    /// The layer's name.
    pub name: String,
    /// How often its weight was divided.
    pub iterations: u32,
    /// The variance of its output with the orthogonal weight.
    pub before: f64,
    /// The variance of its output now.
    pub variance: f64,
}

impl<'a> Lsuv<'a> {
    /// No layers yet; within 0.1 of variance 1, in 10 divisions at most.
    pub fn new() -> Self {
        Self {
            layers: Vec::new(),
            tolerance: 0.1,
            tries: 10,
        }
    }

    /// One more layer: its weight, of two dimensions or more, and a function that gives what comes out of it. The name
    /// is that of the weight's stream.
    pub fn layer(
        mut self,
        name: impl Into<String>,
        weight: &Tensor,
        output: impl Fn() -> Tensor + 'a,
    ) -> Self {
        self.layers.push(Layer {
            name: name.into(),
            weight: weight.shallow_clone(),
            output: Box::new(output),
        });
        self
    }

    /// How far from 1 a variance may be. Default 0.1.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// How often a weight is divided at most. Default 10.
    pub fn tries(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// Fits all layers, and tells of each. A variance that is still off after the last try is no error:
    /// [`Fitted::variance`] has it.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] for weights that cannot be orthogonal; [`Error::Write`] for a layer whose output has variance 0,
    /// or one that is no number. All weights are then as they were.
    ///
    /// # Panics
    ///
    /// Where a function of yours does.
    pub fn try_run<S: Source + ?Sized>(&self, source: &mut S) -> Result<Vec<Fitted>, Error> {
        let plan = Orthogonal(&self.layers).plan()?;
        let _no_grad = tch::no_grad_guard();
        let weights = self.layers.iter().map(|layer| &layer.weight);
        let before: Vec<Tensor> = weights
            .clone()
            .map(|weight| weight.detach().copy())
            .collect();
        let fitted = plan.execute(source).and_then(|_| {
            let layers = self.layers.iter();
            layers.map(|layer| self.fit(layer)).collect()
        });
        if fitted.is_err() {
            for (weight, before) in weights.zip(&before) {
                weight.shallow_clone().copy_(before);
            }
        }
        fitted
    }

    fn fit(&self, layer: &Layer<'_>) -> Result<Fitted, Error> {
        let before = layer.variance()?;
        let (mut variance, mut iterations) = (before, 0);
        while (variance - 1.0).abs() > self.tolerance && iterations < self.tries {
            let mut weight = layer.weight.shallow_clone();
            let divided = weight.f_divide_scalar_(variance.sqrt());
            divided
                .map(drop)
                .map_err(|error| layer.failed(error.into()))?;
            variance = layer.variance()?;
            iterations += 1;
        }
        Ok(Fitted {
            name: layer.name.clone(),
            iterations,
            before,
            variance,
        })
    }
}

impl Layer<'_> {
    /// The variance of what comes out of the layer, all of it together.
    fn variance(&self) -> Result<f64, Error> {
        let output = (self.output)();
        let variance = output
            .f_to_kind(tch::Kind::Double)
            .and_then(|output| output.f_var(false))
            .and_then(|variance| variance.f_double_value(&[]))
            .map_err(|error| self.failed(error.into()))?;
        if variance > 0.0 && variance.is_finite() {
            return Ok(variance);
        }
        Err(self.failed(Cause::Misplaced(format!(
            "what comes out of the layer, {:?}, has variance {variance}, so no factor makes it 1; look at the batch and at \
             the layers before it",
            output.size()
        ))))
    }

    fn failed(&self, reason: Cause) -> Error {
        Error::Write(Box::new(Problem {
            path: self.name.clone(),
            shape: Some(self.weight.size()),
            scheme: Some("LSUV".to_owned()),
            reason: reason.into(),
        }))
    }
}

/// What the layers start from.
struct Orthogonal<'l, 'a>(&'l [Layer<'a>]);

impl Initialize for Orthogonal<'_, '_> {
    fn describe(&self, at: &mut Describe<'_>) {
        for layer in self.0 {
            let orthogonal = Spec::new().step(schemes::orthogonal());
            at.field(&layer.name, &layer.weight, orthogonal);
        }
    }
}

impl Default for Lsuv<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Lsuv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.layers.iter().map(|layer| &layer.name);
        f.debug_struct("Lsuv")
            .field("layers", &names.collect::<Vec<_>>())
            .field("tolerance", &self.tolerance)
            .field("tries", &self.tries)
            .finish_non_exhaustive()
    }
}

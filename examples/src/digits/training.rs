//! Training from one start or another.

use anyhow::Context;
use nninit::{Initialize, Report};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::nn::{Module, OptimizerConfig};
use tch::{Device, nn};

use super::{Digits, Images, Net, Start};

const BATCH: usize = 64;
const LEARNING_RATE: f64 = 1e-3;

/// How well a network does on digits that it has not seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// Mean cross-entropy.
    pub loss: f64,
    /// The share of digits that it names rightly.
    pub accuracy: f64,
}

/// A network's way from its initialisation.
#[derive(Debug)]
pub struct Run {
    /// The initialisation's name.
    pub name: String,
    /// On the held-out digits, before the first epoch and after each.
    pub evaluations: Vec<Evaluation>,
    report: Report,
}

impl Run {
    /// Before the first epoch.
    #[must_use]
    pub fn first(&self) -> Evaluation {
        self.evaluations[0]
    }

    /// After the last epoch.
    #[must_use]
    pub fn last(&self) -> Evaluation {
        self.evaluations[self.evaluations.len() - 1]
    }

    /// What the parameter of the network was drawn from: `N(0, 0.125²)`.
    #[must_use]
    pub fn law_of(&self, parameter: &str) -> String {
        let entries = self.report.entries().iter();
        entries
            .filter(|entry| entry.path().ends_with(parameter))
            .flat_map(nninit::Entry::steps)
            .filter_map(nninit::PlannedStep::law)
            .map(ToString::to_string)
            .collect()
    }
}

/// Trains the network from one initialisation with Adam, and calls `after_epoch` with its name after each epoch.
///
/// `seed` decides the weights, and the order of the digits. Every start sees them in the same order.
///
/// # Errors
///
/// When the network cannot be initialised as declared, or libtorch fails.
pub fn train(
    start: fn(Net) -> Start,
    data: &Digits,
    seed: u64,
    epochs: u32,
    mut after_epoch: impl FnMut(&str),
) -> anyhow::Result<Run> {
    let variables = nn::VarStore::new(Device::Cpu);
    let mut start = start(Net::new(&variables.root()));
    let report = start.try_init(&mut StdRng::seed_from_u64(seed))?;

    let (name, net) = (start.to_string(), start.net());
    let evaluations = learn(net, &variables, data, seed, epochs, || after_epoch(&name))?;
    Ok(Run {
        name,
        evaluations,
        report,
    })
}

/// Trains a network that is initialised, with Adam: how well it does before the first epoch and after each.
///
/// # Errors
///
/// When libtorch fails.
pub fn learn(
    net: &Net,
    variables: &nn::VarStore,
    data: &Digits,
    seed: u64,
    epochs: u32,
    mut after_epoch: impl FnMut(),
) -> anyhow::Result<Vec<Evaluation>> {
    let mut adam = nn::Adam::default().build(variables, LEARNING_RATE)?;
    let mut order = StdRng::seed_from_u64(seed);
    let mut evaluations = vec![evaluate(net, &data.held_out)?];
    for epoch in 1..=epochs {
        for batch in data.training.batches(BATCH, &mut order) {
            let scores = net.forward(&batch.pixels);
            adam.backward_step(&scores.cross_entropy_for_logits(&batch.digits));
        }
        evaluations.push(evaluate(net, &data.held_out).with_context(|| format!("epoch {epoch}"))?);
        after_epoch();
    }
    Ok(evaluations)
}

fn evaluate(net: &Net, images: &Images) -> anyhow::Result<Evaluation> {
    tch::no_grad(|| {
        let scores = net.forward(&images.pixels);
        let loss = scores.cross_entropy_for_logits(&images.digits);
        let accuracy = scores.accuracy_for_logits(&images.digits);
        Ok(Evaluation {
            loss: loss.try_into()?,
            accuracy: accuracy.try_into()?,
        })
    })
}

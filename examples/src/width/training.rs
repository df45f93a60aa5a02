//! Training at one width and learning rate after another.

use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::nn::{self, OptimizerConfig};
use tch::{Device, Kind, Tensor};

use super::net::HIDDEN;
use super::{Mlp, RATES, Scaling};
use crate::digits::Digits;

const BATCH: usize = 64;

/// Losses of one width over all learning rates.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// The network's width.
    pub width: i64,
    /// Each learning rate with the mean training loss of the last epoch, for each seed.
    pub losses: Vec<(f64, Vec<f64>)>,
}

impl Sweep {
    /// The learning rate whose loss is the least, over all seeds.
    #[must_use]
    pub fn best(&self) -> f64 {
        let best = self
            .losses
            .iter()
            .min_by(|(_, a), (_, b)| mean(a).total_cmp(&mean(b)));
        best.map_or(f64::NAN, |(rate, _)| *rate)
    }

    /// The least loss, over all seeds, and its range.
    #[must_use]
    pub fn least(&self) -> (f64, f64, f64) {
        let best = self.best();
        let losses = self.losses.iter().find(|(rate, _)| *rate == best);
        let losses = losses.map_or(&[][..], |(_, losses)| losses);
        let (low, high) = losses
            .iter()
            .fold((f64::INFINITY, 0.0_f64), |(low, high), &loss| {
                (low.min(loss), high.max(loss))
            });
        (mean(losses), low, high)
    }

    /// Each learning rate with its mean loss.
    #[must_use]
    pub fn means(&self) -> Vec<(f64, f64)> {
        self.losses
            .iter()
            .map(|(rate, losses)| (*rate, mean(losses)))
            .collect()
    }
}

/// Trains a network of this width at every learning rate, from each seed; `after` is called after each training.
///
/// # Errors
///
/// When the network cannot be initialised as declared, or libtorch fails.
pub fn sweep(
    scaling: Scaling,
    width: i64,
    seeds: &[u64],
    epochs: u32,
    data: &Digits,
    mut after: impl FnMut(),
) -> anyhow::Result<Sweep> {
    let mut losses = Vec::new();
    for exponent in RATES {
        let rate = 2.0_f64.powi(exponent);
        let mut of_rate = Vec::new();
        for &seed in seeds {
            let (_, loss) = train(scaling, width, rate, seed, epochs, usize::MAX, data)?;
            // A network that has diverged is worse than any.
            of_rate.push(if loss.is_finite() { loss } else { f64::MAX });
            after();
        }
        losses.push((rate, of_rate));
    }
    Ok(Sweep { width, losses })
}

/// By how much, in the mean, the outputs of each layer are others after so many steps: what μP holds at one size,
/// whatever the width.
///
/// # Errors
///
/// When the network cannot be initialised as declared, or libtorch fails.
pub fn coordinates(
    scaling: Scaling,
    width: i64,
    rate: f64,
    seed: u64,
    steps: usize,
    data: &Digits,
) -> anyhow::Result<Vec<f64>> {
    let after = |steps| -> anyhow::Result<Vec<Tensor>> {
        let (net, _) = train(scaling, width, rate, seed, 1, steps, data)?;
        Ok(tch::no_grad(|| net.layers(&data.training.pixels)))
    };
    let pairs = after(0)?.into_iter().zip(after(steps)?);
    let changes = pairs.map(|(before, now)| (now - before).abs().mean(Kind::Float));
    Ok(changes.map(|change| change.double_value(&[])).collect())
}

/// The network after at most so many steps, and the mean loss of the last epoch.
fn train(
    scaling: Scaling,
    width: i64,
    rate: f64,
    seed: u64,
    epochs: u32,
    steps: usize,
    data: &Digits,
) -> anyhow::Result<(Mlp, f64)> {
    let variables = nn::VarStore::new(Device::Cpu);
    let mut net = Mlp::new(&variables.root(), width);
    let (_, of_hidden) = net.start(scaling, seed)?;
    let mut adam = nn::Adam::default().build(&variables, rate)?;
    adam.set_lr_group(HIDDEN, rate * of_hidden);
    let mut order = StdRng::seed_from_u64(seed);
    let mut loss_of_epoch = f64::NAN;
    for _ in 0..epochs {
        let (mut sum, mut batches) = (Tensor::zeros([], (Kind::Float, Device::Cpu)), 0);
        for batch in data.training.batches(BATCH, &mut order).take(steps) {
            let loss = net
                .logits(&batch.pixels)
                .cross_entropy_for_logits(&batch.digits);
            adam.backward_step(&loss);
            sum += loss.detach();
            batches += 1;
        }
        loss_of_epoch = sum.double_value(&[]) / f64::from(batches.max(1));
    }
    Ok((net, loss_of_epoch))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

//! A tenth digit for a network that was trained on nine.

use std::path::Path;

use nninit::{Initialize, Plan, Weights};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::{Device, nn};

use crate::digits::{Digits, Evaluation, Net, learn};

/// The digits that the first network knows.
const KNOWN: i64 = 9;

/// The network for ten digits, of which nine have been learned: their rows of the last layer are those of the file.
#[derive(Debug, Initialize)]
pub struct Grown {
    #[init(output(weight(kaiming_normal, nonlinearity = "linear"), bias(zeros)))]
    #[init(output(
        weight(copy = self.nine.get("output.weight"), at = ..KNOWN),
        bias(copy = self.nine.get("output.bias"), at = ..KNOWN),
    ))]
    net: Net,
    nine: Weights,
}

impl Grown {
    /// The network with its variables below `path`, and the weights of the smaller one.
    #[must_use]
    pub fn new(path: &nn::Path<'_>, nine: Weights) -> Self {
        let net = Net::new(path);
        Self { net, nine }
    }

    /// What it starts from: all layers from the file but the last one's new row.
    ///
    /// # Errors
    ///
    /// When the file is not the smaller network's.
    pub fn start(&self) -> Result<Plan, nninit::Error> {
        // In the file names are those of the store, and here those of the struct.
        let body = self.nine.without("output.*")?.rename(|path| {
            let name = path.trim_start_matches("net.");
            name.replace("convs.0", "conv1").replace("convs.1", "conv2")
        });
        self.plan()?.take(&body)
    }
}

/// Trains a network on the digits below nine, and saves it.
///
/// # Errors
///
/// When the file cannot be written, or libtorch fails.
pub fn learn_nine(
    data: &Digits,
    seed: u64,
    epochs: u32,
    file: &Path,
) -> anyhow::Result<Evaluation> {
    let data = Digits {
        training: data.training.below(KNOWN),
        held_out: data.held_out.below(KNOWN),
    };
    let variables = nn::VarStore::new(Device::Cpu);
    let mut net = Net::of_classes(&variables.root(), KNOWN);
    net.try_init(&mut StdRng::seed_from_u64(seed))?;
    let evaluations = learn(&net, &variables, &data, seed, epochs, || ())?;
    variables.save(file)?;
    Ok(evaluations[evaluations.len() - 1])
}

/// Trains the network for ten digits from scratch: how well it does before the first epoch and after each.
///
/// # Errors
///
/// When libtorch fails.
pub fn from_scratch(data: &Digits, seed: u64, epochs: u32) -> anyhow::Result<Vec<Evaluation>> {
    let variables = nn::VarStore::new(Device::Cpu);
    let mut net = Net::new(&variables.root());
    net.try_init(&mut StdRng::seed_from_u64(seed))?;
    learn(&net, &variables, data, seed, epochs, || ())
}

/// The same from the weights of the file, with the plan that it started from.
///
/// # Errors
///
/// When the file is not the smaller network's, or libtorch fails.
pub fn from_weights(
    data: &Digits,
    seed: u64,
    epochs: u32,
    file: &Path,
) -> anyhow::Result<(Vec<Evaluation>, Plan)> {
    let variables = nn::VarStore::new(Device::Cpu);
    let grown = Grown::new(&variables.root(), Weights::open(file)?);
    let plan = grown.start()?;
    plan.execute(&mut StdRng::seed_from_u64(seed))?;
    Ok((
        learn(&grown.net, &variables, data, seed, epochs, || ())?,
        plan,
    ))
}

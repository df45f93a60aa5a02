//! The schemes of a whole matrix.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use nninit::{TorchRng, init};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::{Device, IndexOp, Kind, Tensor};

use crate::aim::Aim;
use crate::pytorch;
use crate::results::{Measured, Others, Results, Task};
use crate::settings::{Settings, thread_counts};
use crate::timing::{pairs, pairs_of, sampler};

#[derive(Debug, Clone, Copy)]
enum Scheme {
    Orthogonal,
    /// With this share of zeros.
    Sparse(f64),
    Dirac,
}

const CONVOLUTION: [i64; 4] = [512, 512, 3, 3];

/// How long libtorch's threads may spin after their work; a core that they hold is lost to the other process.
const SPIN: Duration = Duration::from_millis(20);

/// Writes f32 matrices and convolutions, in turns with what PyTorch's functions do.
pub(crate) fn measure(settings: Settings, results: &mut Results) {
    let tasks: [(Scheme, &[i64], f64); 9] = [
        (Scheme::Orthogonal, &[512, 512], 2.0),
        (Scheme::Orthogonal, &[1024, 1024], 2.0),
        (Scheme::Orthogonal, &[2048, 2048], 2.0),
        (Scheme::Orthogonal, &[4096, 1024], 2.0),
        (Scheme::Orthogonal, &[1024, 4096], 2.0),
        (Scheme::Orthogonal, &CONVOLUTION, 2.0),
        (Scheme::Sparse(0.1), &[4096, 4096], 10.0),
        (Scheme::Sparse(0.9), &[4096, 4096], 10.0),
        (Scheme::Dirac, &CONVOLUTION, 5.0),
    ];
    let python = pytorch::python();
    if let Err(error) = &python {
        results.note(format!(
            "PyTorch's own functions were not measured: {error:#}."
        ));
    }
    let python = python.ok();
    for threads in thread_counts() {
        tch::set_num_threads(threads as i32);
        for (scheme, shape, aim) in tasks {
            let size: Vec<_> = shape.iter().map(i64::to_string).collect();
            let task = Task {
                what: scheme.name(),
                kind: "f32",
                size: size.join("×"),
                threads,
                elements: None,
                aim: Some(Aim::at_least(aim)),
            };
            let measured = compare(scheme, shape, threads, python.as_deref(), settings);
            results.row(task, measured);
        }
    }
}

fn compare(
    scheme: Scheme,
    shape: &[i64],
    threads: usize,
    python: Option<&Path>,
    settings: Settings,
) -> Result<Measured> {
    let mut ours = Tensor::zeros(shape, (Kind::Float, Device::Cpu));
    let mut theirs = ours.shallow_clone();
    let mut rng = StdRng::seed_from_u64(0);
    let libtorch = pairs(
        settings.pairs,
        || scheme.ours(&mut ours, &mut rng),
        || scheme.libtorch(&mut theirs),
    )?;
    let beside_python = |python| {
        let (function, arguments) = scheme.function();
        let mut process = pytorch::process(python, threads, shape, function, &arguments)?;
        pairs_of(
            settings.pairs,
            sampler(|| scheme.ours(&mut ours, &mut rng)),
            |calls| {
                thread::sleep(SPIN);
                let seconds = process.seconds(calls);
                thread::sleep(SPIN);
                seconds
            },
        )
    };
    let pytorch = python.map(beside_python).transpose()?;
    Ok(Measured {
        libtorch,
        others: Others {
            pytorch: pytorch.map(|pairs| pairs.ratio),
            ..Others::default()
        },
    })
}

impl Scheme {
    fn name(self) -> String {
        match self {
            Self::Orthogonal => "orthogonal".to_owned(),
            Self::Sparse(sparsity) => format!("sparse, {} % zeros", 100.0 * sparsity),
            Self::Dirac => "dirac".to_owned(),
        }
    }

    fn ours(self, tensor: &mut Tensor, rng: &mut StdRng) -> Result<()> {
        match self {
            Self::Orthogonal => init::orthogonal_(tensor, 1.0, rng)?,
            Self::Sparse(sparsity) => init::sparse_(tensor, sparsity, 0.01, rng)?,
            Self::Dirac => init::dirac_(tensor, 1)?,
        };
        Ok(())
    }

    /// The function's name in `torch.nn.init`, and its arguments after the tensor.
    fn function(self) -> (&'static str, Vec<f64>) {
        match self {
            Self::Orthogonal => ("orthogonal_", vec![]),
            Self::Sparse(sparsity) => ("sparse_", vec![sparsity]),
            Self::Dirac => ("dirac_", vec![]),
        }
    }

    /// PyTorch's functions, call for call; only Python is missing.
    fn libtorch(self, tensor: &mut Tensor) -> Result<()> {
        match self {
            Self::Orthogonal => _ = init::orthogonal_(tensor, 1.0, &mut TorchRng::current())?,
            Self::Sparse(sparsity) => {
                _ = init::sparse_(tensor, sparsity, 0.01, &mut TorchRng::current())?;
            }
            Self::Dirac => {
                _ = tensor.f_zero_()?;
                let [outputs, inputs, height, width] = CONVOLUTION;
                for i in 0..outputs.min(inputs) {
                    _ = tensor.f_i((i, i, height / 2, width / 2))?.f_fill_(1.0)?;
                }
            }
        }
        Ok(())
    }
}

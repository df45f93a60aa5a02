//! The greatest resident set of a process that fills one large tensor, over what the tensor itself takes.

use std::fs;

use anyhow::{Context, Result};
use clap::ValueEnum;
use nninit::{Source, TorchRng, init};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::{Device, Kind, Tensor};

use crate::aim::Aim;
use crate::child;
use crate::results::{Finding, Results};

/// What the process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Case {
    /// 4 GiB of normals in f32.
    F32,
    /// 4 GiB of normals in bf16.
    Bf16,
    /// An orthogonal matrix, from our draws.
    Orthogonal,
    /// An orthogonal matrix, as PyTorch makes it.
    TorchOrthogonal,
}

const GIB: i64 = 1 << 30;
const MIB: f64 = (1 << 20) as f64;
const MATRIX: [i64; 2] = [8192, 2048];

/// Runs every case in a process of its own.
pub(crate) fn measure(results: &mut Results) -> Result<()> {
    for (case, name) in [(Case::F32, "f32"), (Case::Bf16, "bf16")] {
        results.finding(Finding {
            what: format!("peak over the tensor, normals into 4 GiB of {name}"),
            result: rise_in_child(case)? as f64 / MIB,
            unit: "MiB",
            aim: Aim::at_most(16.0),
        });
    }
    let matrices = |case| -> Result<f64> {
        let bytes = (MATRIX[0] * MATRIX[1] * 4) as f64;
        Ok(rise_in_child(case)? as f64 / bytes)
    };
    let torch = matrices(Case::TorchOrthogonal)?;
    results.finding(Finding {
        what: format!("peak over the tensor, orthogonal 8192×2048 f32 (PyTorch's way: {torch:.2})"),
        result: matrices(Case::Orthogonal)?,
        unit: "matrices",
        aim: Aim::AtMost {
            aim: 1.6,
            bar: (100.0 * torch).round() / 100.0,
        },
    });
    Ok(())
}

fn rise_in_child(case: Case) -> Result<u64> {
    let text = child::output("--peak", &case, &[])?;
    text.parse().with_context(|| format!("`{text}`"))
}

/// By how many bytes writing the tensor raises the peak, once its pages are there and all libraries are loaded.
pub(crate) fn rise(case: Case) -> Result<u64> {
    let (shape, kind): (&[i64], _) = match case {
        Case::F32 => (&[GIB], Kind::Float),
        Case::Bf16 => (&[2 * GIB], Kind::BFloat16),
        Case::Orthogonal | Case::TorchOrthogonal => (&MATRIX, Kind::Float),
    };
    let mut rng = StdRng::seed_from_u64(0);
    let mut write = |tensor: &mut Tensor| match case {
        Case::F32 | Case::Bf16 => Ok(_ = init::normal_(tensor, 0.0, 1.0, &mut rng)?),
        Case::Orthogonal => orthogonal(tensor, &mut rng),
        Case::TorchOrthogonal => orthogonal(tensor, &mut TorchRng::current()),
    };
    write(&mut Tensor::zeros([64, 64], (kind, Device::Cpu)))?;

    let mut tensor = Tensor::empty(shape, (kind, Device::Cpu));
    _ = tensor.f_fill_(1.0)?;
    let before = peak()?;
    write(&mut tensor)?;
    Ok(peak()? - before)
}

fn orthogonal(tensor: &mut Tensor, source: &mut impl Source) -> Result<()> {
    init::orthogonal_(tensor, 1.0, source)?;
    Ok(())
}

/// `VmHWM`, in bytes.
pub(crate) fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("the peak is read from Linux")?;
    let kibibytes: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"))
        .context("/proc/self/status has no VmHWM")?
        .trim()
        .parse()?;
    Ok(kibibytes << 10)
}

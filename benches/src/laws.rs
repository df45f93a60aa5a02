//! The elementwise laws on one tensor.

use anyhow::Result;
use nninit::{TorchRng, init};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::nn::Init;
use tch::{Device, Kind, Tensor};

use crate::aim::Aim;
use crate::law::Law;
use crate::mkl::Mkl;
use crate::results::{Finding, Measured, Others, Results, Task};
use crate::scalar;
use crate::settings::{Settings, thread_counts};
use crate::timing::{Pairs, pairs, pairs_of, sampler};

/// The largest that is measured, and the one that something is wanted of.
pub(crate) const LARGEST: u64 = 16 << 20;
/// Under it, the microsecond that calling it from its process takes would show.
const FEWEST_FOR_MKL: u64 = 1 << 20;
const SIZES: [(u64, &str); 4] = [
    (64, "64"),
    (4 << 10, "4 Ki"),
    (1 << 20, "1 Mi"),
    (LARGEST, "16 Mi"),
];
const KINDS: [Kind; 3] = [Kind::Float, Kind::Double, Kind::BFloat16];

/// Fills tensors of every size and kind from every law.
pub(crate) fn measure(settings: Settings, results: &mut Results) {
    let mkl = find_mkl(results);
    for threads in thread_counts() {
        tch::set_num_threads(threads as i32);
        for law in [Law::Uniform, Law::Normal, Law::TruncNormal] {
            for kind in KINDS {
                for (elements, size) in SIZES {
                    let contest = Contest {
                        law,
                        kind,
                        elements,
                        threads,
                    };
                    let measured = contest.run(settings, mkl.as_ref());
                    let task = contest.task(size);
                    if let (Ok(measured), true) = (&measured, elements == LARGEST) {
                        contest.judge(measured.others, &task, results);
                    }
                    results.row(task, measured);
                }
            }
        }
    }
}

fn find_mkl(results: &mut Results) -> Option<Mkl> {
    let found = Mkl::find().and_then(|mkl| Ok((mkl.version()?, mkl)));
    match found {
        Ok((version, mkl)) => {
            results.note(format!("MKL, in a process of its own, is {version}."));
            Some(mkl)
        }
        Err(reason) => {
            results.note(format!("MKL was not measured: {reason:#}."));
            None
        }
    }
}

/// One tensor, filled in turns by all who can.
#[derive(Debug, Clone, Copy)]
struct Contest {
    law: Law,
    kind: Kind,
    elements: u64,
    threads: usize,
}

impl Contest {
    fn task(self, size: &str) -> Task {
        Task {
            what: self.law.name().to_owned(),
            kind: name(self.kind),
            size: size.to_owned(),
            threads: self.threads,
            elements: Some(self.elements),
            aim: self.aim(),
        }
    }

    fn run(self, settings: Settings, mkl: Option<&Mkl>) -> Result<Measured> {
        let Self {
            law,
            kind,
            elements,
            threads,
        } = self;
        let tensor = Tensor::zeros([elements as i64], (kind, Device::Cpu));
        let ours = || {
            let mut rng = StdRng::seed_from_u64(0);
            let mut tensor = tensor.shallow_clone();
            move || law.ours(&mut tensor, &mut rng)
        };
        let few = settings.few();
        let many = self.aim().map_or(few, |_| settings.pairs);
        let against =
            |count: usize, theirs: &mut dyn FnMut() -> Result<()>| pairs(count, ours(), theirs);
        let mut other = tensor.shallow_clone();
        let libtorch = against(many, &mut || law.libtorch(&mut other))?;
        let init_set = law.init().map(|init| {
            against(few, &mut || {
                init.set(&mut other);
                Ok(())
            })
        });
        // It has one thread, whatever libtorch has.
        let rand_distr = (threads == 1)
            .then(|| scalar::filler(law, kind, elements as usize))
            .map(|mut fill| {
                against(few, &mut || {
                    fill();
                    Ok(())
                })
            });
        let zero = against(many, &mut || Ok(_ = tensor.shallow_clone().f_zero_()?))?;
        let mkl = mkl
            .filter(|_| threads == 1 && elements >= FEWEST_FOR_MKL)
            .and_then(|mkl| mkl.filler(law, kind, elements))
            .map(|filler| {
                let mut filler = filler?;
                let theirs = |calls| filler.seconds(calls);
                pairs_of(settings.pairs, sampler(ours()), theirs)
            });
        let ratio = |pairs: Option<Result<_>>| -> Result<Option<f64>> {
            Ok(pairs.transpose()?.map(|pairs: Pairs| pairs.ratio))
        };
        Ok(Measured {
            libtorch,
            others: Others {
                init_set: ratio(init_set)?,
                rand_distr: ratio(rand_distr)?,
                zero: Some(zero.ratio),
                mkl: ratio(mkl)?,
                pytorch: None,
            },
        })
    }

    /// For libtorch's time over ours.
    fn aim(self) -> Option<Aim> {
        if self.elements < LARGEST {
            return None;
        }
        let (one, all) = match (self.law, self.kind) {
            (Law::Uniform, Kind::Float) => (5.0, 9.0),
            (Law::Normal, Kind::Float) => (3.3, 6.5),
            (Law::Normal, Kind::Double) => (7.0, 14.0),
            (Law::Normal, Kind::BFloat16) => (4.5, 9.0),
            (Law::TruncNormal, Kind::Float) => (15.0, 30.0),
            _ => return None,
        };
        Some(Aim::at_least(if self.threads == 1 { one } else { all }))
    }

    /// What is aimed at for the ratios to MKL and to writing zeros.
    fn judge(self, others: Others, task: &Task, results: &mut Results) {
        let mut find = |theirs: &str, ratio: Option<f64>, aim| {
            if let Some(ratio) = ratio {
                results.finding(Finding {
                    what: format!("{}, nninit ÷ {theirs}", task.name()),
                    result: ratio.recip(),
                    unit: "×",
                    aim,
                });
            }
        };
        let bar = if self.kind == Kind::Double { 1.5 } else { 1.1 };
        find("MKL", others.mkl, Aim::AtMost { aim: 1.0, bar });
        let floor = match (self.law, self.kind) {
            (Law::Uniform, Kind::Float) => Aim::AtMost { aim: 1.5, bar: 2.5 },
            (Law::Normal, Kind::Float) => Aim::AtMost { aim: 2.0, bar: 4.0 },
            _ => return,
        };
        if self.threads > 1 {
            find("`zero_`", others.zero, floor);
        }
    }
}

impl Law {
    fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Normal => "normal",
            Self::TruncNormal => "truncated normal",
        }
    }

    fn ours(self, tensor: &mut Tensor, rng: &mut StdRng) -> Result<()> {
        match self {
            Self::Uniform => init::uniform_(tensor, 0.0, 1.0, rng)?,
            Self::Normal => init::normal_(tensor, 0.0, 1.0, rng)?,
            Self::TruncNormal => init::trunc_normal_(tensor, 0.0, 1.0, -2.0, 2.0, rng)?,
        };
        Ok(())
    }

    /// The in-place operation; for the truncated normal law, the operations of PyTorch's function.
    fn libtorch(self, tensor: &mut Tensor) -> Result<()> {
        match self {
            Self::Uniform => _ = tensor.f_uniform_(0.0, 1.0)?,
            Self::Normal => _ = tensor.f_normal_(0.0, 1.0)?,
            Self::TruncNormal => {
                let mut torch = TorchRng::current();
                init::trunc_normal_(tensor, 0.0, 1.0, -2.0, 2.0, &mut torch)?;
            }
        }
        Ok(())
    }

    /// What tch has for it.
    fn init(self) -> Option<Init> {
        match self {
            Self::Uniform => Some(Init::Uniform { lo: 0.0, up: 1.0 }),
            Self::Normal => Some(Init::Randn {
                mean: 0.0,
                stdev: 1.0,
            }),
            Self::TruncNormal => None,
        }
    }
}

/// As Rust calls it.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Float => "f32",
        Kind::Double => "f64",
        Kind::BFloat16 => "bf16",
        _ => "other",
    }
}

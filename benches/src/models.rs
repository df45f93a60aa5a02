//! Every parameter of two models, by a plan and by libtorch's functions.

mod gpt2;
mod layers;
mod resnet50;

use anyhow::{Result, bail, ensure};
use nninit::laws::Elementwise;
use nninit::{Initialize, Law, Plan};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::nn::VarStore;
use tch::{Device, Tensor};

use self::gpt2::Gpt2;
use self::layers::Layers;
use self::resnet50::ResNet50;
use crate::aim::Aim;
use crate::pytorch;
use crate::results::{Finding, Measured, Others, Results, Shown, Task};
use crate::settings::{Settings, thread_counts};
use crate::timing::{alone, pairs, pairs_of, sampler};

/// Initialises ResNet-50 and GPT-2, the small one, in turns with libtorch.
pub(crate) fn measure(settings: Settings, results: &mut Results) -> Result<()> {
    let resnet = ResNet50::new(&VarStore::new(Device::Cpu).root(), Layers::Blank);
    compare("ResNet-50", resnet, |_| None, settings, results)?;
    from_nothing(
        "ResNet-50",
        "resnet50",
        |vs, layers| ResNet50::new(&vs.root(), layers),
        settings,
        results,
    )?;
    let gpt2 = Gpt2::new(&VarStore::new(Device::Cpu).root(), Layers::Blank);
    let aim = |threads| Some(Aim::at_least(if threads == 1 { 3.0 } else { 6.0 }));
    compare("GPT-2 124M", gpt2, aim, settings, results)?;
    from_nothing(
        "GPT-2 124M",
        "gpt2",
        |vs, layers| Gpt2::new(&vs.root(), layers),
        settings,
        results,
    )
}

/// From an empty store to an initialised model: blank layers and then `init`, beside what others do.
fn from_nothing<M: Initialize>(
    name: &str,
    script: &str,
    build: impl Fn(&VarStore, Layers) -> M,
    settings: Settings,
    results: &mut Results,
) -> Result<()> {
    let threads = thread_counts().last().unwrap_or(1);
    tch::set_num_threads(threads as i32);
    let built = |layers| {
        let mut rng = StdRng::seed_from_u64(0);
        let vs = VarStore::new(Device::Cpu);
        build(&vs, layers).try_init(&mut rng)?;
        Ok(())
    };
    let blank = || built(Layers::Blank);
    let constructors = || {
        let vs = VarStore::new(Device::Cpu);
        let _model = build(&vs, Layers::Drawn);
        Ok(())
    };
    let mut beside = vec![
        (
            "tch's constructors alone",
            pairs(settings.pairs, blank, constructors)?,
            3.0,
        ),
        (
            "tch's constructors, then `init`",
            pairs(settings.pairs, blank, || built(Layers::Drawn))?,
            1.0,
        ),
    ];
    let python = pytorch::python()
        .and_then(|python| pytorch::from_nothing(&python, threads, script))
        .and_then(|mut process| {
            let vs = VarStore::new(Device::Cpu);
            let _model = build(&vs, Layers::Blank);
            let counted: usize = process.greeting().parse()?;
            ensure!(
                counted == trained(&vs),
                "its model has {counted} parameters"
            );
            pairs_of(settings.pairs, sampler(blank), |calls| {
                process.seconds(calls)
            })
        });
    match python {
        Ok(measured) => beside.push(("PyTorch's constructors and script", measured, 5.0)),
        Err(error) => results.note(format!("PyTorch's {name} was not measured: {error:#}.")),
    }
    for (other, pairs, aim) in beside {
        let what = format!("{name} from nothing: `blank`, then `init`; {threads} threads");
        let shown = Shown { what, other, pairs };
        results.shown(shown, Aim::at_least(aim));
    }
    Ok(())
}

fn compare(
    name: &str,
    mut model: impl Initialize,
    aim: impl Fn(usize) -> Option<Aim>,
    settings: Settings,
    results: &mut Results,
) -> Result<()> {
    let plan = model.plan()?;
    let theirs = calls(&plan)?;
    for threads in thread_counts() {
        tch::set_num_threads(threads as i32);
        let mut rng = StdRng::seed_from_u64(0);
        let task = Task {
            what: name.to_owned(),
            kind: "f32",
            size: format!(
                "{} tensors, {:.1} M",
                theirs.len(),
                plan.elements() as f64 / 1e6
            ),
            threads,
            elements: None,
            aim: aim(threads),
        };
        let libtorch = pairs(
            settings.pairs,
            || Ok(_ = model.try_init(&mut rng)?),
            || theirs.iter().try_for_each(Call::run),
        );
        results.row(
            task,
            libtorch.map(|libtorch| Measured {
                libtorch,
                others: Others::default(),
            }),
        );
    }
    look_back(name, &plan, settings, results)?;
    let planned = alone(settings.pairs, || {
        let _plan = model.plan()?;
        Ok(())
    })?;
    results.finding(Finding {
        what: format!("plan of {name}, a parameter"),
        result: planned * 1e6 / plan.entries().len() as f64,
        unit: "µs",
        aim: Aim::at_most(2.0),
    });
    Ok(())
}

/// How many numbers a store trains.
fn trained(vs: &VarStore) -> usize {
    vs.trainable_variables().iter().map(Tensor::numel).sum()
}

/// A way to look at a report.
type Look<'a> = &'a mut dyn FnMut() -> Result<()>;

/// What a report takes to look at the values, beside what they took to draw; all threads.
fn look_back(name: &str, plan: &Plan, settings: Settings, results: &mut Results) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(0);
    let report = plan.execute(&mut rng)?;
    // The same seed each time: the report's values stay those that it knows.
    let mut draw = || Ok(_ = plan.execute(&mut StdRng::seed_from_u64(0))?);
    let looks: [(&'static str, f64, Look<'_>); 3] = [
        ("`verify`", 5.0, &mut || Ok(_ = report.verify()?)),
        ("`verify_bits`", 2.0, &mut || Ok(_ = report.verify_bits()?)),
        ("`measure`", 3.0, &mut || Ok(_ = report.measure()?)),
    ];
    for (what, aim, look) in looks {
        let shown = Shown {
            what: format!("{name}: its initialisation"),
            other: what,
            pairs: pairs(settings.pairs, &mut draw, look)?,
        };
        results.shown(shown, Aim::at_most(aim));
    }
    Ok(())
}

/// One of `torch.nn.init`'s functions on one tensor, its fans and gains already computed.
#[derive(Debug)]
struct Call {
    tensor: Tensor,
    law: Law,
}

/// What a script of PyTorch calls for the same model: the same laws on the same tensors.
fn calls(plan: &Plan) -> Result<Vec<Call>> {
    let mut calls = Vec::new();
    for entry in plan.entries() {
        let [step] = entry.steps() else {
            bail!("`{}` has more than one step", entry.path());
        };
        let Some(law) = step.law() else {
            bail!("`{}` is not written", entry.path());
        };
        calls.push(Call {
            tensor: entry.tensor().shallow_clone(),
            law: law.clone(),
        });
    }
    Ok(calls)
}

impl Call {
    fn run(&self) -> Result<()> {
        let _no_grad = tch::no_grad_guard();
        let mut tensor = self.tensor.shallow_clone();
        _ = match self.law {
            Law::Constant { value: 0.0 } => tensor.f_zero_()?,
            Law::Constant { value } => tensor.f_fill_(value)?,
            Law::Elementwise(Elementwise::Uniform { low, high }) => tensor.f_uniform_(low, high)?,
            Law::Elementwise(Elementwise::Normal { mean, std }) => tensor.f_normal_(mean, std)?,
            ref other => bail!("libtorch has no function for {other}"),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_have_the_published_numbers_of_parameters() {
        let vs = VarStore::new(Device::Cpu);
        let resnet = ResNet50::new(&vs.root(), Layers::Drawn);
        assert_eq!(trained(&vs), 25_557_032);
        assert_eq!(calls(&resnet.plan().unwrap()).unwrap().len(), 161 + 2 * 53);

        let vs = VarStore::new(Device::Cpu);
        let gpt2 = Gpt2::new(&vs.root(), Layers::Drawn);
        assert_eq!(trained(&vs), 124_439_808);
        assert_eq!(calls(&gpt2.plan().unwrap()).unwrap().len(), 148);
    }
}

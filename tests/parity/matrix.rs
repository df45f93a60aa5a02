//! Every scheme × kind × shape × layout × parameters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nninit::declare::{Describe, Spec, Step};
use nninit::laws::{Elementwise, Structured};
use nninit::{
    BoxError, Error, FanMode, Initialize, Initializer, Law, Nonlinearity, Target, TorchRng, init,
    schemes,
};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::{Device, Kind, Tensor};

use crate::bits::{kind, nines};
use crate::reference::{Case, Reference};
use nninit_tests::bits::differing;
use nninit_tests::bits::next_draws;
use nninit_tests::generator::alone;
use nninit_tests::python::say;

#[test]
fn every_function_gives_pytorch_s_bits_and_leaves_the_generator_where_pytorch_does() {
    let Some(reference) = Reference::of("matrix") else {
        return;
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (number, case) in reference.cases.iter().enumerate() {
        let theirs = reference.tensor(&number.to_string());
        let threads = case.integer("threads", 1) as i32;
        if threads != tch::get_num_threads() {
            tch::set_num_threads(threads);
        }
        let mut check =
            |how: &str, write: &dyn Fn(&mut Tensor, &mut TorchRng) -> Result<(), Error>| {
                let mut ours = case.tensor();
                let seed = TorchRng::manual_seed(number as i64);
                if let Err(error) = write(&mut ours, &mut { seed }) {
                    return wrong.push(format!("{case}({how}): {error}"));
                }
                let after = reference.tensor("after").get(number as i64);
                let values = differing(&ours, theirs);
                let moved = case.draws() && differing(&next_draws(), &after) > 0;
                if values > 0 || moved {
                    wrong.push(format!(
                        "{case}({how}): {values} elements, generator elsewhere: {moved}"
                    ));
                }
            };
        check("function", &|tensor, rng| case.call(tensor, rng));
        check("plan", &|tensor, rng| {
            let tensor = tensor.shallow_clone();
            let scheme = case.scheme();
            One { tensor, scheme }.try_init(rng).map(drop)
        });
        *counts.entry(case.function()).or_default() += 1;
    }
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        2 * reference.cases.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    let kinds: BTreeSet<_> = reference
        .cases
        .iter()
        .map(|case| case.text("kind"))
        .collect();
    assert_eq!(
        (counts.len(), kinds.len()),
        (14, 4),
        "the matrix has lost a part: {counts:?}"
    );
    say(&format!(
        "bit-equal: {} cases, each as a function and in a plan: {counts:?}",
        reference.cases.len()
    ));
}

#[test]
fn the_laws_of_a_plan_are_the_numbers_that_pytorch_computes() {
    let Some(reference) = Reference::of("matrix") else {
        return;
    };
    let mut compared = 0;
    for case in &reference.cases {
        let theirs: Vec<f64> = case.list("law");
        let shape = case.shape();
        let ours = match case.scheme().law(&Target::of_shape(&shape)).unwrap() {
            Law::Elementwise(Elementwise::Uniform { low, high }) => vec![low, high],
            Law::Elementwise(Elementwise::Normal { mean, std }) => vec![mean, std],
            Law::Structured(Structured::Sparse { std, .. }) => vec![0.0, std],
            _ => continue,
        };
        assert_eq!(ours, theirs, "{case}");
        compared += 1;
    }
    assert!(compared > 1000, "only {compared} laws");
    say(&format!(
        "equal to the last bit of f64: the numbers of {compared} laws"
    ));
}

#[test]
fn any_other_source_leaves_the_generator_alone() {
    let Some(reference) = Reference::of("matrix") else {
        return;
    };
    let case = |function| {
        reference
            .cases
            .iter()
            .find(|case| case.function() == function)
    };
    for function in [
        "normal_",
        "trunc_normal_",
        "sparse_",
        "orthogonal_",
        "dirac_",
    ] {
        tch::manual_seed(5);
        let fresh = next_draws();
        tch::manual_seed(5);
        let case = case(function).unwrap();
        let scheme = case.scheme();
        let tensor = case.tensor();
        One { tensor, scheme }.init(&mut StdRng::seed_from_u64(0));
        assert_eq!(differing(&next_draws(), &fresh), 0, "{function}");
    }
}

#[test]
fn another_seed_gives_other_bits() {
    let _alone = alone();
    let draw = |seed| {
        let mut tensor = Tensor::zeros([100], (Kind::Float, Device::Cpu));
        init::normal_(&mut tensor, 0.0, 1.0, &mut TorchRng::manual_seed(seed)).unwrap();
        tensor
    };
    assert_eq!(differing(&draw(-1), &draw(-1)), 0);
    assert_eq!(differing(&draw(1), &draw(2)), 100);
}

/// A model of one tensor.
struct One {
    tensor: Tensor,
    scheme: Chosen,
}

impl Initialize for One {
    fn describe(&self, at: &mut Describe<'_>) {
        at.field(
            "tensor",
            &self.tensor,
            Spec::new().step(Step::of(self.scheme.clone())),
        );
    }
}

/// Any scheme.
#[derive(Clone)]
struct Chosen(Arc<dyn Initializer>);

impl Initializer for Chosen {
    fn label(&self) -> String {
        self.0.label()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        self.0.law(target)
    }
}

impl Case {
    fn function(&self) -> &str {
        self.text("function").unwrap()
    }

    fn shape(&self) -> Vec<i64> {
        self.list("shape")
    }

    fn tensor(&self) -> Tensor {
        nines(
            self.text("layout").unwrap(),
            &self.shape(),
            kind(self.text("kind").unwrap()),
        )
    }

    /// Whether the function draws: what does not takes no seed either.
    fn draws(&self) -> bool {
        !matches!(
            self.function(),
            "constant_" | "ones_" | "zeros_" | "eye_" | "dirac_"
        )
    }

    fn mode(&self) -> FanMode {
        self.text("mode").unwrap_or("fan_in").parse().unwrap()
    }

    fn nonlinearity(&self) -> Nonlinearity {
        self.text("nonlinearity")
            .unwrap_or("leaky_relu")
            .parse()
            .unwrap()
    }

    fn call(&self, tensor: &mut Tensor, rng: &mut TorchRng) -> Result<(), Error> {
        let n = |key, default| self.number(key, default);
        match self.function() {
            "uniform_" => init::uniform_(tensor, n("a", 0.0), n("b", 1.0), rng),
            "normal_" => init::normal_(tensor, n("mean", 0.0), n("std", 1.0), rng),
            "trunc_normal_" => {
                let (mean, std) = (n("mean", 0.0), n("std", 1.0));
                init::trunc_normal_(tensor, mean, std, n("a", -2.0), n("b", 2.0), rng)
            }
            "constant_" => init::constant_(tensor, n("val", f64::NAN)),
            "ones_" => init::ones_(tensor),
            "zeros_" => init::zeros_(tensor),
            "eye_" => init::eye_(tensor),
            "dirac_" => init::dirac_(tensor, self.integer("groups", 1)),
            "xavier_uniform_" => init::xavier_uniform_(tensor, n("gain", 1.0), rng),
            "xavier_normal_" => init::xavier_normal_(tensor, n("gain", 1.0), rng),
            "kaiming_uniform_" => {
                init::kaiming_uniform_(tensor, n("a", 0.0), self.mode(), self.nonlinearity(), rng)
            }
            "kaiming_normal_" => {
                init::kaiming_normal_(tensor, n("a", 0.0), self.mode(), self.nonlinearity(), rng)
            }
            "orthogonal_" => init::orthogonal_(tensor, n("gain", 1.0), rng),
            "sparse_" => init::sparse_(tensor, n("sparsity", f64::NAN), n("std", 0.01), rng),
            other => panic!("no function {other}"),
        }
        .map(drop)
    }

    fn scheme(&self) -> Chosen {
        let n = |key, default| self.number(key, default);
        Chosen(match self.function() {
            "uniform_" => Arc::new(schemes::uniform().a(n("a", 0.0)).b(n("b", 1.0))),
            "normal_" => Arc::new(schemes::normal().mean(n("mean", 0.0)).std(n("std", 1.0))),
            "trunc_normal_" => {
                let scheme = schemes::trunc_normal()
                    .mean(n("mean", 0.0))
                    .std(n("std", 1.0));
                Arc::new(scheme.a(n("a", -2.0)).b(n("b", 2.0)))
            }
            "constant_" => Arc::new(schemes::constant(n("val", f64::NAN))),
            "ones_" => Arc::new(schemes::ones()),
            "zeros_" => Arc::new(schemes::zeros()),
            "eye_" => Arc::new(schemes::eye()),
            "dirac_" => Arc::new(schemes::dirac().groups(self.integer("groups", 1))),
            "xavier_uniform_" => Arc::new(schemes::xavier_uniform().gain(n("gain", 1.0))),
            "xavier_normal_" => Arc::new(schemes::xavier_normal().gain(n("gain", 1.0))),
            "kaiming_uniform_" => {
                let scheme = schemes::kaiming_uniform().a(n("a", 0.0)).mode(self.mode());
                Arc::new(scheme.nonlinearity(self.nonlinearity()))
            }
            "kaiming_normal_" => {
                let scheme = schemes::kaiming_normal().a(n("a", 0.0)).mode(self.mode());
                Arc::new(scheme.nonlinearity(self.nonlinearity()))
            }
            "orthogonal_" => Arc::new(schemes::orthogonal().gain(n("gain", 1.0))),
            "sparse_" => Arc::new(schemes::sparse(n("sparsity", f64::NAN)).std(n("std", 0.01))),
            other => panic!("no scheme for {other}"),
        })
    }
}

//! Width transfer: laws of a narrow base model, carried over to a wide one.

use std::collections::HashMap;

use super::{Blueprint, Parameter, PlannedStep};
use crate::laws::{Elementwise, Structured};
use crate::{Cause, Error, Law, Problem};

/// How wide a parameter is beside the same one of a base model, and what follows for its learning rate.
///
/// A dimension counts as width where the two models differ. A weight of two such dimensions is *hidden*; one of one is
/// an input's, an output's, or a bias.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Width {
    inputs: f64,
    outputs: f64,
    dimensions: usize,
}

impl Width {
    /// How many dimensions differ: 2 for a hidden weight, 0 where nothing does.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// How many times the base model's inputs there are. A network divides the input of its last layer by this number.
    #[must_use]
    pub fn inputs(&self) -> f64 {
        self.inputs
    }

    /// How many times the base model's outputs there are; of a bias, how many times its elements.
    #[must_use]
    pub fn outputs(&self) -> f64 {
        self.outputs
    }

    /// What to multiply the base model's learning rate by for Adam and what is like it: `1 / inputs` for a hidden
    /// weight, 1 for all others.
    #[must_use]
    pub fn adam(&self) -> f64 {
        match self.dimensions {
            2 => 1.0 / self.inputs,
            _ => 1.0,
        }
    }

    /// The same for SGD: `outputs / inputs` for a hidden weight; for a weight of one dimension that differs, how many
    /// times as long that is.
    #[must_use]
    pub fn sgd(&self) -> f64 {
        match self.dimensions {
            2 => self.outputs / self.inputs,
            _ => self.inputs * self.outputs,
        }
    }
}

impl Parameter {
    /// How wide it is beside a base model, where [`with_base`](Blueprint::with_base) has said which.
    #[must_use]
    pub fn width(&self) -> Option<Width> {
        let base = self.base.as_deref()?;
        Some(self.beside(base))
    }

    /// Takes the law of the same parameter in a base model, made smaller for the width of this one.
    pub(crate) fn rebase(&mut self, base: &Self) -> Result<(), Cause> {
        if self.shape.len() != base.shape.len() || self.steps.len() != base.steps.len() {
            return Err(Cause::Misplaced(format!(
                "in the base model it is {:?} with {}; only lengths may differ",
                base.shape,
                match base.steps.len() {
                    1 => "1 step".to_owned(),
                    steps => format!("{steps} steps"),
                }
            )));
        }
        let width = self.beside(&base.shape);
        if width.dimensions > 2 {
            return Err(Cause::Misplaced(format!(
                "in the base model it is {:?}: {} dimensions differ, and there is a rule for 2 at most",
                base.shape, width.dimensions
            )));
        }
        let dtype = self.dtype;
        for (step, base) in self.steps.iter_mut().zip(&base.steps) {
            let (Some(law), Some(of_base)) = (&step.law, &base.law) else {
                continue;
            };
            if !law.is_of_the_kind_of(of_base) {
                return Err(Cause::Misplaced(format!(
                    "in the base model it is {of_base}, and here {law}; both need the same scheme"
                )));
            }
            let factor = factor(step, law, base, of_base, width)?;
            // What comes to the same by another way differs in its last places.
            if (factor - 1.0).abs() > 1e-12 {
                step.law = Some(law.clone().scaled(factor, dtype)?);
            }
        }
        self.base = Some(base.shape.clone());
        Ok(())
    }

    /// Of a weight the first dimension counts outputs, or inputs where it is said to be `transposed`, and all others
    /// the other; of a vector it counts outputs. Dimensions of a `batch` are no width.
    fn beside(&self, base: &[i64]) -> Width {
        let batch = self.steps.iter().find_map(PlannedStep::batch);
        let batch = batch.map_or(0, |batch| batch as usize);
        let transposed = self.steps.iter().any(|step| step.said().transposed);
        let lengths = self.shape.iter().zip(base).skip(batch);
        let inputs_first = transposed && lengths.len() > 1;
        let mut width = Width {
            inputs: 1.0,
            outputs: 1.0,
            dimensions: 0,
        };
        for (dim, (&length, &of_base)) in lengths.enumerate() {
            if length == of_base {
                continue;
            }
            width.dimensions += 1;
            let times = length as f64 / of_base.max(1) as f64;
            if (dim == 0) == inputs_first {
                width.inputs *= times;
            } else {
                width.outputs *= times;
            }
        }
        width
    }
}

impl Blueprint {
    /// The same for a model that is trained with the hyperparameters of a narrower one: μP, the maximal update
    /// parametrisation of Yang et al., *Tensor programs V: Tuning large neural networks via zero-shot hyperparameter
    /// transfer* (2022), by the rules of its package `mup`.
    ///
    /// `base` is the blueprint of the same model at the width at which learning rates were found. Dimensions that
    /// differ are width, but for those that `batch` counts. A parameter takes the law that it has in the base model; a
    /// weight of two such dimensions takes it divided by the root of how many times as many inputs it has. So a scheme
    /// of fans and one of a fixed `std` come to the same. Each parameter then tells what its learning rate is
    /// multiplied by: [`Parameter::width`].
    ///
    /// ```
    /// use nninit::{Dtype, Rules};
    ///
    /// let rules: Rules = "**.weight => normal(std=0.02); **.bias => zeros".parse()?;
    /// let model = |width: i64| rules.blueprint([
    ///     ("input.weight", vec![width, 64], Dtype::F32),
    ///     ("hidden.weight", vec![width, width], Dtype::F32),
    ///     ("output.weight", vec![10, width], Dtype::F32),
    ///     ("output.bias", vec![10], Dtype::F32),
    /// ]);
    /// let wide = model(1024)?.with_base(&model(64)?)?;
    /// let hidden = &wide.entries()[1];
    /// assert_eq!(hidden.steps()[0].law().unwrap().to_string(), "N(0, 0.005²)");
    /// assert_eq!(hidden.width().unwrap().adam(), 1.0 / 16.0);
    /// assert_eq!(wide.entries()[2].steps()[0].law().unwrap().to_string(), "N(0, 0.02²)");
    /// # Ok::<(), nninit::Error>(())
    /// ```
    ///
    /// Two things are left to the model: its last layer sees its input divided by [`Width::inputs`], and attention
    /// divides by the width of a head where it divided by the root, times the base model's root.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] with every parameter that the base model does not have, or has with other steps or another
    /// number of dimensions; with those of which more than two dimensions differ; and with hidden weights whose law
    /// has no size to shrink: of a mean other than 0, `eye`, tables, users' functions. Parameters that are left alone
    /// are not looked at.
    pub fn with_base(&self, base: &Self) -> Result<Self, Error> {
        let mut entries = self.entries.to_vec();
        rebase(entries.iter_mut(), base)?;
        Ok(Self::new(entries, &self.left))
    }
}

/// Rebases all that are written; what is wrong of all of them at once.
pub(crate) fn rebase<'a>(
    parameters: impl ExactSizeIterator<Item = &'a mut Parameter>,
    base: &Blueprint,
) -> Result<(), Error> {
    let by_path: HashMap<&str, &Parameter> = base
        .entries()
        .iter()
        .map(|entry| (entry.path(), entry))
        .collect();
    let count = parameters.len();
    let mut problems: Vec<Problem> = Vec::new();
    for parameter in parameters.filter(|parameter| !parameter.is_skipped()) {
        let rebased = match by_path.get(parameter.path()) {
            Some(base) => parameter.rebase(base),
            None => Err(Cause::Misplaced(
                "the base model has no parameter of this path".to_owned(),
            )),
        };
        problems.extend(rebased.err().map(|cause| parameter.problem(cause)));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Plan {
            problems,
            parameters: count,
        })
    }
}

/// What to multiply a law by so that its size is the base model's, divided by the root of the inputs if it is hidden.
fn factor(
    step: &PlannedStep,
    law: &Law,
    base: &PlannedStep,
    of_base: &Law,
    width: Width,
) -> Result<f64, Cause> {
    let is_hidden = width.dimensions == 2;
    let sizes = (
        size(law, &step.blocks.shape()),
        size(of_base, &base.blocks.shape()),
    );
    match sizes {
        (Some(own), Some(of_base)) if own > 0.0 && of_base > 0.0 => {
            let shrink = if is_hidden { width.inputs.sqrt() } else { 1.0 };
            Ok(of_base / (own * shrink))
        }
        // Of zeros there is nothing to shrink.
        (Some(own), Some(of_base)) if own == of_base => Ok(1.0),
        _ if is_hidden => Err(Cause::Misplaced(format!(
            "two of its dimensions are width, so its values have to shrink with it, and {law} has no size that can; use a \
             scheme of mean 0"
        ))),
        _ => Ok(1.0),
    }
}

/// By what the law's values grow and shrink, in proportion to their standard deviation, on a block of this shape; of
/// laws with mean 0.
fn size(law: &Law, shape: &[i64]) -> Option<f64> {
    match *law {
        Law::Constant { value } => (value == 0.0).then_some(0.0),
        Law::Elementwise(Elementwise::Uniform { low, high }) => (low == -high).then_some(high),
        Law::Elementwise(Elementwise::Normal { mean, std }) => (mean == 0.0).then_some(std),
        Law::Elementwise(Elementwise::TruncNormal {
            mean,
            std,
            low,
            high,
        }) => (mean == 0.0 && low == -high).then_some(std),
        Law::Structured(Structured::Orthogonal { gain }) => {
            let outputs = *shape.first()?;
            let inputs: i64 = shape.get(1..)?.iter().product();
            Some(gain / (outputs.max(inputs) as f64).sqrt())
        }
        Law::Structured(Structured::Sparse { std, .. }) => Some(std),
        Law::Elementwise(
            Elementwise::LogUniform { .. }
            | Elementwise::LnUniform { .. }
            | Elementwise::SoftplusInverse { .. },
        )
        | Law::Structured(
            Structured::DeltaOrthogonal { .. }
            | Structured::Eye { .. }
            | Structured::Dirac { .. }
            | Structured::Chrono { .. },
        )
        | Law::Table(_)
        | Law::Given(_)
        | Law::ByIndex(_)
        | Law::Mapped(_)
        | Law::Sample(_)
        | Law::Custom(_) => None,
    }
}

//! From a blueprint to a plan: each parameter finds its tensor.

use std::collections::HashMap;

use tch::Tensor;

use super::layout::Layout;
use super::{Entry, Plan, given, ties};
use crate::blueprint::Parameter;
use crate::{Blueprint, Cause, Error, Problem};

impl Blueprint {
    /// Binds every parameter to the tensor of its path. Tensors that no parameter is called by are left alone.
    ///
    /// ```
    /// use nninit::{Dtype, Rules};
    /// use rand::SeedableRng;
    /// use rand::rngs::StdRng;
    /// use tch::{Device, nn};
    ///
    /// # if cfg!(feature = "doc-only") { return Ok(()) }
    /// let rules: Rules = "**.weight => orthogonal; **.bias => zeros".parse()?;
    /// let blueprint = rules.blueprint([
    ///     ("head.weight", [4, 16].to_vec(), Dtype::F32),
    ///     ("head.bias", [4].to_vec(), Dtype::F32),
    /// ])?;
    ///
    /// let vs = nn::VarStore::new(Device::Cpu);
    /// let head = nn::linear(vs.root() / "head", 16, 4, Default::default());
    /// blueprint.bind(vs.variables())?.execute(&mut StdRng::seed_from_u64(42))?;
    /// # Ok::<(), nninit::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] with every parameter that has no tensor, or one of another shape or kind; with tensors that
    /// cannot be written; and with tensors that share memory and parameters that do not agree, as for any plan.
    pub fn bind<N: Into<String>>(
        &self,
        tensors: impl IntoIterator<Item = (N, Tensor)>,
    ) -> Result<Plan, Error> {
        let named = tensors
            .into_iter()
            .map(|(name, tensor)| (name.into(), tensor));
        let tensors: HashMap<String, Tensor> = named.collect();
        let mut problems = Vec::new();
        let mut entries: Vec<Entry> = self
            .entries()
            .iter()
            .filter_map(|parameter| {
                let tensor = tensors.get(parameter.path());
                bound(parameter, tensor)
                    .map_err(|reason| problems.push(parameter.problem(reason)))
                    .ok()
            })
            .collect();
        if problems.is_empty() {
            ties::find_ties(&mut entries, &mut problems);
            given::find_written(&entries, &mut problems);
            problems.extend(entries.iter().zip(self.entries()).filter_map(torn));
        }
        if problems.is_empty() {
            Ok(Plan {
                entries: entries.into(),
                left: self.left().into(),
            })
        } else {
            Err(Error::Plan {
                problems,
                parameters: self.entries().len(),
            })
        }
    }
}

fn bound(parameter: &Parameter, tensor: Option<&Tensor>) -> Result<Entry, Cause> {
    let tensor = tensor.ok_or(Cause::NoTensor)?;
    let layout = Layout::of(tensor)?;
    if layout.shape() != parameter.shape() || layout.dtype() != parameter.dtype() {
        return Err(Cause::OtherTensor {
            shape: layout.shape().to_vec(),
            dtype: layout.dtype(),
        });
    }
    let mut parameter = parameter.clone();
    parameter.tie(None);
    Ok(Entry::new(parameter, tensor.shallow_clone(), layout, None))
}

/// A tie of the blueprint that the tensors do not have would leave the parameter with values of its own.
fn torn((entry, parameter): (&Entry, &Parameter)) -> Option<Problem> {
    let other = parameter.tied_to()?;
    (entry.tied_to() != Some(other)).then(|| {
        parameter.problem(Cause::Misplaced(format!(
            "is tied to `{other}`, and its tensor does not share that one's memory"
        )))
    })
}

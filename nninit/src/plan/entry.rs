//! One parameter of a plan: what is done to it, and the tensor that it is done to.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tch::{Device, Kind, Tensor};

use super::layout::Layout;
use crate::blueprint::{Parameter, PlannedStep};
use crate::declare::describe::{Held, LayerPart, TENSOR};
use crate::declare::draft::{Declared, Left};
use crate::{Cause, Part, Problem, path_hash};

/// One parameter of a plan: what is done to it, and the tensor that it is done to.
pub struct Entry {
    parameter: Parameter,
    /// A handle to the model's tensor. Handles are `Send` and not `Sync`, and plans are both.
    tensor: Mutex<Tensor>,
    layout: Layout,
    layer: Option<LayerPart>,
}

impl Entry {
    /// What is done, as data.
    #[must_use]
    pub fn parameter(&self) -> &Parameter {
        &self.parameter
    }

    /// The parameter's path: `blocks.0.conv.weight`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.parameter.path()
    }

    /// The parameter itself: a handle that shares the model's storage.
    pub fn tensor(&self) -> Tensor {
        self.lock().shallow_clone()
    }

    /// The plan's own handle. Whoever holds it must not ask for another.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Tensor> {
        self.tensor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its shape.
    #[must_use]
    pub fn shape(&self) -> &[i64] {
        self.layout.shape()
    }

    /// The kind of its elements.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.layout.kind()
    }

    /// Where it lies.
    #[must_use]
    pub fn device(&self) -> Device {
        self.layout.device()
    }

    /// What is done to it, in order; a skipped parameter has one step without a law.
    #[must_use]
    pub fn steps(&self) -> &[PlannedStep] {
        self.parameter.steps()
    }

    /// Whether it is left as it is.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.parameter.is_skipped()
    }

    /// The path of the parameter that shares its memory and is written in its stead.
    #[must_use]
    pub fn tied_to(&self) -> Option<&str> {
        self.parameter.tied_to()
    }

    /// The hash that its streams are keyed by.
    pub(crate) fn stream(&self) -> u64 {
        path_hash(self.parameter.stream_name())
    }

    /// How the tensor lay in memory when the plan was made.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Which part of which layer it is, where it is one.
    pub(crate) fn part(&self) -> Option<Part<'_>> {
        self.layer.as_ref().map(LayerPart::part)
    }

    /// Whether its first step is what the layer gets where nothing is declared.
    pub(crate) fn starts_as_its_layer(&self) -> bool {
        self.layer.as_ref().is_some_and(|layer| layer.as_it_is)
    }

    /// Resolves what is declared of a tensor. One that is left alone, in a layout that cannot be written, goes to
    /// `left`; what is wrong goes to `problems`.
    pub(super) fn resolve(
        declared: Declared,
        held: Held,
        left: &mut Vec<Left>,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let Held { tensor, layer } = held;
        let layout = match Layout::of(&tensor) {
            Ok(layout) => layout,
            Err(_) if declared.steps.iter().all(|step| step.is_plain_skip()) => {
                left.push(Left {
                    path: declared.path,
                    type_name: TENSOR.into(),
                });
                return None;
            }
            Err(reason) => {
                let scheme = declared
                    .steps
                    .first()
                    .map(|step| step.written().to_string());
                problems.push(Problem {
                    path: declared.path,
                    shape: None,
                    scheme,
                    reason: reason.into(),
                });
                return None;
            }
        };
        let (shape, dtype) = (layout.shape().to_vec(), layout.dtype());
        let parameter = Parameter::resolve(declared, shape, dtype, layer.is_none(), problems)?;
        Some(Self::new(parameter, tensor, layout, layer))
    }

    pub(super) fn new(
        parameter: Parameter,
        tensor: Tensor,
        layout: Layout,
        layer: Option<LayerPart>,
    ) -> Self {
        Self {
            parameter,
            tensor: Mutex::new(tensor),
            layout,
            layer,
        }
    }

    /// The same parameter in memory of its own, with the values that it holds now.
    pub(crate) fn on_copy(&self) -> Result<Self, Cause> {
        let tensor = self.tensor().detach().copy();
        let layout = Layout::of(&tensor)?;
        let (parameter, layer) = (self.parameter.clone(), self.layer.clone());
        Ok(Self::new(parameter, tensor, layout, layer))
    }

    /// Another handle to the same parameter.
    pub(super) fn share(&self) -> Self {
        let (parameter, layout, layer) = (&self.parameter, &self.layout, &self.layer);
        Self::new(
            parameter.clone(),
            self.tensor(),
            layout.clone(),
            layer.clone(),
        )
    }

    pub(super) fn parameter_mut(&mut self) -> &mut Parameter {
        &mut self.parameter
    }

    pub(crate) fn problem(&self, reason: Cause) -> Problem {
        self.parameter.problem(reason)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("parameter", &self.parameter)
            .field("layout", &self.layout)
            .finish_non_exhaustive()
    }
}

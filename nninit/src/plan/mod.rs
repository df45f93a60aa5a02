//! What an initialisation will do: every parameter with its steps, checked, nothing written.

pub(crate) mod coverage;
pub(crate) mod layout;
mod select;
#[cfg(feature = "serde")]
mod serialize;
mod ties;
pub(crate) mod warning;

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use tch::{Device, Kind, Tensor};

use self::layout::Layout;
use crate::blueprint::table;
use crate::declare::describe::{Declared, Draft, LayerPart, Left};
use crate::numeric::extent::Extent;
use crate::numeric::stream::path_hash;
use crate::{Error, Law, Part, Problem, Progress, Reason, Report, Source, Step, engine};

/// Every parameter of a model with its steps, checked, nothing written yet.
///
/// Made by [`Initialize::plan`](crate::Initialize::plan). Printed, it is a table:
///
/// ```
/// use nninit::Initialize;
/// use tch::{Device, Kind, Tensor};
///
/// #[derive(Initialize)]
/// struct Gate {
///     #[init(xavier_normal)]
///     weight: Tensor,
///     #[init(zeros)]
///     #[init(ones, at = 2..4)]
///     bias: Tensor,
/// }
///
/// # if cfg!(feature = "doc-only") { return }
/// let options = (Kind::Float, Device::Cpu);
/// let gate = Gate { weight: Tensor::zeros([6, 2], options), bias: Tensor::zeros([6], options) };
/// let plan = gate.plan().unwrap();
/// assert_eq!(plan.entries()[0].steps()[0].law().unwrap().to_string(), "N(0, 0.5²)");
/// println!("{plan}");
/// ```
#[derive(Debug, Clone)]
pub struct Plan {
    entries: Rc<[Entry]>,
    left: Rc<[Left]>,
}

/// One parameter of a plan.
#[derive(Debug)]
pub struct Entry {
    path: String,
    stream: u64,
    tensor: Tensor,
    layout: Layout,
    part: Option<LayerPart>,
    steps: Vec<PlannedStep>,
    tied_to: Option<String>,
}

/// One step of a parameter: a law, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedStep {
    scheme: Cow<'static, str>,
    region: Option<String>,
    chunks: Option<i64>,
    modifiers: Vec<String>,
    law: Option<Law>,
    blocks: Vec<Extent>,
    of_layer: bool,
}

/// What a tensor that is left alone is called.
const TENSOR: &str = "Tensor";

impl Plan {
    /// The parameters, in declaration order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many elements the parameters have, tied ones counted once.
    #[must_use]
    pub fn elements(&self) -> u64 {
        self.untied().map(|entry| entry.layout.numel()).sum()
    }

    /// How many bytes the parameters take, tied ones counted once.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.untied().map(|entry| entry.layout.bytes()).sum()
    }

    /// Writes every parameter.
    ///
    /// From [`TorchRng`](crate::TorchRng) come PyTorch's own bits, in declaration order. From an [`Rng`](rand::Rng) it takes one number, the seed; the same seed gives the same values whatever the thread
    /// count, the device, the memory format and the other parameters. Gradients are off meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] when a user's own function fails, or the device does.
    pub fn execute<S: Source + ?Sized>(&self, source: &mut S) -> Result<Report, Error> {
        self.execute_with(source, |_| ())
    }

    /// As [`execute`](Plan::execute), telling how far it is.
    ///
    /// `progress` is called on this thread, often enough for a bar to move: after each parameter, and within large ones.
    ///
    /// # Errors
    ///
    /// As [`execute`](Plan::execute).
    pub fn execute_with<S: Source + ?Sized>(
        &self,
        source: &mut S,
        mut progress: impl FnMut(Progress),
    ) -> Result<Report, Error> {
        let bits = source.bits();
        engine::execute(self, bits, &mut progress)?;
        Ok(Report::new(self.clone(), bits))
    }

    pub(crate) fn left(&self) -> &[Left] {
        &self.left
    }

    /// Skipped fields of types that cannot be looked into.
    pub(crate) fn opaque(&self) -> impl Iterator<Item = &Left> {
        self.left.iter().filter(|left| left.type_name != TENSOR)
    }

    fn untied(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.tied_to.is_none())
    }

    /// Resolves every scheme against its tensor; all mistakes at once.
    pub(crate) fn resolve(draft: Draft) -> Result<Self, Error> {
        Self::resolve_beside(draft, Vec::new(), Vec::new())
    }

    /// As [`resolve`](Self::resolve), after what has been resolved before.
    fn resolve_beside(
        draft: Draft,
        mut entries: Vec<Entry>,
        mut left: Vec<Left>,
    ) -> Result<Self, Error> {
        let Draft {
            parameters,
            left: newly_left,
            mut problems,
        } = draft;
        left.extend(newly_left);
        let count = entries.len() + parameters.len();
        for declared in parameters {
            match Entry::resolve(declared, &mut problems) {
                Resolved::Entry(entry) => entries.push(entry),
                Resolved::Left(path) => left.push(Left {
                    path,
                    type_name: TENSOR,
                }),
                Resolved::Refused => {}
            }
        }
        ties::find_equal_streams(&entries, &mut problems);
        ties::find_ties(&mut entries, &mut problems);
        if problems.is_empty() {
            Ok(Self {
                entries: entries.into(),
                left: left.into(),
            })
        } else {
            Err(Error::Plan {
                problems,
                parameters: count,
            })
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table::plan(self).fmt(f)
    }
}

impl Entry {
    /// The parameter's path: `blocks.0.conv.weight`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The parameter itself; it shares the model's storage.
    pub fn tensor(&self) -> &Tensor {
        &self.tensor
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
        &self.steps
    }

    /// Whether it is left as it is.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.steps.iter().all(|step| step.law.is_none())
    }

    /// The path of the parameter that shares its memory and is written in its stead.
    #[must_use]
    pub fn tied_to(&self) -> Option<&str> {
        self.tied_to.as_deref()
    }

    pub(crate) fn stream(&self) -> u64 {
        self.stream
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Which part of which layer it is, where it is one.
    pub(crate) fn part(&self) -> Option<Part<'_>> {
        self.part.as_ref().map(LayerPart::part)
    }

    fn resolve(declared: Declared, problems: &mut Vec<Problem>) -> Resolved {
        let Declared {
            path,
            key,
            tensor,
            part,
            steps,
        } = declared;
        let layout = match Layout::of(&tensor) {
            Ok(layout) => layout,
            // What is left alone may be laid out in any way.
            Err(_) if steps.iter().all(|step| step.is_plain_skip()) => return Resolved::Left(path),
            Err(reason) => {
                let scheme = steps.first().map(|step| step.written().to_string());
                problems.push(Problem {
                    path,
                    shape: None,
                    scheme,
                    reason,
                });
                return Resolved::Refused;
            }
        };
        let before = problems.len();
        let mut planned = Vec::with_capacity(steps.len());
        for (position, step) in steps.iter().enumerate() {
            match PlannedStep::resolve(step, position, &layout) {
                Ok(step) => planned.push(step),
                Err(reasons) => problems.extend(reasons.into_iter().map(|reason| Problem {
                    path: path.clone(),
                    shape: Some(layout.shape().to_vec()),
                    scheme: Some(step.written().to_string()),
                    reason,
                })),
            }
        }
        if problems.len() > before {
            return Resolved::Refused;
        }
        for (step, planned) in steps.iter().zip(&planned) {
            let (shape, scheme) = (layout.shape(), step.written());
            match planned.law() {
                Some(law) => warning::unlikely_numbers(&path, shape, &scheme, law),
                None if layout.numel() == 0 && !step.is_plain_skip() => {
                    warning::no_elements(&path, shape, &scheme);
                }
                None => {}
            }
        }
        let stream = path_hash(key.as_deref().unwrap_or(&path));
        Resolved::Entry(Self {
            path,
            stream,
            tensor,
            layout,
            part,
            steps: planned,
            tied_to: None,
        })
    }

    pub(crate) fn problem(&self, reason: Reason) -> Problem {
        let scheme = self.steps.first().map(|step| step.scheme.to_string());
        Problem {
            path: self.path.clone(),
            shape: Some(self.shape().to_vec()),
            scheme,
            reason,
        }
    }
}

enum Resolved {
    Entry(Entry),
    Left(String),
    Refused,
}

impl PlannedStep {
    /// The scheme as written.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The region that it covers, as written; `None` for the whole tensor.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Into how many blocks along dimension 0 the tensor is cut, where `chunks` says so.
    #[must_use]
    pub fn chunks(&self) -> Option<i64> {
        self.chunks
    }

    /// The modifiers that change the law, with their values: `scale = 0.2041`, `groups = 4`, `transposed`,
    /// `fan_of = [64, 3]`.
    #[must_use]
    pub fn modifiers(&self) -> &[String] {
        &self.modifiers
    }

    /// What the values will be; `None` where nothing is written: `skip`, or no elements.
    #[must_use]
    pub fn law(&self) -> Option<&Law> {
        self.law.as_ref()
    }

    /// The boxes that the law is written to, each by itself.
    pub(crate) fn blocks(&self) -> &[Extent] {
        &self.blocks
    }

    /// Whether it is what the layer gets where nothing is declared.
    pub(crate) fn is_of_layer(&self) -> bool {
        self.of_layer
    }

    /// How many elements are written.
    pub(crate) fn elements(&self) -> u64 {
        let written = self.law.iter().flat_map(|_| &self.blocks);
        written.map(Extent::numel).sum()
    }

    fn resolve(step: &Step, position: usize, layout: &Layout) -> Result<Self, Vec<Reason>> {
        if !step.failures().is_empty() {
            return Err(step.failures().to_vec());
        }
        let one = |reason| vec![reason];
        let mut planned = Self {
            scheme: step.written().clone(),
            region: step.region().map(ToString::to_string),
            chunks: step.chunks_wanted(),
            modifiers: step.modifiers(),
            law: None,
            blocks: Vec::new(),
            of_layer: step.is_of_layer(),
        };
        if layout.numel() == 0 {
            return Ok(planned);
        }
        if step.region().is_some() && position == 0 {
            return Err(one(Reason::RegionFirst));
        }
        let extent = match step.region() {
            Some(region) => region.within(layout.shape()).map_err(one)?,
            None => Extent::whole(layout.shape()),
        };
        let blocks = match step.chunks_wanted() {
            Some(chunks) => extent.chunks(chunks).map_err(one)?,
            None => vec![extent],
        };
        if blocks.iter().all(|block| block.numel() == 0) {
            return Ok(planned);
        }
        planned.law = match &blocks[..] {
            [block] if block.is_whole() => step.law(layout.shape(), layout.dtype()),
            blocks => step.law(&blocks[0].shape(), layout.dtype()),
        }
        .map_err(one)?;
        planned.blocks = blocks;
        Ok(planned)
    }
}

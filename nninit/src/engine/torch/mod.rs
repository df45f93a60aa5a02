//! The other contract: libtorch's own draws, in PyTorch's order.
//!
//! Each law makes the calls that `torch/nn/init.py` of PyTorch 2.13 makes, in the same order and on the same tensor:
//! which bits an in-place draw takes depends on the tensor's strides. Laws that PyTorch does not have are made of its
//! parts.

mod rng;
mod transformed;
mod trunc_normal;

pub use self::rng::TorchRng;

use std::collections::HashSet;

use tch::{Device, Kind, Tensor};

use crate::blueprint::PlannedStep;
use crate::declare::recipe::{Layer, Part, TorchDefault};
use crate::engine::bound::{Bound, failed};
use crate::engine::progress::{Meter, Progress};
use crate::engine::site::Site;
use crate::engine::stop::Stop;
use crate::engine::values::Users;
use crate::engine::{centre, gates, given, rehearsal, repeated, structured, users};
use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Extent;
use crate::numeric::stream::Key;
use crate::plan::layout::Layout;
use crate::{Cause, Dtype, Elementwise, Entry, Error, Law, Plan, Stream, Structured, Target};

/// Writes every parameter of a plan in declaration order, tied ones too.
pub(crate) fn execute(
    plan: &Plan,
    parameters: &[Bound<'_>],
    seed: Option<i64>,
    constructors: bool,
    progress: Option<&mut dyn FnMut(Progress)>,
) -> Result<(), Error> {
    let _no_grad = tch::no_grad_guard();
    // Draws cannot be tried: the generator would move.
    rehearsal::all(parameters, |parameter, law, _| match law {
        Law::Given(given) => given::rehearse(given, parameter.entry.layout().dtype()),
        _ => Ok(()),
    })?;
    if let Some(seed) = seed {
        tch::manual_seed(seed);
    }
    if constructors {
        repeat_constructors(plan, parameters)?;
    }
    let steps = plan.entries().iter().flat_map(Entry::steps);
    let mut meter = Meter::new(steps.map(PlannedStep::elements).sum(), progress);
    for parameter in parameters {
        let entry = parameter.entry;
        let built = constructors && is_left_as_built(entry);
        for (position, step) in entry.steps().iter().enumerate() {
            if position > 0 || !built {
                write_step(parameter, step, position == 0)
                    .map_err(|reason| failed(entry, step, reason))?;
            }
            meter.add(step.elements());
        }
    }
    Ok(())
}

/// Writes one tensor by itself.
pub(crate) fn execute_one(
    tensor: &Tensor,
    layout: &Layout,
    law: &Law,
    seed: Option<i64>,
) -> Result<(), Cause> {
    let whole = Blocks::one(Extent::whole(layout.shape()));
    draw_alone(tensor, layout, law, &whole, seed)
}

/// Writes blocks of one tensor by itself.
pub(crate) fn execute_blocks(
    tensor: &Tensor,
    layout: &Layout,
    law: &Law,
    blocks: &Blocks,
    seed: Option<i64>,
) -> Result<(), Stop> {
    if let Law::Given(given) = law {
        given::rehearse(given, layout.dtype()).map_err(Stop::Before)?;
    }
    draw_alone(tensor, layout, law, blocks, seed).map_err(Stop::Writing)
}

fn draw_alone(
    tensor: &Tensor,
    layout: &Layout,
    law: &Law,
    blocks: &Blocks,
    seed: Option<i64>,
) -> Result<(), Cause> {
    if let Some(seed) = seed {
        tch::manual_seed(seed);
    }
    let place = Placed {
        tensor,
        layout,
        stream: crate::path_hash(""),
    };
    place.write(law, blocks)
}

/// Draws what PyTorch's constructors draw for the model's layers, and keeps it where the script would: for parts for
/// which nothing is declared.
fn repeat_constructors(plan: &Plan, parameters: &[Bound<'_>]) -> Result<(), Error> {
    for left in plan.opaque() {
        log::warn!(
            "`{}` is a `{}`, whose layers cannot be seen: what PyTorch draws when it builds them is not repeated",
            left.path,
            left.type_name
        );
    }
    // Of tied parameters the first keeps what its constructor drew.
    let mut written = HashSet::new();
    for parameter in parameters {
        let entry = parameter.entry;
        let Some(step) = entry.steps().first() else {
            continue;
        };
        let keep = is_left_as_built(entry) && written.insert(entry.layout().address());
        build(parameter, keep).map_err(|reason| failed(entry, step, reason))?;
    }
    Ok(())
}

fn build(parameter: &Bound<'_>, keep: bool) -> Result<(), Cause> {
    let entry = parameter.entry;
    let law = entry
        .part()
        .and_then(|part| of_constructor(&part, entry.shape()))
        .filter(|law| keep || law.is_random());
    let Some(law) = law.filter(|_| !entry.shape().contains(&0)) else {
        return Ok(());
    };
    let kind = if entry.layout().dtype().is_complex() {
        entry.kind()
    } else {
        Kind::Float
    };
    let built = Tensor::f_empty(entry.shape(), (kind, Device::Cpu))?;
    draw(&built, &law)?;
    if keep {
        parameter.tensor().shallow_clone().f_copy_(&built)?;
    }
    Ok(())
}

/// Whether the first step is what PyTorch's constructor does.
fn is_left_as_built(entry: &Entry) -> bool {
    let (Some(part), Some(first)) = (entry.part(), entry.steps().first()) else {
        return false;
    };
    entry.starts_as_its_layer() && first.law() == of_constructor(&part, entry.shape()).as_ref()
}

/// What PyTorch's constructor writes to a part of a layer.
fn of_constructor(part: &Part<'_>, shape: &[i64]) -> Option<Law> {
    TorchDefault::scheme(part)
        .law(&Target::of_shape(shape))
        .ok()
}

fn write_step(parameter: &Bound<'_>, step: &PlannedStep, is_first: bool) -> Result<(), Cause> {
    let (entry, tensor) = (parameter.entry, parameter.tensor());
    let Some(law) = step.law() else {
        return Ok(());
    };
    // A callback or a function of a user's may have run meanwhile.
    parameter.read_again()?;
    if is_first && is_drawn_apart(entry) {
        let apart = Tensor::f_empty(entry.shape(), (entry.kind(), entry.device()))?;
        draw(&apart, law)?;
        tensor.shallow_clone().f_copy_(&apart)?;
        return Ok(());
    }
    let place = Placed {
        tensor,
        layout: entry.layout(),
        stream: entry.stream(),
    };
    place.write(law, step.blocks())
}

/// Whether its first step is drawn into a tensor beside it and copied: a convolution's `reset_parameters` does so with
/// a weight that is not contiguous, and `init` functions do not.
fn is_drawn_apart(entry: &Entry) -> bool {
    let convolution = |part: Part<'_>| {
        matches!(part.layer, Layer::Conv | Layer::ConvTranspose) && part.name == "weight"
    };
    is_left_as_built(entry)
        && entry.part().is_some_and(convolution)
        && !entry.layout().is_contiguous()
}

/// A parameter, and the stream for what PyTorch has no draws for.
struct Placed<'a> {
    tensor: &'a Tensor,
    layout: &'a Layout,
    stream: u64,
}

impl Placed<'_> {
    fn write(&self, law: &Law, blocks: &Blocks) -> Result<(), Cause> {
        match law {
            Law::Constant { value } => {
                let value = self.layout.dtype().within(*value);
                self.site().fill(blocks.joined(), value)
            }
            law if blocks.repeated().is_some() => self.repeated(law, blocks),
            Law::Elementwise(law) => self.each(blocks, |view| elementwise(view, law)),
            Law::Structured(law) => self.structured(law, blocks),
            Law::Table(table) => super::serial::write_table(&self.site(), table, blocks),
            Law::Given(given) => given::write(&self.site(), given, blocks),
            // From a stream of ours.
            Law::Sample(sample) => {
                let site = Site::new(self.tensor, self.layout, Key::of_hash(seed(), self.stream));
                let draws = Users::Draws(sample.drawer()?);
                blocks
                    .iter()
                    .try_for_each(|block| users::draw(&site, &block, &draws))
            }
            Law::ByIndex(of) => {
                let places = Users::Places(of.of_places(self.layout.shape())?);
                blocks
                    .iter()
                    .try_for_each(|block| users::draw(&self.site(), &block, &places))
            }
            Law::Mapped(mapped) => {
                let function = mapped.function()?;
                let mut made = Vec::new();
                // What fails leaves the tensor as it was.
                self.each(blocks, |view| {
                    // Which bits a draw takes depends on the strides.
                    let options = (view.f_kind()?, view.device());
                    let mut apart = Tensor::f_empty_strided(view.size(), view.stride(), options)?;
                    elementwise(&mut apart, &mapped.of())?;
                    users::map(&apart, &function)?;
                    made.push(apart);
                    Ok(())
                })?;
                self.layout.read_again(self.tensor)?;
                let mut made = made.iter();
                self.each(blocks, |view| match made.next() {
                    Some(apart) => Ok(view.f_copy_(apart)?),
                    None => Ok(()),
                })
            }
            Law::Custom(custom) => {
                let stream = |_| Stream::seeded_when_drawn_from(self.stream, seed);
                users::call(&self.site(), custom, blocks, stream)
            }
        }
    }

    /// The site with any key, for what draws nothing of ours.
    fn site(&self) -> Site<'_> {
        Site::new(self.tensor, self.layout, Key::of_hash(0, 0))
    }

    fn each(
        &self,
        blocks: &Blocks,
        mut write: impl FnMut(&mut Tensor) -> Result<(), Cause>,
    ) -> Result<(), Cause> {
        let site = self.site();
        blocks
            .iter()
            .try_for_each(|block| write(&mut site.view(&block)?))
    }

    /// A tensor of each block in which equal neighbours stand once, copied to each.
    fn repeated(&self, law: &Law, blocks: &Blocks) -> Result<(), Cause> {
        let count = blocks.repeated().map_or(1, |(_, count)| count);
        self.each(blocks, |view| {
            let made = Tensor::f_empty(blocks.shape(), (view.f_kind()?, view.device()))?;
            let view = repeated::once(view, 0, count)?;
            made.shallow_clone().f_copy_(&view.f_select(1, 0)?)?;
            let layout = Layout::of(&made)?;
            let place = Placed {
                tensor: &made,
                layout: &layout,
                stream: self.stream,
            };
            place.write(law, &Blocks::one(Extent::whole(layout.shape())))?;
            self.layout.read_again(self.tensor)?;
            repeated::spread(&view, 0, &made)
        })
    }

    fn structured(&self, law: &Structured, blocks: &Blocks) -> Result<(), Cause> {
        match *law {
            Structured::Orthogonal { gain } => self.each(blocks, |view| orthogonal(view, gain)),
            Structured::DeltaOrthogonal { gain } => {
                self.each(blocks, |view| delta_orthogonal(view, gain))
            }
            Structured::Sparse { zeros, std } => self.each(blocks, |view| sparse(view, zeros, std)),
            Structured::Chrono { max, gates, factor } => self.each(blocks, |view| {
                let _ = view.f_zero_()?;
                let mut forget = gates::of_bias(view, gates, gates::FORGET)?;
                elementwise(&mut forget, &Elementwise::chrono(max, factor))?;
                Ok(gates::complete(view, gates)?)
            }),
            Structured::Eye { .. } | Structured::Dirac { .. } => {
                structured::write(&self.site(), law, blocks)
            }
        }
    }
}

/// A number from libtorch's generator, taken as PyTorch's `DataLoader` takes its seed.
fn seed() -> u64 {
    let mut number = Tensor::empty([], (Kind::Int64, Device::Cpu));
    number.random_().int64_value(&[]) as u64
}

/// Writes a tensor that is no parameter.
fn draw(tensor: &Tensor, law: &Law) -> Result<(), Cause> {
    let layout = Layout::of(tensor)?;
    let place = Placed {
        tensor,
        layout: &layout,
        stream: crate::path_hash(""),
    };
    place.write(law, &Blocks::one(Extent::whole(layout.shape())))
}

fn elementwise(view: &mut Tensor, law: &Elementwise) -> Result<(), Cause> {
    match *law {
        Elementwise::Uniform { low, high } => {
            let max = Dtype::from(view.f_kind()?).max();
            let _ = view.f_uniform_(low.clamp(-max, max), high.clamp(-max, max))?;
        }
        Elementwise::Normal { mean, std } => _ = view.f_normal_(mean, std)?,
        Elementwise::TruncNormal {
            mean,
            std,
            low,
            high,
        } => trunc_normal::draw(view, mean, std, low, high)?,
        Elementwise::LogUniform { .. }
        | Elementwise::LnUniform { .. }
        | Elementwise::SoftplusInverse { .. } => transformed::draw(view, law)?,
    }
    Ok(())
}

/// `orthogonal_`, with the QR of half kinds in f32: libtorch has none for them.
fn orthogonal(view: &mut Tensor, gain: f64) -> Result<(), Cause> {
    let (shape, kind) = (view.size(), view.f_kind()?);
    let computed = match kind {
        Kind::Double => Kind::Double,
        _ => Kind::Float,
    };
    let (rows, columns) = (shape[0], shape[1..].iter().product());
    let mut drawn =
        Tensor::f_empty([rows, columns], (computed, view.device()))?.f_normal_(0.0, 1.0)?;
    if rows < columns {
        drawn = drawn.f_t_()?;
    }
    let (mut q, r) = Tensor::f_linalg_qr(&drawn, "reduced")?;
    q = q.f_mul_(&r.f_diag(0)?.f_sign()?)?;
    if rows < columns {
        q = q.f_t_()?;
    }
    let mut q = q.f_reshape(&shape)?;
    if kind == computed {
        view.f_copy_(&q)?;
        let _ = view.f_mul_scalar_(gain)?;
    } else {
        let q = q.f_mul_scalar_(gain)?;
        view.f_copy_(&q)?;
    }
    Ok(())
}

fn delta_orthogonal(view: &mut Tensor, gain: f64) -> Result<(), Cause> {
    let _ = view.f_zero_()?;
    orthogonal(&mut centre::of_tensor(view)?, gain)
}

fn sparse(view: &mut Tensor, zeros: i64, std: f64) -> Result<(), Cause> {
    let _ = view.f_normal_(0.0, std)?;
    let (rows, columns) = (view.size()[0], view.size()[1]);
    for column in 0..columns {
        // On the CPU wherever the matrix lies, as PyTorch has it.
        let order = Tensor::f_randperm(rows, (Kind::Int64, Device::Cpu))?;
        let chosen = order.f_narrow(0, 0, zeros)?.f_to(view.device())?;
        let _ = view.f_select(1, column)?.f_index_fill_(0, &chosen, 0.0)?;
    }
    Ok(())
}

//! Everything that can be wrong with a declaration, each with its sentence: what is wrong, and what to write instead.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::Dtype;

/// The error type of users' code: initialisers and values in attributes.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What a [`Reason`](crate::Reason) is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReasonKind {
    /// The tensor's shape: too few dimensions, a fan of 0, blocks that do not divide.
    Shape,
    /// A number that makes no sense: infinite, negative, bounds in the wrong order.
    Number,
    /// The kind of the tensor's elements, which cannot hold the values.
    Kind,
    /// The tensor itself: undefined, sparse, expanded, or not the one that a blueprint was made for.
    Tensor,
    /// The region that `at` names.
    Region,
    /// What is declared: nothing, in the wrong place, by a pattern that matches nothing.
    Declaration,
    /// Memory that two parameters share and do not agree on.
    SharedMemory,
    /// The tensor is no longer what it was when the plan was made.
    Changed,
    /// Values that are not what was planned.
    Values,
    /// A user's own code failed, or libtorch did.
    Failed,
}

/// One way in which a declaration does not fit its tensor; to users it is a [`Reason`](crate::Reason).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum Cause {
    /// A fan was asked of a tensor with fewer than two dimensions.
    #[error(
        "fan_in and fan_out need at least 2 dimensions and this has {ndim}; \
         use `normal`, `uniform` or a constant, or say whose fans with `fan_of = …`, a tensor or a shape"
    )]
    FanNeedsTwoDimensions {
        /// Dimensions that the tensor has.
        ndim: usize,
    },
    /// The fan that the scheme divides by is zero.
    #[error("{mode} is 0, so the scheme has no finite scale; use a scheme without fans")]
    ZeroFan {
        /// What was asked for: `fan_in`, `fan_out`, `fan_in + fan_out`, …
        mode: &'static str,
    },
    /// The scheme is defined for other numbers of dimensions.
    #[error("needs {needs} dimensions and this has {ndim}")]
    WrongRank {
        /// The numbers of dimensions it is defined for, in words.
        needs: &'static str,
        /// Dimensions that the tensor has.
        ndim: usize,
    },
    /// The groups of a convolution do not divide its first dimension.
    #[error(
        "groups = {groups} does not divide the first dimension, {dim0}; write the `groups` of the layer's own configuration"
    )]
    GroupsDoNotDivide {
        /// Groups that were asked for.
        groups: i64,
        /// Length of the first dimension.
        dim0: i64,
    },
    /// A recurrent layer with gates that are neither an LSTM's nor a GRU's.
    #[error("gates = {gates}, and an LSTM has `gates = 4`, a GRU `gates = 3`")]
    NotGates {
        /// Gates that were asked for.
        gates: i64,
    },
    /// No bias of so many gates.
    #[error(
        "needs a bias of {gates} gates, [{gates} · hidden], and this is {shape:?}; an LSTM has `gates = 4`, a GRU `gates = 3`"
    )]
    NotBiasOfGates {
        /// Gates that were asked for.
        gates: i64,
        /// Shape of the tensor, region, slice or block.
        shape: Vec<i64>,
    },
    /// The chunks do not divide the dimension that they cut.
    #[error(
        "chunks = {chunks} does not divide the {} dimension, {length}; write how many equal blocks are stacked along it",
        if *.dim == 0 { "first" } else { "second" }
    )]
    ChunksDoNotDivide {
        /// Chunks that were asked for.
        chunks: i64,
        /// Which dimension of a slice they cut.
        dim: usize,
        /// Its length.
        length: i64,
    },
    /// A delta-orthogonal weight needs at least as many outputs as inputs.
    #[error(
        "needs at least as many outputs as inputs, and this has {outputs} outputs for {inputs} inputs; use `orthogonal` or `dirac`"
    )]
    FewerOutputsThanInputs {
        /// Length of the first dimension.
        outputs: i64,
        /// Length of the second dimension.
        inputs: i64,
    },
    /// The scheme is defined for other lengths.
    #[error("needs {needs}, and this is {shape:?}")]
    OtherShape {
        /// The shapes that it is defined for, in words.
        needs: &'static str,
        /// The tensor's.
        shape: Vec<i64>,
    },
    /// Positions that do not fill the rows of their grid.
    #[error(
        "of {rows} rows prefix = {prefix} leave {left}, which are not rows of a grid of width = {width}; write how many \
         columns the grid has, and how many tokens stand before it",
        left = rows - prefix
    )]
    GridNotFilled {
        /// Length of the first dimension.
        rows: i64,
        /// Rows of zeros that come first.
        prefix: i64,
        /// Columns of the grid.
        width: i64,
    },
    /// More rows of zeros than there are rows.
    #[error(
        "prefix = {prefix}, and there are {rows} rows in all; write how many tokens stand before the positions"
    )]
    PrefixTooLong {
        /// Rows of zeros that come first.
        prefix: i64,
        /// Length of the first dimension.
        rows: i64,
    },
    /// A number that is infinite or not a number.
    #[error("`{parameter}` is {shown}; it must be finite", shown = Shown(*value))]
    NotFinite {
        /// Name of the scheme's parameter.
        parameter: &'static str,
        /// What it was.
        value: f64,
    },
    /// A number that must not be negative.
    #[error("`{parameter}` is {shown}; it must be 0 or more", shown = Shown(*value))]
    Negative {
        /// Name of the scheme's parameter.
        parameter: &'static str,
        /// What it was.
        value: f64,
    },
    /// A number outside the range that the table of schemes has for it.
    #[error("`{parameter}` is {shown}; it must be {range}", shown = Shown(*value))]
    NumberOutOfRange {
        /// Name of the scheme's parameter.
        parameter: &'static str,
        /// What it was.
        value: f64,
        /// What it must be: `above 0`.
        range: &'static str,
    },
    /// Positive bounds in the wrong order.
    #[error(
        "the lower bound is {low}, above the upper one, which is {high}",
        low = Shown(*low),
        high = Shown(*high)
    )]
    LowAboveHigh {
        /// The lower bound as given.
        low: f64,
        /// The upper bound as given.
        high: f64,
    },
    /// A sparsity outside [0, 1].
    #[error("`sparsity` is {shown}; it is the share of zeros in each column, from 0 to 1", shown = Shown(*value))]
    SparsityOutOfRange {
        /// What it was.
        value: f64,
    },
    /// More zeros in a column than it has elements, or fewer than none.
    #[error(
        "{zeros} zeros are wanted in each column of {rows} elements; write a number from 0 to {rows}"
    )]
    ZerosOutOfRange {
        /// Zeros that were asked for.
        zeros: i64,
        /// Length of the first dimension.
        rows: i64,
    },
    /// A scale that takes a law's values out of the kind.
    #[error("`scale` is {shown}, and {law} times that cannot be held by {dtype}; write another", shown = Shown(*scale))]
    ScaleOverflows {
        /// The scale.
        scale: f64,
        /// The law as it is without it.
        law: String,
        /// The kind of the tensor's elements.
        dtype: Dtype,
    },
    /// A number that makes a law's beyond every float.
    #[error(
        "`{parameter}` is {shown}, and what follows from it is beyond every float; write another",
        shown = Shown(*value)
    )]
    Overflows {
        /// The parameter as users write it.
        parameter: &'static str,
        /// What it was.
        value: f64,
    },
    /// A slope whose square is beyond every float.
    #[error(
        "`a` is {shown}, whose square overflows; it is the slope below zero of the leaky ReLU that follows",
        shown = Shown(*value)
    )]
    SlopeOverflows {
        /// The slope.
        value: f64,
    },
    /// A shape with a negative length.
    #[error("the shape {shape:?} has a negative length, so it is no tensor's")]
    NegativeLength {
        /// The shape.
        shape: Vec<i64>,
    },
    /// Fans beyond the largest whole number.
    #[error("the fans of {shape:?} are beyond 2⁶³, so it is no tensor's shape")]
    FanOverflows {
        /// The shape.
        shape: Vec<i64>,
    },
    /// Bounds in the wrong order.
    #[error(
        "the bounds are the wrong way round: `a` is {a} and `b` is {b}; write the smaller one as `a`",
        a = Shown(*low),
        b = Shown(*high)
    )]
    BoundsReversed {
        /// The lower bound as given.
        low: f64,
        /// The upper bound as given.
        high: f64,
    },
    /// Bounds whose distance is not a finite number.
    #[error(
        "the interval from {a} to {b} is too wide: its width overflows",
        a = Shown(*low),
        b = Shown(*high)
    )]
    WidthOverflows {
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
    },
    /// A number that the tensor's kind cannot hold.
    #[error(
        "{what} {shown} cannot be held by {dtype}, which reaches from {min} to {max}",
        shown = Shown(*value),
        min = Shown(dtype.min()),
        max = Shown(dtype.max())
    )]
    OutsideKind {
        /// What the number is: `the value`, `the bound`, `the mean`, `a draw of`.
        what: &'static str,
        /// The number.
        value: f64,
        /// The kind of the tensor's elements.
        dtype: Dtype,
    },
    /// A fraction in a tensor of whole numbers.
    #[error("the value {shown} is not a whole number, and this tensor is of kind {dtype}", shown = Shown(*value))]
    NotWhole {
        /// The number.
        value: f64,
        /// The kind of the tensor's elements.
        dtype: Dtype,
    },
    /// A random or structured scheme on a kind that cannot hold it.
    #[error(
        "draws real numbers, and this tensor is of kind {dtype}; {takes}",
        takes = if dtype.is_complex() {
            "complex kinds take `normal` and the schemes that come to it, `uniform`, `eye`, `dirac`, `constant`, `ones`, `zeros`, `copy` or `skip`"
        } else {
            "only f64, f32, f16 and bf16 can hold them, other kinds take `constant`, `ones`, `zeros`, `copy` or `skip`"
        }
    )]
    NotReal {
        /// The kind of the tensor's elements.
        dtype: Dtype,
    },
    /// A uniform scheme of fans on complex numbers.
    #[error(
        "of a complex number ({dtype}) PyTorch draws both parts uniformly, so that its variance is twice the scheme's; write \
         the scheme's normal form, or `uniform` with bounds for each part"
    )]
    UniformParts {
        /// The kind of the tensor's elements.
        dtype: Dtype,
    },
    /// A number for elements that stand for numbers by a scale of the tensor's own.
    #[error(
        "this tensor is of kind {dtype}, whose elements stand for numbers by the tensor's own scale; write `skip`"
    )]
    Quantised {
        /// The kind of the tensor's elements.
        dtype: Dtype,
    },
    /// A function or distribution of which a file holds the name alone.
    #[error(
        "`{name}` is code of the program that planned this, and what was read from a file knows its name alone; plan it \
         with the model that declares it"
    )]
    NotInFile {
        /// The name of the function or of the distribution's type.
        name: String,
    },
    /// The tensor has no value at all.
    #[error("the tensor is undefined: it was made by `Tensor::new()` and never given a value")]
    Undefined,
    /// The tensor's elements are not laid out by strides.
    #[error(
        "the tensor is {layout}; only strided (dense) tensors that hold their own values can be initialised"
    )]
    NotStrided {
        /// How it is laid out.
        layout: &'static str,
    },
    /// A parameter of a blueprint for which there is no tensor.
    #[error("there is no tensor of this path")]
    NoTensor,
    /// A tensor that is not what the blueprint was made for.
    #[error(
        "the tensor is of shape {shape:?} and kind {dtype}; make the blueprint for that one, or bind another"
    )]
    OtherTensor {
        /// The tensor's shape.
        shape: Vec<i64>,
        /// The kind of its elements.
        dtype: Dtype,
    },
    /// A tensor that is no longer what it was when the plan was made.
    #[error("{was} when planned, now {is}: make the plan again")]
    Changed {
        /// What it was.
        was: String,
        /// What it is.
        is: String,
    },
    /// A function of the user's that makes of a draw what the kind cannot hold.
    #[error(
        "`map` makes {value} of {draw}, which the scheme can draw, and it has to make a number of {dtype} of every draw; \
         write bounds within which it does",
        value = Shown(*value),
        draw = Shown(*draw)
    )]
    MapsOut {
        /// The draw.
        draw: f64,
        /// What the function makes of it.
        value: f64,
        /// The kind of the tensor's elements.
        dtype: Dtype,
    },
    /// A function of draws beside a law without such.
    #[error(
        "`map` is of schemes that draw each element by itself, and this one comes to {law}; remove it"
    )]
    MapsNoDraws {
        /// The law.
        law: String,
    },
    /// A function of the user's that makes no number of a place.
    #[error("the function gives NaN at {place:?}")]
    NoNumberAt {
        /// The place in the whole parameter.
        place: Vec<i64>,
    },
    /// Values of another shape than what they are written to.
    #[error(
        "the values are {given:?}, and nothing is broadcast to {shape:?}; write `constant, val = …` for one number, `copy = \
         tensor.expand({shape:?}, false)` for what `expand` makes of it, or `batch = N` for equal slices"
    )]
    GivenShape {
        /// The values' shape.
        given: Vec<i64>,
        /// The shape of what they are written to.
        shape: Vec<i64>,
    },
    /// More or fewer numbers than their shape has elements.
    #[error("a shape of {shape:?} is not that of {count} numbers")]
    GivenCount {
        /// The shape.
        shape: Vec<i64>,
        /// How many numbers there are.
        count: usize,
    },
    /// A value that the kind cannot hold.
    #[error(
        "{value} at {place:?} cannot be held by {dtype}, {holds}",
        value = Shown(*value),
        holds = if dtype.is_whole() {
            "which holds whole numbers of some length".to_owned()
        } else {
            format!("which reaches from {} to {}", Shown(dtype.min()), Shown(dtype.max()))
        }
    )]
    GivenOutside {
        /// The value, multiplied by the scale.
        value: f64,
        /// Its place among the values.
        place: Vec<i64>,
        /// The kind of the tensor's elements.
        dtype: Dtype,
    },
    /// Complex values for real elements.
    #[error(
        "the values are of kind {from}, and {dtype} holds no complex numbers; write `.real()` behind the tensor"
    )]
    GivenComplex {
        /// The kind of the values.
        from: Dtype,
        /// The kind of the tensor's elements.
        dtype: Dtype,
    },
    /// Values that the plan itself writes.
    #[error(
        "the values lie in memory that the plan writes, in `{other}`, so that what they are depends on the order; initialise \
         first and copy then, by `copy_` or `VarStore::copy`"
    )]
    GivenWritten {
        /// The path of the parameter that is written.
        other: String,
    },
    /// A tensor of values that is no longer what it was when the plan was made.
    #[error("the tensor that is copied was {was} when planned, now {is}: make the plan again")]
    GivenChanged {
        /// What it was.
        was: String,
        /// What it is.
        is: String,
    },
    /// A file of values that has been written since.
    #[error("`{file}` has been written since it was opened; open it anew, and make the plan again")]
    FileChanged {
        /// Where it is.
        file: String,
    },
    /// A tensor of a file that is of another shape than the parameter.
    #[error(
        "in the file it is {stored:?}; where the parameter is to start anew, take the weights without it: \
         `weights.without(\"{name}\")?`"
    )]
    StoredShape {
        /// Its shape in the file.
        stored: Vec<i64>,
        /// Its name there.
        name: String,
    },
    /// A tensor that cannot be fitted to another model.
    #[error("this is {shape:?}: {needs}")]
    Unadaptable {
        /// What is wrong with it.
        needs: String,
        /// Its shape.
        shape: Vec<i64>,
    },
    /// A parameter that a file does not have.
    #[error("{files} has no `{name}`; {near}")]
    NotStored {
        /// The files.
        files: String,
        /// What the parameter would be called there.
        name: String,
        /// What is near, and what to write.
        near: String,
    },
    /// A tensor of a file that no parameter takes.
    #[error("it is in {files}, and no parameter takes it; {near}")]
    NotTaken {
        /// The files.
        files: String,
        /// What is near, and what to write.
        near: String,
    },
    /// Values of which a file holds the shape alone.
    #[error(
        "the values were given by the program that planned this, and what was read from a file knows their shape alone; \
         plan it with the model that declares it"
    )]
    GivenElsewhere,
    /// A user's distribution drew something that is no number.
    #[error("the distribution drew NaN; check its parameters")]
    DrawsNaN,
    /// Several elements of the tensor lie at one place in memory.
    #[error(
        "several elements share one place in memory (an expanded tensor); initialise the tensor it was expanded from, or a `contiguous()` copy"
    )]
    Overlapping,
    /// An index that is not within the tensor.
    #[error("`at` is out of range: {index} along dimension {dim}, which has length {length}")]
    OutOfRange {
        /// The index as written.
        index: String,
        /// The dimension.
        dim: usize,
        /// Its length.
        length: i64,
    },
    /// More indices than dimensions.
    #[error("`at` has {indices} indices for a tensor of {ndim} dimensions")]
    TooManyIndices {
        /// Indices in `at`.
        indices: usize,
        /// Dimensions that the tensor has.
        ndim: usize,
    },
    /// A first step that covers a region only.
    #[error(
        "the first step has `at`, so nothing says what becomes of the other elements; put a step for the whole tensor before it, or `skip` to leave them"
    )]
    RegionFirst,
    /// A tensor that nothing declares.
    #[error(
        "nothing says how this tensor is initialised; write a scheme, or `skip` to leave it as it is"
    )]
    Undeclared,
    /// A part, field or scheme that cannot stand where it does.
    #[error("{0}")]
    Misplaced(String),
    /// A pattern of names that is not one.
    #[error("the pattern is malformed: {what}")]
    MalformedPattern {
        /// What is wrong with it, and what to write.
        what: String,
    },
    /// A variable that no rule matches.
    #[error(
        "no rule matches; {hint}; write `\"{name}\" => SCHEME`, or `=> skip` to leave it as it is"
    )]
    Unmatched {
        /// The variable's name.
        name: String,
        /// The rule that comes nearest.
        hint: String,
    },
    /// A rule, or a pattern, that is for nothing.
    #[error("{why}")]
    UnusedRule {
        /// Why, and what is near.
        why: String,
    },
    /// A variable that no declaration reaches.
    #[error(
        "no declaration reaches this variable; declare the field that holds it, or initialise it by name with `rules!`"
    )]
    Uncovered,
    /// A parameter that shares memory with one that is to be spared.
    #[error("shares memory with `{other}`, which is to be spared; spare both, or neither")]
    Spared {
        /// The spared parameter's path.
        other: String,
    },
    /// Values that the law does not explain.
    #[error("{finding} (a chance of {chance:.1e} at most)")]
    Deviates {
        /// What is odd about them.
        finding: String,
        /// How probable that is, or anything as odd, under the law.
        chance: f64,
    },
    /// Values that are not those that were written.
    #[error("{count} values are not those that were written")]
    Differs {
        /// How many.
        count: u64,
    },
    /// Two parameters with the same stream.
    #[error(
        "draws from the same stream as `{other}`: the two keys hash alike; give one of them another with `stream = \"…\"`"
    )]
    SameStream {
        /// The other parameter's path.
        other: String,
    },
    /// A map key that would make paths ambiguous.
    #[error(
        "the map key {key:?} contains a dot, which separates the names of a path; use keys without dots"
    )]
    DotInKey {
        /// The key.
        key: String,
    },
    /// Elements that are declared twice, differently.
    #[error(
        "shares memory with `{other}`, which is declared as `{declared}`; declare both alike, or `skip` one of them"
    )]
    Conflict {
        /// The other parameter's path.
        other: String,
        /// What that one is declared as.
        declared: String,
    },
    /// Memory shared in part with another parameter.
    #[error("shares some of its elements with `{other}`, through another view; `skip` one of them")]
    PartlyShared {
        /// The other parameter's path.
        other: String,
    },
    /// A chain of structs that is deeper than paths can tell.
    #[error(
        "the model is nested more than {levels} levels deep, and its path names them all; hold the layers in a `Vec`"
    )]
    TooDeep {
        /// How many are allowed.
        levels: usize,
    },
    /// libtorch failed, or something for which there is no better sentence.
    #[error("{0}")]
    Failed(String),
    /// A user's value, function or initialiser failed.
    #[error("{context}{error}")]
    Foreign {
        /// What the user's code was for, with a colon; or nothing.
        context: String,
        /// The user's own error.
        error: Shared,
    },
}

/// An error that the clones of a cause share.
#[derive(Clone)]
pub(crate) struct Shared(Arc<dyn Error + Send + Sync>);

impl Cause {
    /// A user's error, under what the code was for: ``"`scale` could not be computed: "``.
    pub(crate) fn foreign(context: String, error: BoxError) -> Self {
        Self::Foreign {
            context,
            error: Shared(error.into()),
        }
    }

    pub(crate) fn kind(&self) -> ReasonKind {
        match self {
            Self::FanNeedsTwoDimensions { .. }
            | Self::ZeroFan { .. }
            | Self::WrongRank { .. }
            | Self::GroupsDoNotDivide { .. }
            | Self::NotBiasOfGates { .. }
            | Self::ChunksDoNotDivide { .. }
            | Self::FewerOutputsThanInputs { .. }
            | Self::OtherShape { .. }
            | Self::GridNotFilled { .. }
            | Self::PrefixTooLong { .. }
            | Self::NegativeLength { .. }
            | Self::FanOverflows { .. }
            | Self::GivenShape { .. }
            | Self::StoredShape { .. }
            | Self::Unadaptable { .. }
            | Self::GivenCount { .. } => ReasonKind::Shape,
            Self::NotFinite { .. }
            | Self::Negative { .. }
            | Self::NumberOutOfRange { .. }
            | Self::SparsityOutOfRange { .. }
            | Self::NotGates { .. }
            | Self::LowAboveHigh { .. }
            | Self::ZerosOutOfRange { .. }
            | Self::ScaleOverflows { .. }
            | Self::Overflows { .. }
            | Self::SlopeOverflows { .. }
            | Self::BoundsReversed { .. }
            | Self::WidthOverflows { .. }
            | Self::MapsOut { .. } => ReasonKind::Number,
            Self::OutsideKind { .. }
            | Self::GivenOutside { .. }
            | Self::GivenComplex { .. }
            | Self::NotWhole { .. }
            | Self::NotReal { .. }
            | Self::UniformParts { .. }
            | Self::Quantised { .. } => ReasonKind::Kind,
            Self::Undefined
            | Self::NotStrided { .. }
            | Self::NoTensor
            | Self::OtherTensor { .. }
            | Self::Overlapping => ReasonKind::Tensor,
            Self::OutOfRange { .. } | Self::TooManyIndices { .. } | Self::RegionFirst => {
                ReasonKind::Region
            }
            Self::Undeclared
            | Self::Misplaced(_)
            | Self::MapsNoDraws { .. }
            | Self::Unmatched { .. }
            | Self::UnusedRule { .. }
            | Self::MalformedPattern { .. }
            | Self::Uncovered
            | Self::DotInKey { .. }
            | Self::TooDeep { .. }
            | Self::SameStream { .. } => ReasonKind::Declaration,
            Self::Conflict { .. }
            | Self::PartlyShared { .. }
            | Self::Spared { .. }
            | Self::GivenWritten { .. } => ReasonKind::SharedMemory,
            Self::Changed { .. } | Self::GivenChanged { .. } | Self::FileChanged { .. } => {
                ReasonKind::Changed
            }
            Self::Deviates { .. } | Self::Differs { .. } => ReasonKind::Values,
            Self::Failed(_)
            | Self::Foreign { .. }
            | Self::DrawsNaN
            | Self::NoNumberAt { .. }
            | Self::GivenElsewhere
            | Self::NotStored { .. }
            | Self::NotTaken { .. }
            | Self::NotInFile { .. } => ReasonKind::Failed,
        }
    }

    /// A user's own error.
    pub(crate) fn foreign_error(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Foreign { error, .. } => Some(&*error.0),
            _ => None,
        }
    }
}

impl PartialEq for Shared {
    /// Whether they are one error.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(feature = "tch")]
impl From<tch::TchError> for Cause {
    fn from(error: tch::TchError) -> Self {
        // The first line says what failed; the rest is libtorch's stack.
        let text = error.to_string();
        Self::Failed(text.lines().next().unwrap_or_default().to_owned())
    }
}

/// A number as one would write it: very large and small ones by their power of ten.
struct Shown(f64);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = *self;
        let magnitude = value.abs();
        if magnitude == 0.0 || (1e-4..1e6).contains(&magnitude) {
            write!(f, "{value}")
        } else {
            write!(f, "{value:e}")
        }
    }
}

//! What can go wrong, told so that a user knows what to write instead.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::Reason;

/// Why a model was not initialised.
///
/// Its text names every parameter that cannot be initialised as declared, with its shape, the scheme, what is wrong and
/// what to write. Of more than 50 problems it shows the first 50 and says how many follow;
/// [`problems`](Error::problems) has them all.
///
/// ```
/// # #[cfg(feature = "tch")] {
/// use nninit::init;
/// use rand::SeedableRng;
/// use rand::rngs::StdRng;
/// use tch::{Device, Kind, Tensor};
///
/// # if cfg!(feature = "doc-only") { return }
/// let mut bias = Tensor::zeros([64], (Kind::Float, Device::Cpu));
/// let error = init::xavier_normal_(&mut bias, 1.0, &mut StdRng::seed_from_u64(0)).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "cannot initialise the tensor of shape [64]: xavier_normal: fan_in and fan_out need at least 2 dimensions and \
///      this has 1; use `normal`, `uniform` or a constant, or say whose fans with `fan_of = …`, a tensor or a shape",
/// );
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Some parameters cannot be initialised as declared, or are no longer what they were when the plan was made
    /// ([`ReasonKind::Changed`](crate::ReasonKind::Changed)). Nothing was written.
    #[non_exhaustive]
    Plan {
        /// All of them, in declaration order.
        problems: Vec<Problem>,
        /// How many parameters the model has.
        parameters: usize,
    },
    /// A text does not say what the steps or rules are.
    #[non_exhaustive]
    Text {
        /// All that is wrong with it, in order.
        mistakes: Vec<Mistake>,
    },
    /// A file of weights cannot be read, or is none.
    #[non_exhaustive]
    File {
        /// Where it is, as it was given.
        path: PathBuf,
        /// All that is wrong with it; the text of each is the entry that it is about, empty for the whole file.
        mistakes: Vec<Mistake>,
    },
    /// Some parameters do not hold what was planned.
    #[non_exhaustive]
    Verify {
        /// All of them, in declaration order.
        problems: Vec<Problem>,
        /// How many parameters the model has.
        parameters: usize,
    },
    /// A user's function or distribution failed, or changed a tensor that was still to be written
    /// ([`ReasonKind::Changed`](crate::ReasonKind::Changed)); or libtorch failed, out of memory on a device.
    ///
    /// Other parameters may have been written, and this one in part: what is drawn by itself is written first, in no
    /// order, then all other laws of this crate, and what users' code makes comes last. With
    /// [`TorchRng`](crate::TorchRng), all that stands before this parameter in the plan has been written.
    Write(Box<Problem>),
}

impl Error {
    /// The problems that the text tells of.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Plan { problems, .. } | Self::Verify { problems, .. } => problems,
            Self::Write(problem) => std::slice::from_ref(problem),
            Self::Text { .. } | Self::File { .. } => &[],
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan {
                problems,
                parameters,
            } => cannot_initialise(f, problems, *parameters),
            Self::Text { mistakes } => cannot_read(f, mistakes),
            Self::File { path, mistakes } => cannot_open(f, path, mistakes),
            Self::Verify {
                problems,
                parameters,
            } => not_as_planned(f, problems, *parameters),
            Self::Write(problem) => write!(f, "while writing {problem}"),
        }
    }
}

impl std::error::Error for Error {
    /// A user's own error, where one is to blame: the first of them.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.problems()
            .iter()
            .find_map(|problem| problem.reason.source())
    }
}

/// One parameter that cannot be initialised as declared.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Problem {
    /// The parameter's path; empty for a tensor that a free function was given.
    pub path: String,
    /// Its shape, where it has one.
    pub shape: Option<Vec<i64>>,
    /// The scheme as written, where one is to blame.
    pub scheme: Option<String>,
    /// What is wrong, and what to write instead.
    pub reason: Reason,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.shape, self.path.is_empty()) {
            (Some(shape), true) => write!(f, "the tensor of shape {shape:?}: ")?,
            // Without shape and scheme it is no tensor's problem.
            (None, true) if self.scheme.is_none() => f.write_str("the model: ")?,
            (None, true) => f.write_str("the tensor: ")?,
            (Some(shape), false) => write!(f, "`{}` {shape:?}: ", self.path)?,
            (None, false) => write!(f, "`{}`: ", self.path)?,
        }
        if let Some(scheme) = &self.scheme {
            write!(f, "{scheme}: ")?;
        }
        self.reason.fmt(f)
    }
}

/// A piece of text, or an entry of a file, that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// The rule or step, as far as it could be told from its neighbours; of a file the entry's name.
    pub text: String,
    /// What is wrong with it, and what to write instead.
    pub message: String,
}

impl Mistake {
    pub(crate) fn new(text: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.text.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "`{}`: {}", self.text, self.message)
    }
}

fn cannot_initialise(
    f: &mut fmt::Formatter<'_>,
    problems: &[Problem],
    parameters: usize,
) -> fmt::Result {
    if let [problem] = problems {
        return write!(f, "cannot initialise {problem}");
    }
    write!(
        f,
        "{} problems in a model of {parameters} parameters, nothing was written:",
        problems.len()
    )?;
    list(f, problems)
}

fn cannot_read(f: &mut fmt::Formatter<'_>, mistakes: &[Mistake]) -> fmt::Result {
    if let [mistake] = mistakes {
        return write!(f, "cannot read {mistake}");
    }
    write!(f, "cannot read {} rules:", mistakes.len())?;
    list(f, mistakes)
}

fn cannot_open(f: &mut fmt::Formatter<'_>, path: &Path, mistakes: &[Mistake]) -> fmt::Result {
    let path = path.display();
    if let [mistake] = mistakes {
        return write!(f, "cannot read the weights of `{path}`: {mistake}");
    }
    write!(f, "cannot read the weights of `{path}`:")?;
    list(f, mistakes)
}

fn not_as_planned(
    f: &mut fmt::Formatter<'_>,
    problems: &[Problem],
    parameters: usize,
) -> fmt::Result {
    if let [problem] = problems {
        return write!(f, "not as planned: {problem}");
    }
    write!(
        f,
        "{} findings in a model of {parameters} parameters:",
        problems.len()
    )?;
    list(f, problems)
}

/// How many problems a text lists.
const LISTED: usize = 50;

fn list(f: &mut fmt::Formatter<'_>, all: &[impl fmt::Display]) -> fmt::Result {
    for one in all.iter().take(LISTED) {
        write!(f, "\n  {one}")?;
    }
    match all.len().saturating_sub(LISTED) {
        0 => Ok(()),
        more => write!(f, "\n  and {more} more"),
    }
}

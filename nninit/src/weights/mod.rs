//! Files of weights: what is in them is read at once, and values when they are copied.

mod file;
mod kind;
mod pairs;
#[cfg(feature = "pickle")]
mod pickle;
#[cfg(feature = "tch")]
mod read;
mod safetensors;
#[cfg(feature = "tch")]
mod script;
mod sharded;
mod stored;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use self::file::OpenFile;
pub use self::stored::StoredTensor;
use crate::blueprint::names;
use crate::blueprint::pattern::Pattern;
use crate::{Error, Mistake, Patterns};

/// A file of weights, open for reading: a safetensors file, the index of several, or what `torch.save` or tch wrote.
///
/// Opening it reads names, shapes and kinds, and no values: these are read tensor by tensor, when a plan that
/// [takes](crate::Plan::take) them is executed. It is a handle, cheap to clone.
///
/// A store that tch saved under another name than `.safetensors` (`.ot`) is read whole when it is opened, by libtorch.
/// Pickles (`.pt`, `.pth`, `.bin`; an archive, a stream as before PyTorch 1.6, a whole module) need the feature
/// `pickle`. No code in them is run. Weights that are nested in one are named with the keys in front, and
/// [`key`](Self::key) chooses one of these: `.key("state_dict")?`.
///
/// ```
/// # #[cfg(feature = "tch")] {
/// use nninit::{Initialize, Weights};
/// use rand::SeedableRng;
/// use rand::rngs::StdRng;
/// use tch::nn;
///
/// #[derive(Initialize)]
/// struct Classifier {
///     body: nn::Linear,
///     #[init(weight(normal, std = 0.01), bias(zeros))]
///     head: nn::Linear,
/// }
///
/// /// The body from a file, a new head.
/// fn start(model: &Classifier) -> Result<(), nninit::Error> {
///     let weights = Weights::open("backbone.safetensors")?
///         .without("fc.*")?
///         .prefix("backbone.");
///     let plan = model.plan()?.take(&weights)?;
///     println!("{plan}\nstart anew: {:?}", weights.missing(&plan));
///     plan.execute(&mut StdRng::seed_from_u64(42))?;
///     Ok(())
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Weights {
    stored: Arc<[StoredTensor]>,
    /// Their places in `stored`.
    by_name: Arc<HashMap<Arc<str>, usize>>,
    /// From a parameter's path to the name in the file.
    renamed: Vec<Renaming>,
}

type Renaming = Arc<dyn Fn(&str) -> String + Send + Sync>;

impl Weights {
    /// Opens a safetensors file, the index of a model in several (`model.safetensors.index.json`), what tch wrote, or
    /// with the feature `pickle` what `torch.save` did; told apart by what is in it.
    ///
    /// A header is read and checked; it may be 100 MB long.
    ///
    /// # Errors
    ///
    /// [`Error::File`] with all that is wrong: a file that is not there, cut off, of another format, or whose entries
    /// overlap, leave gaps, stand twice or are not as long as their shapes say. Of a pickle all is refused where one
    /// entry is sparse, quantised, complex or an 8-bit float.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let read = || {
            let file = OpenFile::open(path);
            let file = file.map_err(|message| vec![Mistake::new("", message)])?;
            if sharded::is_one(&file) {
                return sharded::read(&file);
            }
            let file = Arc::new(file);
            #[cfg(feature = "tch")]
            if script::is_one(&file) {
                return script::read(&file);
            }
            #[cfg(feature = "pickle")]
            if pickle::is_one(&file) {
                return pickle::read(&file);
            }
            safetensors::read(&file)
        };
        let stored = read().map_err(|mistakes| Error::File {
            path: path.to_owned(),
            mistakes,
        })?;
        Ok(Self::of(stored, Vec::new()))
    }

    fn of(stored: Vec<StoredTensor>, renamed: Vec<Renaming>) -> Self {
        let name = |(index, of): (usize, &StoredTensor)| (of.shared_name(), index);
        Self {
            by_name: Arc::new(stored.iter().enumerate().map(name).collect()),
            stored: stored.into(),
            renamed,
        }
    }

    /// The tensors that are there, in the order of their bytes, those of an index or a pickle in the order of their
    /// names.
    ///
    /// ```
    /// # use nninit::Weights;
    /// /// What a file is, without reading a value.
    /// fn list(weights: &Weights) {
    ///     for tensor in weights.tensors() {
    ///         println!("{} {:?} {:?}", tensor.name(), tensor.shape(), tensor.dtype());
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn tensors(&self) -> &[StoredTensor] {
        &self.stored
    }

    /// The tensor of this name in the file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&StoredTensor> {
        self.by_name.get(name).map(|&index| &self.stored[index])
    }

    /// Names in the file are those of the parameters with this in front, dot included: `"transformer."`.
    ///
    /// Several of [`prefix`](Self::prefix) and [`rename`](Self::rename) are done one after the other.
    ///
    /// ```
    /// # use nninit::Weights;
    /// # fn of() -> Result<Weights, nninit::Error> {
    /// // The parameter `h.0.ln_1.weight` is `transformer.h.0.ln_1.weight` in the file.
    /// let gpt2 = Weights::open("model.safetensors")?.prefix("transformer.");
    /// # Ok(gpt2)
    /// # }
    /// ```
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        self.rename(move |path| format!("{prefix}{path}"))
    }

    /// Names in the file are what `name` makes of the parameters' paths.
    ///
    /// ```
    /// # use nninit::Weights;
    /// # fn of(weights: Weights) -> Weights {
    /// weights.rename(|path| path.replace("attention.in_proj", "attn.in_proj_weight"))
    /// # }
    /// ```
    #[must_use]
    pub fn rename(mut self, name: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.renamed.push(Arc::new(name));
        self
    }

    /// The same without tensors whose names in the file match: what they would be taken for starts anew.
    ///
    /// Patterns are those of [`rules!`](crate::rules!).
    ///
    /// ```
    /// # use nninit::Weights;
    /// # fn of() -> Result<Weights, nninit::Error> {
    /// let body = Weights::open("model.safetensors")?.without(["fc.*", "**.num_batches_tracked"])?;
    /// # Ok(body)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Text`] for patterns that are malformed, or match nothing.
    pub fn without(&self, patterns: impl Patterns) -> Result<Self, Error> {
        let mut mistakes = Vec::new();
        let mut read: Vec<Pattern> = Vec::new();
        for written in patterns.list() {
            let names = self.stored.iter().map(StoredTensor::name);
            match names::matching(written, "tensor of the file", names) {
                Ok(pattern) => read.push(pattern),
                Err(reason) => mistakes.push(Mistake::new(written, reason.to_string())),
            }
        }
        if !mistakes.is_empty() {
            return Err(Error::Text { mistakes });
        }
        let is_kept = |of: &&StoredTensor| !read.iter().any(|pattern| pattern.matches(of.name()));
        let kept = self.stored.iter().filter(is_kept).cloned().collect();
        Ok(Self::of(kept, self.renamed.clone()))
    }

    /// The tensors below one key, named without it: those of `state_dict` in a checkpoint that holds an optimizer too.
    ///
    /// ```
    /// # use nninit::Weights;
    /// # fn of() -> Result<Weights, nninit::Error> {
    /// let model = Weights::open("checkpoint.pt")?.key("state_dict")?;
    /// # Ok(model)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Text`] where no name begins with it.
    pub fn key(&self, key: &str) -> Result<Self, Error> {
        let below = |of: &StoredTensor| {
            let name = of.name().strip_prefix(key)?.strip_prefix('.')?;
            Some(of.named(name))
        };
        let stored: Vec<StoredTensor> = self.stored.iter().filter_map(below).collect();
        if stored.is_empty() {
            let keys = self
                .stored
                .iter()
                .filter_map(|of| of.name().split_once('.'));
            let keys: BTreeSet<&str> = keys.map(|(first, _)| first).collect();
            let message = format!(
                "no tensor is below this key; there are {}",
                names::list(keys.iter())
            );
            let mistakes = vec![Mistake::new(key, message)];
            return Err(Error::Text { mistakes });
        }
        Ok(Self::of(stored, self.renamed.clone()))
    }

    /// What the parameter of this path is called in the file.
    pub(crate) fn name_of(&self, path: &str) -> String {
        let first = path.to_owned();
        let rename = |path: String, name: &Renaming| name(&path);
        self.renamed.iter().fold(first, rename)
    }

    /// The files that they are read from.
    pub(crate) fn files(&self) -> String {
        let files = self.stored.iter().map(StoredTensor::file);
        let files: BTreeSet<&Path> = files.collect();
        names::list(files.iter().map(|path| path.display()))
    }
}

impl fmt::Debug for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Weights")
            .field("stored", &self.stored)
            .finish_non_exhaustive()
    }
}

//! One tensor in a file.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::file::OpenFile;
use super::kind::StoredKind;
use crate::declare::CopyOf;
use crate::laws::Given;
use crate::numeric::law::{Bytes, Stored};
use crate::{Cause, Dtype, Reason};

/// One tensor in a [file of weights](crate::Weights), of which the values are read when it is copied.
///
/// It stands where `copy` takes values: `#[init(copy = self.weights.get("wte.weight"))]`.
#[derive(Clone)]
pub struct StoredTensor {
    pub(super) name: Arc<str>,
    pub(super) shape: Vec<i64>,
    pub(super) kind: StoredKind,
    pub(super) file: Arc<OpenFile>,
    pub(super) bytes: Arc<dyn Bytes>,
}

impl StoredTensor {
    /// Its name in the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn named(&self, name: &str) -> Self {
        Self {
            name: name.into(),
            ..self.clone()
        }
    }

    pub(super) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// Its shape.
    #[must_use]
    pub fn shape(&self) -> &[i64] {
        &self.shape
    }

    /// The kind of its elements; nothing where no tensor of libtorch's has such, and it cannot be copied.
    #[must_use]
    pub fn dtype(&self) -> Option<Dtype> {
        self.kind.dtype()
    }

    /// What is read of it, if a tensor can be of its kind.
    pub(super) fn stored(&self) -> Result<Stored, Cause> {
        match self.dtype() {
            Some(dtype) => Ok(Stored {
                dtype,
                bytes: Arc::clone(&self.bytes),
            }),
            None => Err(Cause::Misplaced(format!(
                "`{}` is of kind {}, which no tensor can be of; convert it before, in Python",
                self.name,
                self.kind.name()
            ))),
        }
    }

    /// The file that it is in.
    #[must_use]
    pub fn file(&self) -> &Path {
        self.file.path()
    }
}

impl fmt::Debug for StoredTensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.name, self.shape, self.kind.name())
    }
}

impl CopyOf for StoredTensor {
    fn given(&self) -> Result<Given, Reason> {
        Ok(Given::stored(&self.shape, self.stored()?))
    }
}

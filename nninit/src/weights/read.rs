//! Tensors of a file as tensors of libtorch's.

use tch::Tensor;

use super::{StoredTensor, Weights};
use crate::blueprint::names;
use crate::{Cause, Reason};

impl Weights {
    /// Reads one tensor, by its name in the file: for what is made of it, as the functions of
    /// [`adapt`](crate::adapt) do.
    ///
    /// # Errors
    ///
    /// [`ReasonKind::Declaration`](crate::ReasonKind::Declaration) where there is none of this name, otherwise as
    /// [`StoredTensor::read`].
    pub fn read(&self, name: &str) -> Result<Tensor, Reason> {
        match self.get(name) {
            Some(stored) => stored.read(),
            None => Err(Cause::NotStored {
                files: self.files(),
                name: name.to_owned(),
                near: names::near(name, self.tensors().iter().map(StoredTensor::name)),
            }
            .into()),
        }
    }
}

impl StoredTensor {
    /// Reads it, as a tensor of its kind on the CPU.
    ///
    /// # Errors
    ///
    /// [`ReasonKind::Declaration`](crate::ReasonKind::Declaration) for a kind that no tensor can be of,
    /// [`ReasonKind::Changed`](crate::ReasonKind::Changed) where the file has been written since it was opened,
    /// [`ReasonKind::Failed`](crate::ReasonKind::Failed) where it cannot be read.
    pub fn read(&self) -> Result<Tensor, Reason> {
        self.read_whole().map_err(Reason::from)
    }

    fn read_whole(&self) -> Result<Tensor, Cause> {
        let stored = self.stored()?;
        stored.bytes.read_again()?;
        stored.tensor(0, self.shape())
    }
}

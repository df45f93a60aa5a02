//! Tensors of a file as tensors of libtorch's.

use tch::Tensor;

use super::{StoredTensor, Weights};
use crate::blueprint::names;
use crate::declare::CopyOf;
use crate::laws::Given;
use crate::numeric::law::Stored;
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
        let given = self.given()?;
        let stored = given.in_file();
        stored
            .map_or(Err(Cause::GivenElsewhere), |stored| whole(&given, stored))
            .map_err(Reason::from)
    }
}

fn whole(given: &Given, stored: &Stored) -> Result<Tensor, Cause> {
    stored.bytes.read_again()?;
    let kind = stored.dtype.kind();
    let elements: i64 = given.shape().iter().product();
    let mut bytes = vec![0; elements as usize * kind.elt_size_in_bytes()];
    stored.bytes.read(0, &mut bytes)?;
    Ok(Tensor::f_from_data_size(&bytes, given.shape(), kind)?)
}

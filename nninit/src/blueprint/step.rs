//! One step of a parameter: a law, and where it is written.

use std::borrow::Cow;

use crate::declare::Step;
use crate::declare::modifiers::Modifiers;
use crate::numeric::extent::Extent;
use crate::{Cause, Dtype, Law, Region};

/// One step of a parameter: a law, and where it is written.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    pub(super) scheme: Cow<'static, str>,
    pub(super) modifiers: Modifiers,
    pub(super) law: Option<Law>,
    pub(super) blocks: Vec<Extent>,
}

/// What a step does: its law, and the boxes that the law is written to.
pub(crate) type Effect<'a> = (&'a Law, &'a [Extent]);

impl PartialEq for PlannedStep {
    /// As data: users' functions are known by name alone.
    fn eq(&self, other: &Self) -> bool {
        let same_law = match (&self.law, &other.law) {
            (Some(law), Some(other)) => law.same_data(other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        same_law
            && (&self.scheme, &self.modifiers, &self.blocks)
                == (&other.scheme, &other.modifiers, &other.blocks)
    }
}

impl PlannedStep {
    /// The scheme as written.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The region that it covers; `None` for the whole tensor.
    #[must_use]
    pub fn region(&self) -> Option<&Region> {
        self.modifiers.at.as_ref()
    }

    /// Into how many blocks along dimension 0 the tensor is cut, where `chunks` says so.
    #[must_use]
    pub fn chunks(&self) -> Option<i64> {
        self.modifiers.chunks
    }

    /// The modifiers that change the law, with their values: `scale = 0.2041`, `groups = 4`, `transposed`,
    /// `fan_of = [64, 3]`.
    #[must_use]
    pub fn modifiers(&self) -> Vec<String> {
        self.modifiers.of_law().collect()
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

    /// How many elements are written.
    pub(crate) fn elements(&self) -> u64 {
        let written = self.law.iter().flat_map(|_| &self.blocks);
        written.map(Extent::numel).sum()
    }

    /// What it does, if anything.
    pub(crate) fn effect(&self) -> Option<Effect<'_>> {
        Some((self.law.as_ref()?, &self.blocks))
    }

    pub(super) fn resolve(
        step: &Step,
        position: usize,
        shape: &[i64],
        dtype: Dtype,
    ) -> Result<Self, Vec<Cause>> {
        if !step.failures().is_empty() {
            return Err(step.failures().to_vec());
        }
        let one = |reason| vec![reason];
        let mut planned = Self {
            scheme: step.written().clone(),
            modifiers: step.modifiers().clone(),
            law: None,
            blocks: Vec::new(),
        };
        let blocks = planned.place(position, shape).map_err(one)?;
        let law = step.law(&blocks[0].shape(), dtype).map_err(one)?;
        // What cannot be is an error without elements too; what can writes nothing then.
        if blocks.iter().any(|block| block.numel() > 0) {
            planned.law = law;
            planned.blocks = blocks;
        }
        Ok(planned)
    }

    /// Takes a law that was resolved before, if it fits the place.
    #[cfg(feature = "serde")]
    pub(super) fn put(
        &mut self,
        law: Law,
        position: usize,
        shape: &[i64],
        dtype: Dtype,
    ) -> Result<(), Cause> {
        let blocks = self.place(position, shape)?;
        law.fits(&blocks[0].shape(), dtype)?;
        (self.law, self.blocks) = (Some(law), blocks);
        Ok(())
    }

    /// The boxes of a tensor of `shape` that the modifiers name.
    fn place(&self, position: usize, shape: &[i64]) -> Result<Vec<Extent>, Cause> {
        let Modifiers { at, chunks, .. } = &self.modifiers;
        let extent = match at {
            Some(_) if position == 0 => return Err(Cause::RegionFirst),
            Some(region) => region.within(shape)?,
            None => Extent::whole(shape),
        };
        match chunks {
            Some(chunks) => extent.chunks(*chunks),
            None => Ok(vec![extent]),
        }
    }
}

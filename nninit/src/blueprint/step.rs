//! One step of a parameter: a law, and where it is written.

use std::borrow::Cow;
use std::sync::Arc;

use crate::declare::Step;
use crate::declare::modifiers::Modifiers;
use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Extent;
use crate::{Cause, Dtype, Law, Region};

/// One step of a parameter: a law, and where it is written.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    pub(super) scheme: Cow<'static, str>,
    /// Most steps have none.
    modifiers: Option<Arc<Modifiers>>,
    pub(super) law: Option<Law>,
    pub(super) blocks: Blocks,
}

/// What a step does: its law, and the boxes that the law is written to.
pub(crate) type Effect<'a> = (&'a Law, Blocks);

impl PartialEq for PlannedStep {
    /// As data: users' functions are known by name alone.
    fn eq(&self, other: &Self) -> bool {
        let same_law = match (&self.law, &other.law) {
            (Some(law), Some(other)) => law.same_data(other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        same_law
            && (&self.scheme, self.said(), &self.blocks)
                == (&other.scheme, other.said(), &other.blocks)
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
        self.said().at.as_ref()
    }

    /// Into how many blocks along dimension 0 (1 beside `transposed`) the tensor is cut, where `chunks` says so.
    #[must_use]
    pub fn chunks(&self) -> Option<i64> {
        self.said().chunks
    }

    /// How many of the first dimensions count separate weights, where `batch` says so.
    #[must_use]
    pub fn batch(&self) -> Option<i64> {
        self.said().batch
    }

    /// How many neighbours along dimension 0 are equal, where `repeat` says so.
    #[must_use]
    pub fn repeat(&self) -> Option<i64> {
        self.said().repeat
    }

    /// The modifiers that change the law, with their values: `scale = 0.2041`, `groups = 4`, `transposed`,
    /// `fan_of = [64, 3]`.
    #[must_use]
    pub fn modifiers(&self) -> Vec<String> {
        self.said().of_law().collect()
    }

    /// What the values will be; `None` where nothing is written: `skip`, or no elements.
    #[must_use]
    pub fn law(&self) -> Option<&Law> {
        self.law.as_ref()
    }

    /// The boxes that the law is written to, each by itself.
    pub(crate) fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    pub(super) fn said(&self) -> &Modifiers {
        Modifiers::of(self.modifiers.as_ref())
    }

    /// The modifiers that say what is a weight by itself, and where.
    pub(crate) fn of_place(&self) -> impl Iterator<Item = String> {
        let region = self.region().map(|region| format!("at = {region}"));
        self.said().of_place().chain(region)
    }

    /// How many elements are written.
    pub(crate) fn elements(&self) -> u64 {
        let law = self.law.as_ref();
        law.map_or(0, |_| self.blocks.joined().numel())
    }

    /// What it does, if anything. Where each element is drawn by itself, the blocks make no difference and are joined.
    pub(crate) fn effect(&self) -> Option<Effect<'_>> {
        let law = self.law.as_ref()?;
        let blocks = match law {
            Law::Constant { .. } => Blocks::one(self.blocks.joined().clone()),
            Law::Elementwise(_) | Law::ByIndex(_) | Law::Mapped(_) | Law::Sample(_) => {
                self.blocks.uncut()
            }
            Law::Structured(_) | Law::Table(_) | Law::Given(_) | Law::Custom(_) => {
                self.blocks.clone()
            }
        };
        Some((law, blocks))
    }

    pub(crate) fn resolve(
        step: &Step,
        position: usize,
        shape: &[i64],
        dtype: Dtype,
    ) -> Result<Self, Vec<Cause>> {
        if !step.failures().is_empty() {
            return Err(step.failures().to_vec());
        }
        let one = |reason| vec![reason];
        let blocks = place(step.modifiers(), position, shape).map_err(one)?;
        let law = step.law(&blocks.shape_within(shape), dtype).map_err(one)?;
        Ok(Self {
            scheme: step.written().clone(),
            modifiers: step.shared_modifiers(),
            // A law that cannot be is an error even for a tensor without elements; any other writes nothing there.
            law: law.filter(|_| blocks.joined().numel() > 0),
            blocks,
        })
    }

    /// A law that was resolved before, if it fits the place.
    #[cfg(feature = "serde")]
    pub(super) fn of_law(
        scheme: String,
        modifiers: Modifiers,
        law: Option<Law>,
        position: usize,
        shape: &[i64],
        dtype: Dtype,
    ) -> Result<Self, Cause> {
        let blocks = place(&modifiers, position, shape)?;
        if let Some(law) = &law {
            law.fits(&blocks.shape_within(shape), dtype)?;
        }
        Ok(Self {
            scheme: scheme.into(),
            modifiers: Some(Arc::new(modifiers)),
            law,
            blocks,
        })
    }
}

/// The boxes of a tensor of `shape` that the modifiers name.
fn place(modifiers: &Modifiers, position: usize, shape: &[i64]) -> Result<Blocks, Cause> {
    let extent = match &modifiers.at {
        Some(_) if position == 0 => return Err(Cause::RegionFirst),
        Some(region) => region.within(shape)?,
        None => Extent::whole(shape),
    };
    modifiers.blocks(extent)
}

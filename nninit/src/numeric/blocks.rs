//! The equal boxes that a step cuts a box into, described and not listed: there may be more than fit in memory.

use std::borrow::Cow;

use super::extent::Extent;
use crate::Cause;

/// Equal boxes that together are one box, each with a law of its own: slices along its first dimensions, and each of
/// them cut along another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blocks {
    all: Extent,
    /// How many of the view's first dimensions count the slices.
    batch: usize,
    /// Along which of the view's dimensions each slice is cut; 0 where it is not.
    along: usize,
    /// Into how many blocks.
    chunks: i64,
    /// How many neighbours along a slice's first dimension are equal.
    repeat: i64,
}

impl Blocks {
    /// The box by itself.
    pub(crate) fn one(extent: Extent) -> Self {
        Self {
            all: extent,
            batch: 0,
            along: 0,
            chunks: 1,
            repeat: 1,
        }
    }

    /// Each index of the view's first `batch` dimensions by itself.
    pub(crate) fn batch(mut self, batch: i64) -> Result<Self, Cause> {
        let ndim = self.all.shape().len();
        match usize::try_from(batch) {
            Ok(batch) if batch <= ndim => {
                self.batch = batch;
                Ok(self)
            }
            _ => Err(Cause::Misplaced(format!(
                "batch = {batch} counts dimensions, and there are {ndim}; write how many of the first ones hold separate \
                 weights"
            ))),
        }
    }

    /// Cuts each slice into `chunks` equal blocks along its first dimension, or its second.
    pub(crate) fn chunks(mut self, chunks: i64, second: bool) -> Result<Self, Cause> {
        let dim = usize::from(second);
        let along = self.batch + dim;
        let length = self.all.shape().get(along).copied().unwrap_or(1);
        if chunks < 1 || length % chunks != 0 || along >= self.all.shape().len() {
            return Err(Cause::ChunksDoNotDivide {
                chunks,
                dim,
                length,
            });
        }
        if chunks > 1 {
            (self.along, self.chunks) = (along, chunks);
        }
        Ok(self)
    }

    /// Each `repeat` neighbours along a block's first dimension are equal.
    pub(crate) fn repeat(mut self, repeat: i64) -> Result<Self, Cause> {
        let shape = self.shape();
        let length = shape.first().copied().unwrap_or(1);
        if repeat < 1 || shape.is_empty() || length % repeat != 0 {
            return Err(Cause::Misplaced(format!(
                "repeat = {repeat} does not divide the first dimension, {length}; write how many neighbours along it are \
                 equal"
            )));
        }
        self.repeat = repeat;
        Ok(self)
    }

    /// The box that they make up.
    pub(crate) fn joined(&self) -> &Extent {
        &self.all
    }

    /// The same elements in as few blocks as there can be.
    pub(crate) fn uncut(&self) -> Self {
        Self {
            batch: self.repeated().map_or(0, |(dim, _)| dim),
            along: 0,
            chunks: 1,
            ..self.clone()
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> u64 {
        let slices: i64 = self.all.shape()[..self.batch].iter().product();
        slices as u64 * self.chunks as u64
    }

    /// The shape of each, with neighbours that are equal counted once.
    pub(crate) fn shape(&self) -> Vec<i64> {
        let mut shape = self.all.shape();
        if self.chunks > 1 {
            shape[self.along] /= self.chunks;
        }
        shape.drain(..self.batch);
        if self.repeat > 1 {
            shape[0] /= self.repeat;
        }
        shape
    }

    /// The same, in a tensor of this shape: its own where there is one block, the tensor.
    pub(crate) fn shape_within<'a>(&self, tensor: &'a [i64]) -> Cow<'a, [i64]> {
        let is_cut = self.batch > 0 || self.chunks > 1 || self.repeat > 1;
        if is_cut || !self.all.is_whole() {
            self.shape().into()
        } else {
            tensor.into()
        }
    }

    /// How many neighbours are equal along which of the joined view's dimensions, if any are.
    pub(crate) fn repeated(&self) -> Option<(usize, i64)> {
        (self.repeat > 1).then_some((self.batch, self.repeat))
    }

    /// The same in the tensor in which equal neighbours stand once.
    pub(crate) fn unrepeated(&self) -> Self {
        Self {
            all: self.all.every(self.batch, self.repeat),
            repeat: 1,
            ..self.clone()
        }
    }

    /// Block number `index`, slice by slice.
    pub(crate) fn get(&self, index: u64) -> Extent {
        let chunks = self.chunks as u64;
        let mut block = self.all.clone();
        if self.chunks > 1 {
            block = block.chunk(self.along, self.chunks, (index % chunks) as i64);
        }
        let mut slice = index / chunks;
        for (dim, length) in self.all.shape()[..self.batch].iter().enumerate().rev() {
            block = block.select(dim, (slice % *length as u64) as i64);
            slice /= *length as u64;
        }
        block
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Extent> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// In groups within which the blocks follow one another in row-major order.
    pub(crate) fn stacks(&self) -> impl Iterator<Item = Self> {
        let side_by_side = self.chunks > 1 && self.along > self.batch;
        let stacks = if side_by_side { self.chunks } else { 1 };
        (0..stacks).map(move |stack| {
            if !side_by_side {
                return self.clone();
            }
            Self {
                all: self.all.chunk(self.along, self.chunks, stack),
                along: 0,
                chunks: 1,
                ..self.clone()
            }
        })
    }

    /// The part of each at `index` of its dimension `dim`, after the first, which it loses.
    pub(crate) fn select(&self, dim: usize, index: i64) -> Self {
        Self {
            all: self.all.select(self.batch + dim, index),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Region;

    fn first_elements(blocks: &Blocks) -> Vec<u64> {
        blocks.iter().map(|block| block.runs().start(0)).collect()
    }

    #[test]
    fn chunks_are_equal_blocks_of_the_first_dimension() {
        let extent = Region::from(1..7).within(&[8, 2]).unwrap();
        let blocks = Blocks::one(extent.clone()).chunks(3, false).unwrap();
        assert_eq!(first_elements(&blocks), [2, 6, 10]);
        assert_eq!(blocks.shape(), [2, 2]);
        assert_eq!(*blocks.joined(), extent);
        assert_eq!(
            Blocks::one(extent).chunks(4, false),
            Err(Cause::ChunksDoNotDivide {
                chunks: 4,
                dim: 0,
                length: 6
            })
        );
        for shape in [&[][..], &[4]] {
            let whole = Blocks::one(Extent::whole(shape));
            assert!(whole.chunks(2, true).is_err());
        }
    }

    #[test]
    fn slices_come_one_after_the_other_each_cut_by_itself() {
        let whole = || Blocks::one(Extent::whole(&[2, 3, 4, 6]));
        let blocks = whole().batch(2).unwrap();
        assert_eq!((blocks.len(), blocks.shape()), (6, vec![4, 6]));
        assert_eq!(first_elements(&blocks), [0, 24, 48, 72, 96, 120]);
        let cut = whole().batch(1).unwrap().chunks(3, false).unwrap();
        assert_eq!((cut.len(), cut.shape()), (6, vec![1, 4, 6]));
        assert_eq!(first_elements(&cut), first_elements(&blocks));
        let columns = blocks.chunks(2, true).unwrap();
        assert_eq!((columns.len(), columns.shape()), (12, vec![4, 3]));
        assert_eq!(first_elements(&columns)[..4], [0, 3, 24, 27]);
        let stacks: Vec<_> = columns.stacks().collect();
        assert_eq!(first_elements(&stacks[1])[..2], [3, 27]);
        assert!(whole().batch(5).is_err() && whole().batch(-1).is_err());
    }

    #[test]
    fn equal_neighbours_stand_once_in_the_unrepeated() {
        let blocks = Blocks::one(Extent::whole(&[2, 12, 5]));
        let blocks = blocks.batch(1).unwrap().chunks(2, false).unwrap();
        let blocks = blocks.repeat(3).unwrap();
        assert_eq!(blocks.shape(), [2, 5]);
        let once = blocks.unrepeated();
        assert_eq!(once.joined(), &Extent::whole(&[2, 4, 5]));
        assert_eq!((once.shape(), once.len()), (vec![2, 5], 4));
        let at = Region::from(1..9).within(&[9, 5]).unwrap();
        let once = Blocks::one(at).repeat(4).unwrap().unrepeated();
        assert_eq!(once.joined(), &Extent::whole(&[2, 5]));
        assert!(Blocks::one(Extent::whole(&[4, 2])).repeat(3).is_err());
    }

    #[test]
    fn any_number_of_blocks_costs_nothing() {
        let blocks = Blocks::one(Extent::whole(&[1 << 40]));
        let blocks = blocks.chunks(1 << 40, false).unwrap();
        assert_eq!((blocks.len(), blocks.shape()), (1 << 40, vec![1]));
        assert_eq!(blocks.get(12345).runs().start(0), 12345);
    }
}

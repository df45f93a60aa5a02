//! Values that were given: read where they lie, rounded once, and copied.

use tch::{Device, Kind, Tensor};

use super::first_odd::FirstOdd;
use super::site::{self, Site};
use super::staging::BUFFER;
use super::threads::{self, PIECE};
use crate::numeric::blocks::Blocks;
use crate::numeric::extent::{Extent, place_of};
use crate::numeric::law::{Given, Stored};
use crate::{Cause, Dtype};

/// Copies the values to each of the blocks.
pub(super) fn write(site: &Site<'_>, given: &Given, blocks: &Blocks) -> Result<(), Cause> {
    let source = Source::of(given)?;
    site.read_again()?;
    let dtype = site.layout().dtype();
    // Each is one run: halves along the first dimension that can be halved.
    for part in Extent::whole(given.shape()).parts(BUFFER) {
        let values = source.read(&part, dtype)?;
        for block in blocks.iter() {
            let block = site.view(&block)?;
            site::view(&block, &part)?.f_copy_(&values)?;
        }
    }
    Ok(())
}

/// Reads the values and lets go of them, to see whether elements of `dtype` hold them.
pub(super) fn rehearse(given: &Given, dtype: Dtype) -> Result<(), Cause> {
    let source = Source::of(given)?;
    if !source.is_rounded(dtype) {
        return Ok(());
    }
    let parts = Extent::whole(given.shape()).parts(BUFFER);
    parts
        .iter()
        .try_for_each(|part| source.read(part, dtype).map(drop))
}

/// Values, and where they are read.
struct Source<'a> {
    given: &'a Given,
    place: Place<'a>,
    dtype: Dtype,
}

enum Place<'a> {
    Tensor(Tensor),
    File(&'a Stored),
}

impl<'a> Source<'a> {
    /// A source that still lies as it did when the plan was made.
    fn of(given: &'a Given) -> Result<Self, Cause> {
        given.readable()?;
        if let Some(held) = given.held() {
            held.read_again()?;
            return Ok(Self {
                given,
                place: Place::Tensor(held.tensor().f_detach()?),
                dtype: held.dtype(),
            });
        }
        if let Some(stored) = given.in_file() {
            stored.bytes.read_again()?;
            return Ok(Self {
                given,
                place: Place::File(stored),
                dtype: stored.dtype,
            });
        }
        let numbers = given.as_numbers().unwrap_or_default();
        let tensor = Tensor::f_from_slice(numbers)?.f_view(given.shape())?;
        Ok(Self {
            given,
            place: Place::Tensor(tensor),
            dtype: Dtype::F64,
        })
    }

    /// Some of the values as they lie there.
    fn lying(&self, part: &Extent) -> Result<Tensor, Cause> {
        match &self.place {
            Place::Tensor(tensor) => site::view(tensor, part),
            Place::File(stored) => stored.tensor(part.runs().start(0), &part.shape()),
        }
    }

    /// Whether the values may become others as elements of `dtype`.
    fn is_rounded(&self, dtype: Dtype) -> bool {
        self.given.scale() != 1.0 || self.dtype != dtype
    }

    /// Some of the values, as elements of `dtype` hold them.
    fn read(&self, part: &Extent, dtype: Dtype) -> Result<Tensor, Cause> {
        let values = self.lying(part)?;
        if !self.is_rounded(dtype) {
            return Ok(values);
        }
        if !self.dtype.is_complex() {
            return self.rounded(&values, part, dtype.of_parts());
        }
        let parts = values.f_resolve_conj()?.f_resolve_neg()?.f_view_as_real()?;
        let parts = self.rounded(&parts, &part.of_parts(), dtype.of_parts())?;
        Ok(parts.f_view_as_complex()?)
    }

    fn rounded(&self, values: &Tensor, place: &Extent, dtype: Dtype) -> Result<Tensor, Cause> {
        let mut numbers = numbers(values, dtype)?;
        let outside = |index, value: f64| {
            let within = place_of(index, &place.shape());
            let starts = place.spans().iter().map(|span| span.start);
            // Of a complex number the place is without that of its part.
            let place = within
                .iter()
                .zip(starts)
                .map(|(index, start)| index + start);
            Cause::GivenOutside {
                value: value * self.given.scale(),
                place: place.take(self.given.shape().len()).collect(),
                dtype,
            }
        };
        let odd = FirstOdd::default();
        let pieces = (0..).step_by(PIECE as usize);
        let pieces = pieces.zip(numbers.chunks_mut(PIECE as usize)).collect();
        threads::share(pieces, values.numel() as u64, |(first, piece)| {
            for (index, value) in (first..).zip(piece) {
                let Some(nearest) = self.given.nearest(*value, dtype) else {
                    return odd.note(index, Err(outside(index, *value)));
                };
                *value = nearest;
            }
        });
        odd.result()?;
        Ok(Tensor::f_from_slice(&numbers)?
            .f_to_kind(dtype.kind())?
            .f_view(&values.size()[..])?)
    }
}

/// The values as numbers that round as they do themselves.
fn numbers(values: &Tensor, dtype: Dtype) -> Result<Vec<f64>, Cause> {
    let flat = values.f_to_device(Device::Cpu)?.f_reshape([-1])?;
    if flat.f_kind()? == Kind::Int64 && dtype != Dtype::F64 {
        let whole = Vec::<i64>::try_from(&flat)?;
        return Ok(whole.into_iter().map(to_odd).collect());
    }
    Ok(Vec::try_from(&flat.f_to_kind(Kind::Double)?)?)
}

/// `whole` where that is an `f64`, and else its neighbour whose last bit is set: rounded to a shorter kind it gives
/// what `whole` itself gives.
fn to_odd(whole: i64) -> f64 {
    let nearest = whole as f64;
    let error = i128::from(whole) - nearest as i128;
    if error == 0 || nearest.to_bits() & 1 == 1 {
        nearest
    } else if error > 0 {
        nearest.next_up()
    } else {
        nearest.next_down()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_whole_numbers_are_rounded_once() {
        // Just above the middle of two numbers of f32, and by less than f64 tells.
        let whole = (1_i64 << 62) + (1 << 38) + 1;
        assert_eq!((whole as f64) as f32, 2.0_f32.powi(62), "twice rounded");
        assert_eq!(to_odd(whole) as f32, 2.0_f32.powi(62).next_up());
        assert_eq!(to_odd(-whole) as f32, -2.0_f32.powi(62).next_up());
        assert_eq!(to_odd(-7), -7.0);
        assert_eq!(Dtype::F32.nearest(to_odd(i64::MAX)), 2.0_f64.powi(63));
    }
}

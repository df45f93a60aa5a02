//! Draws that go through a function of the user's.

use crate::Cause;
use crate::numeric::law::{MapFunction, Mapped};
use crate::numeric::stream::Key;
use crate::sample::Sampler;
use crate::sample::element::Element;

/// A law of which each draw goes through a function, ready to be drawn.
pub(crate) struct MappedDraws {
    sampler: Sampler,
    function: MapFunction,
}

/// Draws that the function is called with in one go.
const BATCH: usize = 1024;

impl MappedDraws {
    pub(super) fn of(mapped: &Mapped) -> Result<Self, Cause> {
        Ok(Self {
            sampler: Sampler::new(&mapped.of()),
            function: mapped.function()?,
        })
    }

    /// The values of the elements from `first` on.
    pub(super) fn fill<T: Element>(
        &self,
        key: Key,
        first: u64,
        out: &mut [T],
    ) -> Result<(), Cause> {
        let mut drawn = [T::Draw::default(); BATCH];
        let mut draws = [0.0; BATCH];
        for (out, first) in out.chunks_mut(BATCH).zip((first..).step_by(BATCH)) {
            let drawn = &mut drawn[..out.len()];
            self.sampler.fill(key, first, drawn);
            let draws = &mut draws[..out.len()];
            for (draw, &drawn) in draws.iter_mut().zip(&*drawn) {
                *draw = drawn.into();
            }
            through(&self.function, draws, out)?;
        }
        Ok(())
    }
}

/// What `function` makes of the draws, rounded once.
pub(crate) fn through<T: Element>(
    function: &MapFunction,
    draws: &[f64],
    out: &mut [T],
) -> Result<(), Cause> {
    let mut made = [0.0; BATCH];
    for (draws, out) in draws.chunks(BATCH).zip(out.chunks_mut(BATCH)) {
        let made = &mut made[..draws.len()];
        function.apply(draws, made);
        for ((&draw, &value), out) in draws.iter().zip(&*made).zip(out) {
            let dtype = T::DTYPE;
            if !dtype.holds(value) {
                return Err(Cause::MapsOut { draw, value, dtype });
            }
            *out = T::rounded(value);
        }
    }
    Ok(())
}

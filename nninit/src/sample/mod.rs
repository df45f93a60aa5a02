//! Laws drawn in bulk: from a key and an index to values in a slice.
//!
//! Plain safe loops over groups of words, which compilers turn into vector code; [`dispatch`] compiles them for several
//! vector levels. Every value is computed by additions, multiplications, divisions and square roots alone, in one
//! order. Nothing is fused, and the platform's mathematics library is not used, so all levels and all machines give the
//! same bits.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

mod circle;
pub(crate) mod dispatch;
pub(crate) mod element;
mod fraction;
mod mills;
mod normal;
mod quantile;
#[cfg(test)]
mod statistics;
pub(crate) mod subset;
mod transformed;
mod trunc_normal;
mod uniform;

#[cfg(test)]
mod tests;

use crate::numeric::law::Elementwise;
use crate::numeric::stream::{GROUP, Key};

use self::dispatch::{Level, Work, run_at};
use self::element::{Aligned, Draw, Element, Transform};
use self::transformed::Transformed;
use self::trunc_normal::Truncated;

/// A law with its constants computed, ready to draw any of a parameter's values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sampler {
    method: Method,
    level: Level,
}

/// How a law's values are computed.
#[derive(Clone, Copy, Debug)]
enum Method {
    /// All values are one.
    Constant(f64),
    Uniform(uniform::Uniform),
    Normal(normal::Normal),
    TruncNormal(Truncated),
    LogUniform(Transformed<transformed::LogUniform>),
    LnUniform(Transformed<transformed::LnUniform>),
    SoftplusInverse(Transformed<transformed::SoftplusInverse>),
}

impl Sampler {
    /// Computes the law's constants. Its numbers have passed the law's check.
    pub(crate) fn new(law: &Elementwise) -> Self {
        use Elementwise::{LnUniform, LogUniform, Normal, SoftplusInverse, TruncNormal, Uniform};
        let method = match (*law, law.only_value()) {
            (LogUniform { .. } | LnUniform { .. } | SoftplusInverse { .. }, Some(value)) => {
                Method::Constant(value)
            }
            (Uniform { low, high }, _) => Method::Uniform(uniform::Uniform::new(low, high)),
            (Normal { mean, std }, _) => Method::Normal(normal::Normal::new(mean, std)),
            (
                TruncNormal {
                    mean,
                    std,
                    low,
                    high,
                },
                _,
            ) => Method::TruncNormal(Truncated::new(mean, std, low, high)),
            (LogUniform { low, high }, None) => {
                let drawn = transformed::LogUniform::new(low, high);
                Method::LogUniform(Transformed::new(drawn, law.range()))
            }
            (LnUniform { low, high, factor }, None) => {
                let drawn = transformed::LnUniform { low, high, factor };
                Method::LnUniform(Transformed::new(drawn, law.range()))
            }
            (
                SoftplusInverse {
                    low,
                    high,
                    floor,
                    factor,
                },
                None,
            ) => {
                let of = transformed::LogUniform::new(low, high);
                let drawn = transformed::SoftplusInverse { of, floor, factor };
                Method::SoftplusInverse(Transformed::new(drawn, law.range()))
            }
        };
        Self {
            method,
            level: Level::widest(),
        }
    }

    /// The same values by other instructions, which the processor must have.
    #[cfg(test)]
    fn at_level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// Writes the values with indices `first`, `first + 1`, … of the parameter that `key` stands for.
    ///
    /// A value depends on its own index alone: any way to cut a parameter into calls gives the same bits.
    pub(crate) fn fill<T: Element>(&self, key: Key, first: u64, out: &mut [T]) {
        match self.method {
            Method::Constant(value) | Method::TruncNormal(Truncated::Constant(value)) => {
                out.fill(T::from_draw(T::nearest(value)));
            }
            Method::Uniform(law) => self.draw(law, key, first, out),
            Method::Normal(law) => self.draw(law, key, first, out),
            Method::TruncNormal(Truncated::Central(law)) => self.draw(law, key, first, out),
            Method::TruncNormal(Truncated::Tail(law)) => self.draw(law, key, first, out),
            Method::TruncNormal(Truncated::Narrow(law)) => self.draw(law, key, first, out),
            Method::LogUniform(law) => self.draw(law, key, first, out),
            Method::LnUniform(law) => self.draw(law, key, first, out),
            Method::SoftplusInverse(law) => self.draw(law, key, first, out),
        }
    }

    fn draw<L: Transform, T: Element>(&self, law: L, key: Key, first: u64, out: &mut [T]) {
        let fill = Fill {
            law,
            key,
            first,
            out,
        };
        run_at(self.level, fill);
    }
}

/// One call of [`Sampler::fill`].
struct Fill<'a, L, T> {
    law: L,
    key: Key,
    first: u64,
    out: &'a mut [T],
}

impl<L: Transform, T: Element> Work for Fill<'_, L, T> {
    /// Whole chunks where they fit, else whole groups of which a part is copied.
    #[inline(always)]
    fn run(self) {
        let Self {
            law,
            key,
            mut first,
            mut out,
        } = self;
        let range = range::<L, T>(&law);
        while !out.is_empty() {
            let group = first / GROUP as u64;
            let skipped = (first % GROUP as u64) as usize;
            let (chunks, _) = out.as_chunks_mut::<CHUNK>();
            let written = if skipped == 0 && !chunks.is_empty() {
                chunks_of(&law, key, group, range, chunks);
                chunks.len() * CHUNK
            } else {
                let mut values = [T::from_draw(range.0); GROUP];
                chunks_of(&law, key, group, range, std::slice::from_mut(&mut values));
                let wanted = out.len().min(GROUP - skipped);
                out[..wanted].copy_from_slice(&values[skipped..skipped + wanted]);
                wanted
            };
            first += written as u64;
            out = &mut out[written..];
        }
    }
}

/// Elements that are drawn in one pass over buffers small enough for the innermost cache.
const CHUNK: usize = 4 * GROUP;

#[inline(always)]
fn chunks_of<L: Transform, T: Element, const N: usize>(
    law: &L,
    key: Key,
    group: u64,
    (low, high): (T::Draw, T::Draw),
    chunks: &mut [[T; N]],
) {
    let mut draws = Aligned([low; N]);
    let groups = (group..).step_by(N / GROUP);
    for (group, chunk) in groups.zip(chunks) {
        T::Draw::draw(law, key, group, &mut draws.0);
        for (value, &draw) in chunk.iter_mut().zip(&draws.0) {
            *value = T::from_draw(draw.held_within(low, high));
        }
    }
}

/// The least and the greatest draw that is written as a `T`: the law's own, within its bounds as a `T`.
#[inline(always)]
fn range<L: Transform, T: Element>(law: &L) -> (T::Draw, T::Draw) {
    let (low, high) = law.range::<T::Draw>();
    let (lowest, highest) = law.bounds();
    let (lowest, highest) = (T::nearest(lowest), T::nearest(highest));
    (
        low.held_within(lowest, highest),
        high.held_within(lowest, highest),
    )
}

//! `rand_distr` in a loop, on one thread.

use half::bf16;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand_distr::{Distribution, StandardNormal, StandardUniform};
use tch::Kind;

use crate::law::Law;

/// Fills a buffer of its own with `elements` values.
pub(crate) fn filler(law: Law, kind: Kind, elements: usize) -> Box<dyn FnMut()> {
    match kind {
        Kind::Double => of::<f64, f64>(law, elements, |x| x),
        Kind::BFloat16 => of::<f32, bf16>(law, elements, bf16::from_f32),
        _ => of::<f32, f32>(law, elements, |x| x),
    }
}

/// Draws `D`s and writes `T`s.
fn of<D, T>(law: Law, elements: usize, write: fn(D) -> T) -> Box<dyn FnMut()>
where
    D: Copy + PartialOrd + From<i8> + 'static,
    T: Default + Clone + 'static,
    StandardUniform: Distribution<D>,
    StandardNormal: Distribution<D>,
{
    let mut buffer = vec![T::default(); elements];
    let mut rng = StdRng::seed_from_u64(0);
    match law {
        Law::Uniform => Box::new(move || {
            for value in &mut buffer {
                *value = write(StandardUniform.sample(&mut rng));
            }
        }),
        Law::Normal => Box::new(move || {
            for value in &mut buffer {
                *value = write(StandardNormal.sample(&mut rng));
            }
        }),
        Law::TruncNormal => Box::new(move || {
            let (low, high) = (D::from(-2), D::from(2));
            for value in &mut buffer {
                let within = loop {
                    let draw: D = StandardNormal.sample(&mut rng);
                    if draw >= low && draw <= high {
                        break draw;
                    }
                };
                *value = write(within);
            }
        }),
    }
}

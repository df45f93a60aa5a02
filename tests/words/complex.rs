//! Weights that are complex numbers.

use std::f64::consts::SQRT_2;

use nninit::{Initialize, init};
use nninit_tests::sources::Seed;
use nninit_tests::{bits, statistics};
use tch::{Device, Kind, Tensor};

use crate::{values, zeros};

const COMPLEX: [Kind; 2] = [Kind::ComplexFloat, Kind::ComplexDouble];

#[derive(Initialize)]
struct Spectral {
    #[init(xavier_normal)]
    weight: Tensor,
    #[init(uniform, a = -1, b = 1)]
    phase: Tensor,
}

fn drawn(kind: Kind, shape: &[i64]) -> Spectral {
    let mut model = Spectral {
        weight: zeros(shape, kind),
        phase: zeros(shape, kind),
    };
    model.init(&mut Seed(42));
    model
}

/// The parts are the elements of a tensor with one dimension more, and a normal's have half of its variance each.
#[test]
fn parts_are_drawn_like_elements_in_pairs() {
    for (kind, real) in COMPLEX.into_iter().zip([Kind::Float, Kind::Double]) {
        let mut complex = zeros(&[30, 50], kind);
        init::normal_(&mut complex, 0.0, 3.0, &mut Seed(7)).unwrap();
        let mut parts = zeros(&[30, 50, 2], real);
        init::normal_(&mut parts, 0.0, 3.0 / SQRT_2, &mut Seed(7)).unwrap();
        bits::assert_same(&complex.view_as_real(), &parts);
    }
}

/// fan_in and fan_out of [256, 768] make 2 / 1024: the variance of the whole number, as JAX has it.
#[test]
fn a_scheme_s_variance_is_that_of_the_whole_number() {
    for kind in COMPLEX {
        let weight = drawn(kind, &[256, 768]).weight;
        let parts = weight.view_as_real();
        statistics::assert_drawn_from(&parts, statistics::normal(0.0, (1.0_f64 / 1024.0).sqrt()));
        let twice = statistics::normal(0.0, (2.0_f64 / 1024.0).sqrt());
        assert!(statistics::drawn_from(&parts, twice).is_err());
    }
}

#[test]
fn neither_threads_nor_strides_show() {
    let shape = [300, 700];
    for kind in COMPLEX {
        tch::set_num_threads(1);
        let one = drawn(kind, &shape);
        tch::set_num_threads(4);
        let four = drawn(kind, &shape);
        let mut strided = Spectral {
            weight: zeros(&[700, 300], kind).tr(),
            phase: zeros(&[300, 1400], kind).slice(1, 0, None, 2),
        };
        strided.init(&mut Seed(42));
        for other in [&four, &strided] {
            for (one, other) in [(&one.weight, &other.weight), (&one.phase, &other.phase)] {
                bits::assert_same(&one.view_as_real(), &other.contiguous().view_as_real());
            }
        }
    }
}

#[test]
fn regions_and_blocks_are_those_of_complex_elements() {
    #[derive(Initialize)]
    struct Parts {
        #[init(skip)]
        #[init(normal, at = (1..3, ..))]
        region: Tensor,
        #[init(normal, chunks = 2)]
        chunked: Tensor,
        #[init(normal, repeat = 2)]
        repeated: Tensor,
    }
    #[derive(Initialize)]
    struct Whole {
        #[init(normal, stream = "region")]
        region: Tensor,
        #[init(normal, stream = "chunked")]
        chunked: Tensor,
        #[init(normal, stream = "repeated")]
        repeated: Tensor,
    }
    for kind in COMPLEX {
        let of = |rows: i64| zeros(&[rows, 5], kind);
        let mut parts = Parts {
            region: of(4),
            chunked: of(4),
            repeated: of(4),
        };
        let mut whole = Whole {
            region: of(4),
            chunked: of(4),
            repeated: of(2),
        };
        parts.init(&mut Seed(1));
        whole.init(&mut Seed(1));
        let same = |one: &Tensor, other: &Tensor| {
            bits::assert_same(
                &one.view_as_real().contiguous(),
                &other.view_as_real().contiguous(),
            );
        };
        same(&parts.region.narrow(0, 1, 2), &whole.region.narrow(0, 1, 2));
        assert_eq!(
            values(&parts.region.narrow(0, 3, 1).view_as_real()),
            [0.0; 10]
        );
        same(&parts.chunked, &whole.chunked);
        same(&parts.repeated.slice(0, 0, None, 2), &whole.repeated);
        same(&parts.repeated.slice(0, 1, None, 2), &whole.repeated);
    }
}

#[test]
fn a_report_verifies_them() {
    for kind in COMPLEX {
        let mut model = Spectral {
            weight: zeros(&[512, 512], kind),
            phase: zeros(&[512, 512], kind),
        };
        let report = model.try_init(&mut Seed(3)).unwrap();
        report.verify_bits().unwrap();
        let verified = report.verify().unwrap();
        assert!(verified.unchecked.is_empty(), "{verified}");
        let _ = tch::no_grad(|| model.weight.view_as_real().f_mul_scalar_(1.1).unwrap());
        assert!(report.verify().is_err());
        assert!(report.verify_bits().is_err());
    }
}

#[test]
fn what_has_no_meaning_for_them_is_refused() {
    let refused = |kind, write: &dyn Fn(&mut Tensor) -> Result<(), nninit::Error>| {
        let mut weight = Tensor::zeros([4, 4], (kind, Device::Cpu));
        write(&mut weight).unwrap_err().to_string()
    };
    for kind in COMPLEX {
        let told = refused(kind, &|w| init::orthogonal_(w, 1.0, &mut Seed(1)).map(drop));
        assert!(told.contains("complex kinds take `normal`"), "{told}");
        let told = refused(kind, &|w| {
            init::xavier_uniform_(w, 1.0, &mut Seed(1)).map(drop)
        });
        assert!(told.contains("twice the scheme's"), "{told}");
    }
}

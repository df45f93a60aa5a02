//! Regions, chunks, strides, kinds and gradients: where structured schemes write, and where not.

use nninit::{Initialize, init};
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use tch::{Device, IndexOp, Kind, Tensor};

use crate::orthogonality::error;
use crate::{DOUBLE, ROUNDINGS, epsilon, largest};

const SEED: u64 = 9;

#[derive(Initialize)]
struct Regions {
    #[init(constant, val = 7)]
    #[init(orthogonal, at = (1, 2..6, ..))]
    orthogonal: Tensor,
    #[init(constant, val = 7)]
    #[init(orthogonal, at = (1, 2..42, ..))]
    panels: Tensor,
    #[init(constant, val = 7)]
    #[init(orthogonal, at = 3..43)]
    panels_in_place: Tensor,
    #[init(constant, val = 7)]
    #[init(delta_orthogonal, at = (.., .., .., 1))]
    delta: Tensor,
    #[init(constant, val = 7)]
    #[init(eye, at = (.., 1..4))]
    eye: Tensor,
    #[init(constant, val = 7)]
    #[init(dirac, at = 2..6)]
    dirac: Tensor,
    #[init(constant, val = 7)]
    #[init(sparse, sparsity = 0.5, at = (.., 1, 1..))]
    sparse: Tensor,
}

/// The tensor's elements outside the region, where all are `value` that are none of its.
fn others_are(tensor: &Tensor, region: &Tensor, value: f64) -> bool {
    let untouched = |of: &Tensor| of.eq(value).sum(Kind::Int64).int64_value(&[]);
    untouched(region) == 0 && untouched(tensor) == (tensor.numel() - region.numel()) as i64
}

#[test]
fn regions_are_matrices_by_themselves() {
    let mut model = Regions {
        orthogonal: Tensor::zeros([3, 8, 5], DOUBLE),
        panels: Tensor::zeros([3, 44, 36], DOUBLE),
        panels_in_place: Tensor::zeros([46, 36], DOUBLE),
        delta: Tensor::zeros([6, 4, 3, 2], DOUBLE),
        eye: Tensor::zeros([4, 6], DOUBLE),
        dirac: Tensor::zeros([8, 4, 3], DOUBLE),
        sparse: Tensor::zeros([10, 3, 8], DOUBLE),
    };
    model.init(&mut Seed(SEED));

    let region = model.orthogonal.i((1, 2..6, ..));
    assert!(error(&region, 1.0) <= ROUNDINGS * f64::EPSILON);
    assert!(others_are(&model.orthogonal, &region, 7.0));

    let region = model.panels.i((1, 2..42, ..));
    assert!(error(&region, 1.0) <= ROUNDINGS * f64::EPSILON);
    assert!(others_are(&model.panels, &region, 7.0));

    let region = model.panels_in_place.i(3..43);
    assert!(error(&region, 1.0) <= ROUNDINGS * f64::EPSILON);
    assert!(others_are(&model.panels_in_place, &region, 7.0));

    let region = model.delta.i((.., .., .., 1));
    assert!(error(&region.i((.., .., 1)), 1.0) <= ROUNDINGS * f64::EPSILON);
    assert_eq!(region.count_nonzero(None).int64_value(&[]), 24);
    assert!(others_are(&model.delta, &region, 7.0));

    let region = model.eye.i((.., 1..4));
    bits::assert_same(&region.contiguous(), &Tensor::eye_m(4, 3, DOUBLE));
    assert!(others_are(&model.eye, &region, 7.0));

    let region = model.dirac.i(2..6);
    bits::assert_same(&region.i((.., .., 1)).contiguous(), &Tensor::eye(4, DOUBLE));
    assert_eq!(region.count_nonzero(None).int64_value(&[]), 4);
    assert!(others_are(&model.dirac, &region, 7.0));

    let region = model.sparse.i((.., 1, 1..));
    let nonzero: Vec<i64> = region.count_nonzero(0).try_into().unwrap();
    assert_eq!(nonzero, [5; 7]);
    assert!(others_are(&model.sparse, &region, 7.0));
}

#[derive(Initialize)]
struct Chunks {
    #[init(orthogonal, chunks = 3)]
    orthogonal: Tensor,
    #[init(orthogonal, chunks = 3)]
    panels: Tensor,
    #[init(delta_orthogonal, chunks = 3)]
    delta: Tensor,
    #[init(eye, chunks = 3)]
    eye: Tensor,
    #[init(dirac, chunks = 3)]
    dirac: Tensor,
    #[init(sparse, sparsity = 0.25, chunks = 3)]
    sparse: Tensor,
}

/// The middle third of each, as a region.
#[derive(Initialize)]
struct Middles {
    #[init(skip)]
    #[init(orthogonal, at = 8..16)]
    orthogonal: Tensor,
    #[init(skip)]
    #[init(orthogonal, at = 8..16)]
    panels: Tensor,
    #[init(skip)]
    #[init(delta_orthogonal, at = 8..16)]
    delta: Tensor,
    #[init(skip)]
    #[init(eye, at = 8..16)]
    eye: Tensor,
    #[init(skip)]
    #[init(dirac, at = 8..16)]
    dirac: Tensor,
    #[init(skip)]
    #[init(sparse, sparsity = 0.25, at = 8..16)]
    sparse: Tensor,
}

/// A block depends on its own elements alone, whichever way it is named.
#[test]
fn a_chunk_is_what_the_region_is() {
    let (matrix, wide, kernel) = ([24, 6], [24, 40], [24, 6, 3]);
    let mut chunks = Chunks {
        orthogonal: Tensor::zeros(matrix, DOUBLE),
        panels: Tensor::zeros(wide, DOUBLE),
        delta: Tensor::zeros(kernel, DOUBLE),
        eye: Tensor::zeros(matrix, DOUBLE),
        dirac: Tensor::zeros(kernel, DOUBLE),
        sparse: Tensor::zeros(matrix, DOUBLE),
    };
    chunks.init(&mut Seed(SEED));
    let mut middles = Middles {
        orthogonal: Tensor::zeros(matrix, DOUBLE),
        panels: Tensor::zeros(wide, DOUBLE),
        delta: Tensor::zeros(kernel, DOUBLE),
        eye: Tensor::zeros(matrix, DOUBLE),
        dirac: Tensor::zeros(kernel, DOUBLE),
        sparse: Tensor::zeros(matrix, DOUBLE),
    };
    middles.init(&mut Seed(SEED));
    let middle = |tensor: &Tensor| tensor.narrow(0, 8, 8).contiguous();
    bits::assert_same(&middle(&chunks.eye), &middle(&middles.eye));
    bits::assert_same(&middle(&chunks.dirac), &middle(&middles.dirac));
    bits::assert_same(&middle(&chunks.sparse), &middle(&middles.sparse));
    bits::assert_same(&middle(&chunks.orthogonal), &middle(&middles.orthogonal));
    bits::assert_same(&middle(&chunks.delta), &middle(&middles.delta));
    let difference = largest(&(middle(&chunks.panels) - middle(&middles.panels)));
    assert!(difference <= ROUNDINGS * f64::EPSILON, "{difference:e}");
    for all in [&chunks.orthogonal, &chunks.panels, &chunks.delta] {
        bits::assert_differ(&middle(all), &all.narrow(0, 0, 8).contiguous());
    }
    let zeros = |first| chunks.sparse.narrow(0, first, 8).ne(0.0);
    bits::assert_differ(&zeros(0), &zeros(8));
}

/// A scheme on a matrix or a kernel, at one seed.
type Write = fn(&mut Tensor);

const SCHEMES: [(&str, &[i64], Write); 8] = [
    ("orthogonal", &[6, 4], |w| {
        _ = init::orthogonal_(w, 1.5, &mut Seed(SEED)).unwrap();
    }),
    ("orthogonal panels", &[40, 36], |w| {
        _ = init::orthogonal_(w, 1.5, &mut Seed(SEED)).unwrap();
    }),
    ("orthogonal panels of a kernel", &[6, 4, 3, 3], |w| {
        _ = init::orthogonal_(w, 1.0, &mut Seed(SEED)).unwrap();
    }),
    ("orthogonal kernel", &[6, 4, 3, 2], |w| {
        _ = init::orthogonal_(w, 1.0, &mut Seed(SEED)).unwrap();
    }),
    ("sparse", &[6, 70], |w| {
        _ = init::sparse_(w, 0.4, 1.0, &mut Seed(SEED)).unwrap();
    }),
    ("eye", &[6, 4], |w| _ = init::eye_(w).unwrap()),
    ("dirac", &[6, 4, 3, 2], |w| _ = init::dirac_(w, 2).unwrap()),
    ("delta_orthogonal", &[6, 4, 3, 2], delta_orthogonal),
];

#[derive(Initialize)]
struct Delta {
    #[init(delta_orthogonal)]
    weight: Tensor,
}

fn delta_orthogonal(weight: &mut Tensor) {
    let weight = weight.shallow_clone();
    Delta { weight }.init(&mut Seed(SEED));
}

/// Whether both hold the same values, up to the rounding of `kind` and of the products in `f32`.
fn agree(found: &Tensor, expected: &Tensor, kind: Kind) -> bool {
    let difference = found.to_kind(Kind::Double) - expected.to_kind(Kind::Double);
    let rounding = if kind == Kind::Float {
        0.0
    } else {
        0.5 * epsilon(kind)
    };
    let allowed =
        expected.to_kind(Kind::Double).abs() * rounding + ROUNDINGS * epsilon(Kind::Float);
    difference.abs().le_tensor(&allowed).all().int64_value(&[]) == 1
}

fn contiguous(shape: &[i64], kind: Kind, write: Write) -> Tensor {
    let mut tensor = Tensor::ones(shape, (kind, Device::Cpu));
    write(&mut tensor);
    tensor
}

/// Views in which neighbouring elements lie apart: the last dimension first, and every second element of a larger
/// tensor.
fn strided(shape: &[i64]) -> [Tensor; 2] {
    let options = (Kind::Float, Device::Cpu);
    let reversed: Vec<i64> = shape.iter().rev().copied().collect();
    let order: Vec<i64> = (0..shape.len() as i64).rev().collect();
    let mut wider = shape.to_vec();
    *wider.last_mut().unwrap() *= 2;
    let last = shape.len() as i64 - 1;
    [
        Tensor::ones(&reversed[..], options).permute(&order[..]),
        Tensor::ones(&wider[..], options).slice(last, 0, i64::MAX, 2),
    ]
}

#[test]
fn strides_do_not_matter() {
    for (name, shape, write) in SCHEMES {
        let expected = contiguous(shape, Kind::Float, write);
        for mut view in strided(shape) {
            assert!(!view.is_contiguous());
            let strides = view.stride();
            write(&mut view);
            assert_eq!(view.stride(), strides);
            assert!(agree(&view, &expected, Kind::Float), "{name}");
        }
    }
}

#[test]
fn half_kinds_are_the_single_values_rounded() {
    for (name, shape, write) in SCHEMES {
        let expected = contiguous(shape, Kind::Float, write);
        for kind in [Kind::Half, Kind::BFloat16] {
            assert!(
                agree(&contiguous(shape, kind, write), &expected, kind),
                "{name} in {kind:?}"
            );
        }
    }
}

#[test]
fn gradients_and_memory_stay() {
    for (name, shape, write) in SCHEMES {
        let mut tensor = Tensor::ones(shape, (Kind::Float, Device::Cpu)).set_requires_grad(true);
        let address = tensor.data_ptr();
        write(&mut tensor);
        assert!(tensor.requires_grad() && tensor.is_leaf(), "{name}");
        assert_eq!(tensor.data_ptr(), address, "{name}");
        assert!(
            agree(
                &tensor.detach(),
                &contiguous(shape, Kind::Float, write),
                Kind::Float
            ),
            "{name}"
        );
    }
}

#[test]
fn empty_tensors_are_left_alone() {
    for (name, shape, write) in SCHEMES {
        for dim in 0..shape.len() {
            let mut shape = shape.to_vec();
            shape[dim] = 0;
            if name == "delta_orthogonal" && dim == 0 {
                // No outputs for some inputs: an error, as for any too few.
                continue;
            }
            write(&mut Tensor::ones(&shape[..], (Kind::Float, Device::Cpu)));
        }
    }
}

/// More matrices than one thread is given, with nothing to round differently.
#[test]
fn small_matrices_are_the_same_on_any_number_of_threads() {
    #[derive(Initialize)]
    struct Stack {
        #[init(orthogonal, chunks = 700)]
        matrices: Tensor,
    }
    let stack = |threads| {
        let before = tch::get_num_threads();
        tch::set_num_threads(threads);
        let matrices = Tensor::zeros([700 * 23, 31], (Kind::Float, Device::Cpu));
        let mut stack = Stack { matrices };
        stack.init(&mut Seed(SEED));
        tch::set_num_threads(before);
        stack.matrices
    };
    let alone = stack(1);
    for threads in [2, 3, 8] {
        bits::assert_same(&stack(threads), &alone);
    }
}

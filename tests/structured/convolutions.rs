//! What convolutions with `dirac` and `delta_orthogonal` weights do to a signal.

use nninit::{Initialize, init};
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use tch::{Kind, Tensor};

use crate::orthogonality::error;
use crate::{DOUBLE, ROUNDINGS, largest};

/// Positions in each dimension of a signal.
const LENGTH: i64 = 5;

fn signal(channels: i64, dims: usize) -> Tensor {
    let mut signal = Tensor::zeros([vec![2, channels], vec![LENGTH; dims]].concat(), DOUBLE);
    init::normal_(&mut signal, 0.0, 1.0, &mut Seed(7)).unwrap();
    signal
}

fn convolve(signal: &Tensor, weight: &Tensor, groups: i64) -> Tensor {
    let bias = None::<Tensor>;
    match weight.dim() {
        3 => signal.conv1d(weight, bias, 1, 0, 1, groups),
        4 => signal.conv2d(weight, bias, 1, 0, 1, groups),
        _ => signal.conv3d(weight, bias, 1, 0, 1, groups),
    }
}

/// The part of the signal that lies under the centre of a kernel; of an even one, the position after the middle.
fn under_the_centre(signal: &Tensor, kernel: &[i64]) -> Tensor {
    (2..)
        .zip(kernel)
        .fold(signal.shallow_clone(), |signal, (dim, &length)| {
            signal.narrow(dim, length / 2, LENGTH - length + 1)
        })
}

/// Odd and even kernels, and one of both.
fn kernels(dims: usize) -> [Vec<i64>; 5] {
    let mixed = [3, 2, 4];
    [
        vec![1; dims],
        vec![2; dims],
        vec![3; dims],
        vec![4; dims],
        mixed[..dims].to_vec(),
    ]
}

#[derive(Initialize)]
struct Dirac {
    #[init(dirac, groups = self.groups)]
    weight: Tensor,
    groups: i64,
}

#[test]
fn dirac_passes_each_groups_channels_on() {
    for dims in 1..=3 {
        for kernel in kernels(dims) {
            for groups in 1..=8 {
                for (outputs, inputs) in [(2, 2), (3, 2), (2, 3)] {
                    let shape = [vec![groups * outputs, inputs], kernel.clone()].concat();
                    let mut model = Dirac {
                        weight: Tensor::ones(&shape[..], DOUBLE),
                        groups,
                    };
                    model.init(&mut Seed(0));
                    let signal = signal(groups * inputs, dims);
                    let output = convolve(&signal, &model.weight, groups);
                    let expected = under_the_centre(&signal, &kernel);
                    for group in 0..groups {
                        let passed = outputs.min(inputs);
                        bits::assert_same(
                            &output.narrow(1, group * outputs, passed).contiguous(),
                            &expected.narrow(1, group * inputs, passed).contiguous(),
                        );
                        let rest = output.narrow(1, group * outputs + passed, outputs - passed);
                        assert_eq!(rest.count_nonzero(None).int64_value(&[]), 0);
                    }
                }
            }
        }
    }
}

#[derive(Initialize)]
struct DeltaOrthogonal {
    #[init(delta_orthogonal, gain = self.gain)]
    weight: Tensor,
    gain: f64,
}

#[test]
fn delta_orthogonal_turns_the_channels_and_keeps_their_norm() {
    for dims in 1..=3 {
        for kernel in kernels(dims) {
            for (outputs, inputs) in [(1, 1), (4, 4), (7, 3)] {
                for gain in [1.0, 1.5] {
                    let shape = [vec![outputs, inputs], kernel.clone()].concat();
                    let mut model = DeltaOrthogonal {
                        weight: Tensor::ones(&shape[..], DOUBLE),
                        gain,
                    };
                    model.init(&mut Seed(3));
                    let centre = kernel
                        .iter()
                        .fold(model.weight.shallow_clone(), |centre, &length| {
                            centre.select(2, length / 2)
                        });
                    assert!(error(&centre, gain) <= ROUNDINGS * f64::EPSILON);
                    assert_eq!(
                        model.weight.count_nonzero(None).int64_value(&[]),
                        outputs * inputs
                    );
                    let signal = signal(inputs, dims);
                    let output = convolve(&signal, &model.weight, 1);
                    let heard = under_the_centre(&signal, &kernel) * gain;
                    let squares = |of: &Tensor| {
                        of.square()
                            .sum_dim_intlist([1_i64].as_slice(), false, None::<Kind>)
                    };
                    let change = (squares(&output) - squares(&heard)) / squares(&heard);
                    // x·(WᵀW − I)·x over x·x is at most the matrix's norm, that at most `inputs` largest entries; and
                    // the sums over channels round as often as there are channels.
                    let allowed =
                        (ROUNDINGS * inputs as f64 + (outputs + inputs) as f64) * f64::EPSILON;
                    assert!(largest(&change) <= allowed, "{}", largest(&change));
                }
            }
        }
    }
}

/// Gates of a convolutional LSTM: each block is a convolution by itself.
#[derive(Initialize)]
struct Gates {
    #[init(dirac, chunks = 4)]
    dirac: Tensor,
    #[init(delta_orthogonal, chunks = 4)]
    delta: Tensor,
}

#[test]
fn chunks_are_convolutions_by_themselves() {
    let mut gates = Gates {
        dirac: Tensor::ones([12, 3, 3], DOUBLE),
        delta: Tensor::ones([12, 3, 3], DOUBLE),
    };
    gates.init(&mut Seed(1));
    let eye = Tensor::eye(3, DOUBLE);
    for gate in 0..4 {
        let centre = |weight: &Tensor| weight.narrow(0, 3 * gate, 3).select(2, 1).contiguous();
        bits::assert_same(&centre(&gates.dirac), &eye);
        assert!(error(&centre(&gates.delta), 1.0) <= ROUNDINGS * f64::EPSILON);
    }
    let halves = gates.delta.split(6, 0);
    bits::assert_differ(&halves[0], &halves[1]);
}

//! Complex weights against PyTorch's.

use nninit::{Initialize, TorchRng};
use tch::{Device, Kind, Tensor};

use crate::reference::Reference;
use nninit_tests::bits::differing;
use nninit_tests::bits::next_draws;
use nninit_tests::python::say;

#[derive(Initialize)]
struct Complex {
    #[init(normal, mean = 0.5, std = 2)]
    normal: Tensor,
    #[init(normal)]
    many: Tensor,
    #[init(normal, mean = -1, std = 0.1)]
    wide: Tensor,
    #[init(uniform, a = -1, b = 3)]
    uniform: Tensor,
    #[init(xavier_normal, gain = 1.5)]
    xavier: Tensor,
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    kaiming: Tensor,
    #[init(eye)]
    eye: Tensor,
    #[init(dirac, groups = 2)]
    dirac: Tensor,
    #[init(constant, val = -0.25)]
    constant: Tensor,
}

#[test]
fn complex_numbers_are_drawn_as_pytorch_draws_them() {
    let Some(reference) = Reference::of("complex") else {
        return;
    };
    let single = |shape: &[i64]| Tensor::zeros(shape, (Kind::ComplexFloat, Device::Cpu));
    let double = |shape: &[i64]| Tensor::zeros(shape, (Kind::ComplexDouble, Device::Cpu));
    let mut model = Complex {
        normal: single(&[3, 5]),
        many: single(&[40, 50]),
        wide: double(&[7, 3]),
        uniform: single(&[4, 4]),
        xavier: single(&[6, 10]),
        kaiming: double(&[12, 4, 3]),
        eye: single(&[3, 4]),
        dirac: single(&[4, 2, 3]),
        constant: single(&[3]),
    };
    let report = model.try_init(&mut TorchRng::manual_seed(77)).unwrap();
    assert_eq!(differing(&next_draws(), reference.tensor("after")), 0);
    for entry in report.entries() {
        let ours = entry.tensor().view_as_real();
        assert_eq!(
            differing(&ours, reference.tensor(entry.path())),
            0,
            "{}",
            entry.path()
        );
    }
    assert_eq!(report.entries().len() + 1, reference.tensors().len());
    say(&format!(
        "complex numbers: bit-equal: {} tensors",
        report.entries().len()
    ));
}

//! Transformed uniforms against the lines that Mamba's code draws them with.

use nninit::{Initialize, TorchRng};
use tch::{Device, Kind, Tensor};

use crate::reference::Reference;
use nninit_tests::python::say;

#[derive(Initialize)]
struct StateSpace {
    #[init(a_log)]
    a_log: Tensor,
    #[init(a_log, low = 0.01)]
    wide: Tensor,
    #[init(a_log)]
    half: Tensor,
    #[init(dt_bias)]
    dt_bias: Tensor,
    #[init(dt_bias, floor = 0.01)]
    raised: Tensor,
    #[init(log_uniform, low = 0.001, high = 0.1)]
    log_uniform: Tensor,
    #[init(chrono, max = 784)]
    chrono: Tensor,
}

#[test]
fn logarithms_are_drawn_as_mamba_draws_them() {
    let Some(reference) = Reference::of("transformed") else {
        return;
    };
    let of_kind = |length: i64, kind| Tensor::zeros([length], (kind, Device::Cpu));
    let of = |length| of_kind(length, Kind::Float);
    let mut model = StateSpace {
        a_log: of(24),
        wide: of(1001),
        half: of_kind(40, Kind::BFloat16),
        dt_bias: of(24),
        raised: of(1001),
        log_uniform: of(17),
        chrono: of(200),
    };
    let report = model.try_init(&mut TorchRng::manual_seed(999)).unwrap();
    let (tensors, elements) = reference.assert_model("ssm", report.entries());
    say(&format!(
        "state-space layers: bit-equal: {tensors} tensors, {elements} elements"
    ));
    let verified = report.verify().unwrap();
    assert_eq!(verified.unchecked.len(), 1, "{verified}");
}

//! Biases of recurrent layers' gates.

use nninit::{Initialize, Report};
use nninit_tests::bits;
use nninit_tests::generator::alone;
use nninit_tests::sources::Seed;
use nninit_tests::statistics::{drawn_from, furthest_normal};
use tch::{Device, Kind, Tensor};

use crate::DOUBLE;

const KINDS: [Kind; 4] = [Kind::Double, Kind::Float, Kind::Half, Kind::BFloat16];

#[derive(Initialize)]
struct Recurrent {
    #[init(chrono, max = 784)]
    lstm: Tensor,
    #[init(chrono, max = 784, gates = 3)]
    gru: Tensor,
}

fn recurrent(hidden: i64, kind: Kind) -> Recurrent {
    let ones = |gates: i64| Tensor::ones([gates * hidden], (kind, Device::Cpu));
    Recurrent {
        lstm: ones(4),
        gru: ones(3),
    }
}

fn drawn(hidden: i64, kind: Kind) -> Recurrent {
    let mut model = recurrent(hidden, kind);
    model.init(&mut Seed(42));
    model
}

/// The biases of each gate.
fn gates<const N: usize>(bias: &Tensor) -> [Tensor; N] {
    bias.chunk(N as i64, 0).try_into().unwrap()
}

/// P(ln U ≤ b) for U on [1, 783] is (exp(b) − 1) / 782.
#[test]
fn the_forget_gate_is_the_logarithm_of_a_uniform() {
    let of = |max: f64| move |b: f64| ((b.exp() - 1.0) / (max - 2.0)).clamp(0.0, 1.0);
    let model = drawn(100_000, Kind::Double);
    let [_, forget, ..] = gates::<4>(&model.lstm);
    let [_, keep, _] = gates::<3>(&model.gru);
    for gate in [forget, keep] {
        drawn_from(&gate, of(784.0)).unwrap();
        assert!(drawn_from(&gate, of(800.0)).is_err());
        let (least, greatest) = (gate.min().double_value(&[]), gate.max().double_value(&[]));
        assert!(least >= 0.0 && greatest <= 6.663_132_695_990_803);
        let retained = gate.sigmoid();
        assert!(retained.min().double_value(&[]) >= 0.5);
        assert!(retained.max().double_value(&[]) <= 783.0 / 784.0);
        // ∫ ln² x dx is x (ln² x − 2 ln x + 2).
        let (mean, ln) = (5.671_653_326_036_827_f64, 783.0_f64.ln());
        let square = (783.0 * (ln * ln - 2.0 * ln + 2.0) - 2.0) / 782.0;
        let std = (square - mean * mean).sqrt();
        let off = (gate.mean(Kind::Double).double_value(&[]) - mean).abs();
        assert!(
            off < furthest_normal(1) * std / 100_000.0_f64.sqrt(),
            "{off}"
        );
    }
}

#[test]
fn the_input_gate_is_its_negative_and_the_others_are_0() {
    for kind in KINDS {
        let model = drawn(257, kind);
        let [input, forget, cell, output] = gates::<4>(&model.lstm);
        bits::assert_same(&input, &-&forget);
        let [reset, keep, new] = gates::<3>(&model.gru);
        for gate in [cell, output, reset, new] {
            bits::assert_same(&gate, &Tensor::zeros([257], (kind, Device::Cpu)));
        }
        assert!(
            forget.ne_tensor(&keep).any().int64_value(&[]) == 1,
            "paths differ"
        );
    }
}

#[test]
fn neither_threads_nor_strides_show() {
    tch::set_num_threads(1);
    let one = drawn(70_000, Kind::Float);
    tch::set_num_threads(4);
    let four = drawn(70_000, Kind::Float);
    let mut strided = recurrent(70_000, Kind::Float);
    strided.lstm = Tensor::zeros([560_000], (Kind::Float, Device::Cpu)).slice(0, 0, None, 2);
    strided.init(&mut Seed(42));
    for other in [four, strided] {
        bits::assert_same(&one.lstm, &other.lstm.contiguous());
        bits::assert_same(&one.gru, &other.gru);
    }
}

#[test]
fn layers_and_directions_have_gates_of_their_own() {
    #[derive(Initialize)]
    struct Stacked {
        #[init(chrono, max = 100, batch = 1)]
        layers: Tensor,
        #[init(chrono, max = 100, chunks = 2, scale = 0.5)]
        directions: Tensor,
    }
    let mut model = Stacked {
        layers: Tensor::ones([3, 8], DOUBLE),
        directions: Tensor::ones([16], DOUBLE),
    };
    let report = model.try_init(&mut Seed(1)).unwrap();
    report.verify_bits().unwrap();
    assert_eq!(
        report.entries()[1].steps()[0].law().unwrap().to_string(),
        "chrono: ±0.5 · ln U(1, 99), 4 gates"
    );
    let mut drawn = Vec::new();
    for bias in model
        .layers
        .unbind(0)
        .into_iter()
        .chain(model.directions.chunk(2, 0))
    {
        let [input, forget, cell, output] = gates::<4>(&bias);
        bits::assert_same(&input, &-&forget);
        assert_eq!(
            cell.count_nonzero(None::<i64>) + output.count_nonzero(None::<i64>),
            Tensor::from(0_i64)
        );
        drawn.extend(Vec::<f64>::try_from(forget).unwrap());
    }
    assert!(drawn.iter().all(|&bias| bias > 0.0));
    assert!(drawn[6..].iter().all(|&bias| bias < 0.5 * 99.0_f64.ln()));
    drawn.sort_by(f64::total_cmp);
    drawn.dedup();
    assert_eq!(drawn.len(), 10, "each is a draw of its own");
}

#[test]
fn a_report_finds_out_what_is_changed() {
    let _alone = alone();
    let changed = |change: &dyn Fn(&Recurrent)| {
        let mut model = recurrent(2000, Kind::Float);
        let report: Report = model.try_init(&mut Seed(3)).unwrap();
        tch::no_grad(|| change(&model));
        report.verify().map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(changed(&|_| ()), Ok(()));
    let narrow = |bias: &Tensor, gate: i64| bias.narrow(0, gate * 2000, 2000);
    let changes: [&dyn Fn(&Recurrent); 4] = [
        &|model| _ = narrow(&model.lstm, 0).neg_(),
        &|model| _ = narrow(&model.lstm, 3).fill_(0.1),
        &|model| _ = narrow(&model.gru, 0).fill_(0.1),
        &|model| _ = narrow(&model.gru, 1).uniform_(0.0, 6.66),
    ];
    for change in changes {
        assert!(changed(change).is_err());
    }
}

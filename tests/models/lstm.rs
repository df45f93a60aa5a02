//! A hand-written LSTM cell: each gate's recurrent weight orthogonal by itself (Saxe et al. 2013), the forget gate's
//! bias 1 (Gers et al. 2000).

use super::*;

#[derive(Initialize)]
struct LstmCell {
    #[init(xavier_uniform, chunks = 4)]
    w_ih: Tensor,
    #[init(orthogonal, chunks = 4)]
    w_hh: Tensor,
    #[init(zeros)]
    b_ih: Tensor,
    #[init(zeros)]
    #[init(ones, at = self.hidden..2 * self.hidden)]
    b_hh: Tensor,
    hidden: i64,
}

impl LstmCell {
    fn new(path: &nn::Path<'_>, inputs: i64, hidden: i64) -> Self {
        Self {
            w_ih: path.zeros("w_ih", &[4 * hidden, inputs]),
            w_hh: path.zeros("w_hh", &[4 * hidden, hidden]),
            b_ih: path.zeros("b_ih", &[4 * hidden]),
            b_hh: path.zeros("b_hh", &[4 * hidden]),
            hidden,
        }
    }
}

#[test]
fn lstm_cell() {
    check(
        |path| LstmCell::new(path, 18, 6),
        "
        w_ih [24, 18] xavier_uniform, chunks = 4: U(-0.5, 0.5)
        w_hh [24, 6] orthogonal, chunks = 4: orthogonal(gain 1)
        b_ih [24] zeros: constant 0
        b_hh [24] zeros: constant 0
        then ones, at = 6..12: constant 1
        ",
    );
    let vs = nn::VarStore::new(Device::Cpu);
    let mut cell = LstmCell::new(&vs.root(), 18, 6);
    cell.init(&mut Seed(42));
    let biases: Vec<f64> = (&cell.b_hh).try_into().unwrap();
    let ones = |from: usize, to: usize| biases[from..to].iter().all(|&bias| bias == 1.0);
    assert!(ones(6, 12) && !ones(0, 6) && !ones(12, 24));
    for gate in cell.w_hh.chunk(4, 0) {
        // The product is formed in f64, so that only the roundings of the entries to f32 remain.
        let gate = gate.to_kind(Kind::Double);
        let error = (gate.mm(&gate.tr()) - Tensor::eye(6, (Kind::Double, Device::Cpu))).abs();
        assert!(error.max().double_value(&[]) < 16.0 * f64::from(f32::EPSILON));
    }
}

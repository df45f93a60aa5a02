use nninit::Initialize;

#[derive(Initialize)]
struct Cell {
    #[init(orthogonal, chunks = 4)]
    w_hh: Tensor,
    #[init(zeros)]
    #[init(ones, at = self.hidden..2 * self.hidden)]
    b_hh: Tensor,
    #[init(constant(val = -1))]
    #[init(normal(std = 0.02 / (2.0 * self.layers as f64).sqrt(), scale = 2))]
    w_ih: Tensor,
    #[init(with = |w, stream| fill(w, stream))]
    closure: Tensor,
    #[init(with = small_init(self.hidden)?)]
    #[init(sample = Gamma::new(2.0, 0.5)?, at = (.., 0))]
    own: Tensor,
    #[init(kaiming_uniform_, a = self.slope, fan_of = self.w_hh, groups = 2, transposed)]
    bias: Tensor,
}

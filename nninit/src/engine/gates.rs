//! The gates of a recurrent layer, in its bias `[gates · hidden]`.

use tch::{TchError, Tensor};

/// Where the gate that forgets stands in the order of PyTorch and of tch, i, f, g, o; and a GRU's that keeps, r, z, n.
pub(crate) const FORGET: i64 = 1;

/// Where an LSTM's input gate stands. A GRU has none: what it does not keep is what it takes.
pub(crate) const INPUT: i64 = 0;

/// The biases of one gate.
pub(crate) fn of_bias(bias: &Tensor, gates: i64, index: i64) -> Result<Tensor, TchError> {
    let hidden = bias.size()[0] / gates;
    bias.f_narrow(0, hidden * index, hidden)
}

/// What the first gate is due, beside a forget gate that has been drawn: an LSTM takes as much as it forgets.
pub(crate) fn due_input(bias: &Tensor, gates: i64) -> Result<Tensor, TchError> {
    let forget = of_bias(bias, gates, FORGET)?;
    if gates == 4 {
        forget.f_neg()
    } else {
        forget.f_zeros_like()
    }
}

/// Writes what the first gate is due.
pub(super) fn complete(bias: &Tensor, gates: i64) -> Result<(), TchError> {
    of_bias(bias, gates, INPUT)?.f_copy_(&due_input(bias, gates)?)
}

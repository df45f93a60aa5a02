//! Names of schemes.

use nninit::Initialize;
use tch::{Tensor, nn};

#[derive(Initialize)]
struct Model {
    #[init(kaiming_nromal)]
    swapped: Tensor,
    #[init(KaimingNormal)]
    camel_case: Tensor,
    #[init(xavier)]
    half: Tensor,
    #[init(zeroes, at = 0)]
    with_a_modifier: Tensor,
    #[init(frobnicate)]
    nothing_like_it: Tensor,
    #[init(weight(orthogonall), bias(zeros))]
    inside_a_part: nn::Linear,
    #[init(sincos_position)]
    positions: Tensor,
    #[init(alibi)]
    slopes: Tensor,
    #[init(s4d)]
    state: Tensor,
    #[init(skp)]
    skip: String,
    #[init(wiht = my_scheme)]
    with: Tensor,
    #[init(with)]
    with_nothing: Tensor,
    #[init(std = 0.02)]
    no_scheme: Tensor,
    #[init(std)]
    no_scheme_and_no_value: Tensor,
    #[init(weight)]
    part_without_a_body: nn::Linear,
    #[init(bias())]
    part_with_an_empty_body: nn::Linear,
    #[init(std = 0.02, normal)]
    scheme_last: Tensor,
}

fn main() {}

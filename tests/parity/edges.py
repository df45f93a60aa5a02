"""What PyTorch says to arguments at and beyond the edge: `raises`, `warns` or `silent`."""

import math
import warnings

import torch
from torch.nn import init


def zeros(*shape, dtype=torch.float32):
    return torch.zeros(*shape, dtype=dtype)


EDGES = {
    "fans_of_one_dimension": lambda: init.xavier_normal_(zeros(5)),
    "fans_of_a_scalar": lambda: init.kaiming_uniform_(zeros(())),
    "kaiming_without_elements": lambda: init.kaiming_normal_(zeros(0, 5)),
    "kaiming_of_one_dimension_without_elements": lambda: init.kaiming_uniform_(zeros(0)),
    "xavier_without_elements": lambda: init.xavier_normal_(zeros(0, 5)),
    "xavier_without_fans": lambda: init.xavier_uniform_(zeros(0, 0)),
    "orthogonal_without_elements": lambda: init.orthogonal_(zeros(0, 5)),
    "normal_without_elements": lambda: init.normal_(zeros(0)),
    "unknown_mode": lambda: init.kaiming_normal_(zeros(3, 5), mode="fan"),
    "mode_in_capitals": lambda: init.kaiming_normal_(zeros(3, 5), mode="FAN_OUT"),
    "unknown_nonlinearity": lambda: init.calculate_gain("rrelu"),
    "nonlinearity_in_capitals": lambda: init.calculate_gain("ReLU"),
    "nonlinearity_without_a_gain_in_pytorch": lambda: init.calculate_gain("gelu"),
    "eye_of_three_dimensions": lambda: init.eye_(zeros(3, 3, 3)),
    "eye_of_whole_numbers": lambda: init.eye_(zeros(3, 3, dtype=torch.int64)),
    "dirac_of_two_dimensions": lambda: init.dirac_(zeros(3, 3)),
    "dirac_with_groups_that_do_not_divide": lambda: init.dirac_(zeros(3, 3, 3), groups=2),
    "dirac_with_no_groups": lambda: init.dirac_(zeros(3, 3, 3), groups=0),
    "orthogonal_of_one_dimension": lambda: init.orthogonal_(zeros(5)),
    "orthogonal_in_half_precision": lambda: init.orthogonal_(zeros(3, 5, dtype=torch.float16)),
    "orthogonal_in_bfloat16": lambda: init.orthogonal_(zeros(3, 5, dtype=torch.bfloat16)),
    "orthogonal_that_is_no_view_of_a_matrix": lambda: init.orthogonal_(zeros(2, 4, 3).permute(2, 1, 0)),
    "sparse_of_three_dimensions": lambda: init.sparse_(zeros(3, 3, 3), 0.5),
    "sparsity_above_one": lambda: init.sparse_(zeros(4, 3), 1.5),
    "sparsity_below_zero": lambda: init.sparse_(zeros(4, 3), -0.5),
    "uniform_reversed": lambda: init.uniform_(zeros(3), 1.0, 0.0),
    "uniform_to_infinity": lambda: init.uniform_(zeros(3), 0.0, math.inf),
    "uniform_beyond_the_kind": lambda: init.uniform_(zeros(3, dtype=torch.float16), 0.0, 1e5),
    "uniform_too_wide": lambda: init.uniform_(zeros(3), -3e38, 3e38),
    "uniform_of_whole_numbers": lambda: init.uniform_(zeros(3, dtype=torch.int64)),
    "normal_of_whole_numbers": lambda: init.normal_(zeros(3, dtype=torch.int64)),
    "normal_of_complex_numbers": lambda: init.normal_(zeros(3, dtype=torch.complex64)),
    "negative_std": lambda: init.normal_(zeros(3), 0.0, -1.0),
    "infinite_std": lambda: init.normal_(zeros(3), 0.0, math.inf),
    "normal_beyond_the_kind": lambda: init.normal_(zeros(3, dtype=torch.float16), 0.0, 1e5),
    "trunc_normal_with_negative_std": lambda: init.trunc_normal_(zeros(3), 0.0, -1.0),
    "trunc_normal_without_std": lambda: init.trunc_normal_(zeros(3), 0.0, 0.0),
    "trunc_normal_reversed": lambda: init.trunc_normal_(zeros(3), 0.0, 1.0, 2.0, -2.0),
    "trunc_normal_far_from_its_bounds": lambda: init.trunc_normal_(zeros(3), 5.0, 1.0, -2.0, 2.0),
    "constant_fraction_in_whole_numbers": lambda: init.constant_(zeros(3, dtype=torch.int64), 0.5),
    "constant_beyond_the_kind": lambda: init.constant_(zeros(3, dtype=torch.float16), 1e5),
    "constant_not_a_number": lambda: init.constant_(zeros(3), math.nan),
    "expanded": lambda: init.normal_(zeros(1, 5).expand(3, 5)),
    "expanded_constant": lambda: init.zeros_(zeros(1, 5).expand(3, 5)),
    "sparse_layout": lambda: init.normal_(zeros(3, 5).to_sparse()),
    "leaf_that_requires_grad": lambda: init.normal_(zeros(3).requires_grad_()),
}


def write(folder):
    lines = [f"edge={name} pytorch={outcome(call)}" for name, call in EDGES.items()]
    (folder / "edges.txt").write_text("\n".join(lines))


def outcome(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            call()
        except Exception:
            return "raises"
    return "warns" if caught else "silent"

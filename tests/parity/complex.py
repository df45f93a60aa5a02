"""Complex weights, each as the pairs of real numbers that it is made of."""

import torch
from torch.nn import init

import safetensors_file

SEED = 77


def write(folder):
    torch.manual_seed(SEED)
    single = lambda *shape: torch.zeros(shape, dtype=torch.complex64)
    double = lambda *shape: torch.zeros(shape, dtype=torch.complex128)
    weights = {
        "normal": init.normal_(single(3, 5), 0.5, 2.0),
        "many": init.normal_(single(40, 50)),
        "wide": init.normal_(double(7, 3), -1.0, 0.1),
        "uniform": init.uniform_(single(4, 4), -1.0, 3.0),
        "xavier": init.xavier_normal_(single(6, 10), gain=1.5),
        "kaiming": init.kaiming_normal_(double(12, 4, 3), mode="fan_out", nonlinearity="relu"),
        "eye": init.eye_(single(3, 4)),
        "dirac": init.dirac_(single(4, 2, 3), 2),
        "constant": init.constant_(single(3), -0.25),
    }
    tensors = {name: torch.view_as_real(weight).contiguous() for name, weight in weights.items()}
    tensors["after"] = torch.cat([torch.randn(1), torch.rand(2)])
    (folder / "complex.txt").write_text("")
    safetensors_file.save(folder / "complex.safetensors", tensors)

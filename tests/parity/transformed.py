"""The logarithms of state-space layers, in the lines that Mamba's code draws them with, and of an LSTM's gates."""

import math

import torch

import safetensors_file

SEED = 999


def a_log(heads, low=1, high=16):
    a = torch.empty(heads, dtype=torch.float32).uniform_(low, high)
    return torch.log(a)


def dt_bias(heads, dt_min=0.001, dt_max=0.1, dt_init_floor=1e-4):
    dt = torch.exp(torch.rand(heads) * (math.log(dt_max) - math.log(dt_min)) + math.log(dt_min))
    dt = torch.clamp(dt, min=dt_init_floor)
    return dt + torch.log(-torch.expm1(-dt))


def chrono(hidden, longest):
    bias = torch.zeros(4 * hidden)
    forget = torch.empty(hidden).uniform_(1, longest - 1).log_()
    bias[hidden : 2 * hidden] = forget
    bias[:hidden] = -forget
    return bias


def write(folder):
    torch.manual_seed(SEED)
    tensors = {
        "ssm.a_log": a_log(24),
        "ssm.wide": a_log(1001, 0.01),
        "ssm.half": a_log(40).to(torch.bfloat16),
        "ssm.dt_bias": dt_bias(24),
        "ssm.raised": dt_bias(1001, dt_init_floor=0.01),
        "ssm.log_uniform": torch.empty(17).uniform_(math.log(1e-3), math.log(0.1)).exp(),
        "ssm.chrono": chrono(50, 784),
    }
    tensors["ssm/after"] = torch.cat([torch.randn(1), torch.rand(2)])
    (folder / "transformed.txt").write_text("title=ssm")
    safetensors_file.save(folder / "transformed.safetensors", tensors)

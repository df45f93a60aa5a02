"""Builds and initialises a model as often as each line of stdin says, and prints the seconds that took each time.

Arguments: the number of threads, the model (gpt2 or resnet50). The layers are PyTorch's own; each of its constructors
draws what the script then draws again.
"""

import math
import sys
import time

import torch
from torch import nn

WIDTH, LAYERS = 768, 12


def gpt2():
    """N(0, 0.02²), residual projections scaled by 1/√(2·layers)."""
    blocks = [
        nn.ModuleDict(
            {
                "norm_1": nn.LayerNorm(WIDTH),
                "qkv": nn.Linear(WIDTH, 3 * WIDTH),
                "attended": nn.Linear(WIDTH, WIDTH),
                "norm_2": nn.LayerNorm(WIDTH),
                "wide": nn.Linear(WIDTH, 4 * WIDTH),
                "narrow": nn.Linear(4 * WIDTH, WIDTH),
            }
        )
        for _ in range(LAYERS)
    ]
    model = nn.ModuleList([nn.Embedding(50257, WIDTH), nn.Embedding(1024, WIDTH), *blocks, nn.LayerNorm(WIDTH)])
    for name, module in model.named_modules():
        if isinstance(module, (nn.Linear, nn.Embedding)):
            is_residual = name.endswith(("attended", "narrow"))
            nn.init.normal_(module.weight, std=0.02 / math.sqrt(2 * LAYERS) if is_residual else 0.02)
        if isinstance(module, nn.Linear):
            nn.init.zeros_(module.bias)
    return model


def unit(inputs, outputs, kernel):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, bias=False), nn.BatchNorm2d(outputs))


def resnet50():
    """He by fan_out for convolutions, PyTorch's defaults for the rest."""
    units, inputs = [unit(3, 64, 7)], 64
    for width, blocks in [(64, 3), (128, 4), (256, 6), (512, 3)]:
        for _ in range(blocks):
            units += [unit(inputs, width, 1), unit(width, width, 3), unit(width, 4 * width, 1)]
            if inputs != 4 * width:
                units.append(unit(inputs, 4 * width, 1))
            inputs = 4 * width
    model = nn.ModuleList([*units, nn.Linear(2048, 1000)])
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
    return model


threads, model = sys.argv[1:]
torch.set_num_threads(int(threads))
build = {"gpt2": gpt2, "resnet50": resnet50}[model]
print(sum(parameter.numel() for parameter in build().parameters()), flush=True)

for line in sys.stdin:
    calls = int(line)
    start = time.perf_counter()
    for _ in range(calls):
        build()
    print((time.perf_counter() - start) / calls, flush=True)

"""The layers that tch has too: built, converted and reset by PyTorch."""

import warnings

import torch
from torch import nn

import safetensors_file
from matrix import KINDS

LAYERS = {
    "linear": lambda: nn.Linear(5, 7),
    "linear_wide": lambda: nn.Linear(64, 33),
    "linear_without_bias": lambda: nn.Linear(5, 7, bias=False),
    "linear_without_inputs": lambda: nn.Linear(0, 3),
    "conv1d": lambda: nn.Conv1d(4, 6, 3),
    "conv2d": lambda: nn.Conv2d(4, 6, 3),
    "conv2d_without_bias": lambda: nn.Conv2d(4, 6, 3, bias=False),
    "conv2d_grouped": lambda: nn.Conv2d(4, 6, 3, groups=2),
    "conv2d_channels_last": lambda: nn.Conv2d(4, 6, 3).to(memory_format=torch.channels_last),
    "conv3d": lambda: nn.Conv3d(4, 6, 3),
    "conv_transpose1d": lambda: nn.ConvTranspose1d(4, 6, 3),
    "conv_transpose2d": lambda: nn.ConvTranspose2d(4, 6, 3),
    "conv_transpose2d_grouped": lambda: nn.ConvTranspose2d(4, 6, 3, groups=2),
    "conv_transpose3d": lambda: nn.ConvTranspose3d(4, 6, 3),
    "batch_norm1d": lambda: nn.BatchNorm1d(6),
    "batch_norm2d": lambda: nn.BatchNorm2d(6),
    "batch_norm2d_without_affine": lambda: nn.BatchNorm2d(6, affine=False),
    "batch_norm3d": lambda: nn.BatchNorm3d(6),
    "layer_norm": lambda: nn.LayerNorm([3, 4]),
    "group_norm": lambda: nn.GroupNorm(2, 6),
    "embedding": lambda: nn.Embedding(10, 3),
    "embedding_padded": lambda: nn.Embedding(10, 3, padding_idx=3),
}


def write(folder):
    # A layer without inputs is meant here.
    warnings.simplefilter("ignore")
    lines, tensors, after = [], {}, []
    for layer, build in LAYERS.items():
        for kind in KINDS:
            for seeded in ["before reset", "before construction"]:
                seed = len(lines)
                if seeded != "before reset":
                    torch.manual_seed(seed)
                module = build().to(KINDS[kind])
                if seeded == "before reset":
                    torch.manual_seed(seed)
                if seeded != "before construction":
                    module.reset_parameters()
                for name, tensor in module.state_dict().items():
                    if name != "num_batches_tracked":
                        tensors[f"{seed}.{name}"] = tensor
                after.append(torch.cat([torch.randn(1), torch.rand(2)]))
                lines.append(f"layer={layer} kind={kind} seeded={seeded.replace(' ', '_')}")
    tensors["after"] = torch.stack(after)
    (folder / "layers.txt").write_text("\n".join(lines))
    safetensors_file.save(folder / "layers.safetensors", tensors)

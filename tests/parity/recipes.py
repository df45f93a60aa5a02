"""What the code that PyTorch publishes for residual networks, transformers and GANs makes of their layers."""

import torch
from torch import nn
from torch.nn import init

import models
import safetensors_file

SEED = 999


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.biased = nn.Conv2d(8, 6, 3, groups=2)
        self.gn = nn.GroupNorm(2, 6)
        self.fc = nn.Linear(6, 10)


def torchvision(model):
    """What torchvision's `ResNet` ends its constructor with."""
    for m in model.modules():
        if isinstance(m, nn.Conv2d):
            init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(m, (nn.BatchNorm2d, nn.GroupNorm)):
            init.constant_(m.weight, 1)
            init.constant_(m.bias, 0)


class Adversarial(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(4, 6)
        self.up = nn.ConvTranspose2d(6, 4, 4)
        self.bn = nn.BatchNorm2d(4)
        self.down = nn.Conv2d(4, 2, 4, bias=False)


class Every(nn.Module):
    """A layer of every kind."""

    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(7, 4)
        self.line = nn.Conv1d(3, 4, 3)
        self.conv = nn.Conv2d(3, 8, 3, bias=False)
        self.volume = nn.Conv3d(2, 3, 2)
        self.up = nn.ConvTranspose2d(6, 4, 4)
        self.bn = nn.BatchNorm2d(8)
        self.gn = nn.GroupNorm(2, 6)
        self.ln = nn.LayerNorm(5)
        self.fc = nn.Linear(6, 10)
        self.tail = nn.Linear(4, 3, bias=False)


CONV = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
CONV_TRANSPOSE = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)


def resnet_style(m):
    if isinstance(m, CONV):
        init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
    elif isinstance(m, (nn.BatchNorm2d, nn.GroupNorm)):
        init.constant_(m.weight, 1)
        init.constant_(m.bias, 0)


def transformer_style(m):
    if isinstance(m, nn.Linear):
        init.xavier_uniform_(m.weight)
        if m.bias is not None:
            init.constant_(m.bias, 0)
    elif isinstance(m, nn.Embedding):
        init.normal_(m.weight, mean=0, std=0.02)


def gan_style(m):
    if isinstance(m, CONV + CONV_TRANSPOSE):
        init.normal_(m.weight, 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        init.normal_(m.weight, 1.0, 0.02)
        init.constant_(m.bias, 0)


def conditional(m):
    if isinstance(m, nn.Linear):
        init.xavier_normal_(m.weight, gain=init.calculate_gain("tanh"))
        if m.bias is not None:
            m.bias.data.fill_(0.01)


def built(build, start):
    torch.manual_seed(SEED)
    model = build()
    start(model)
    return model


def transformer():
    """`nn.Transformer` itself: its constructor's last act, from a seed."""
    model = nn.Transformer(8, 2, 1, 1, 12)
    torch.manual_seed(SEED)
    model._reset_parameters()
    return model


def written(model):
    """The tensors as ours are named. The feed-forward biases are still as they were built, before the seed."""
    for path, tensor in model.state_dict().items():
        built_before = isinstance(model, nn.Transformer) and ".linear" in path and path.endswith("bias")
        if not built_before and not path.endswith("num_batches_tracked"):
            yield path.replace(".in_proj_", ".in_proj."), tensor


def write(folder):
    subjects = {
        "resnet": lambda: built(Residual, torchvision),
        "gan": lambda: built(Adversarial, lambda model: model.apply(models.weights_init)),
        "transformer": transformer,
    }
    for style in (resnet_style, transformer_style, gan_style, conditional):
        subjects[style.__name__] = lambda style=style: built(Every, lambda model: model.apply(style))
    tensors = {}
    for name, make in subjects.items():
        model = make()
        tensors[f"{name}/after"] = torch.cat([torch.randn(1), torch.rand(2)])
        for path, tensor in written(model):
            tensors[f"{name}.{path}"] = tensor
    (folder / "recipes.txt").write_text("\n".join(f"title={name}" for name in subjects))
    safetensors_file.save(folder / "recipes.safetensors", tensors)

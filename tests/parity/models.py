"""Whole models, initialised as their own scripts do it."""

import math

import torch
from torch import nn
from torch.nn import init

import safetensors_file


class Downsample(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
        self.bn = nn.BatchNorm2d(outputs)


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = Downsample(inputs, outputs, stride) if stride > 1 else None


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        widths = [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)]
        blocks = [[BasicBlock(i, o, s), BasicBlock(o, o, 1)] for i, o, s in widths]
        self.blocks = nn.ModuleList(block for pair in blocks for block in pair)
        self.fc = nn.Linear(512, 10)

    def initialise(self, everything):
        # As torchvision does it; `fc` stays as it was built.
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, nn.BatchNorm2d):
                init.constant_(m.weight, 1)
                init.constant_(m.bias, 0)
            elif isinstance(m, nn.Linear) and everything:
                m.reset_parameters()


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)


class MLP(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = MLP(width)


class GPT2(nn.Module):
    """GPT-2 small's depth and heads; narrower, with fewer words and positions, to stay small on disk."""

    LAYERS, WIDTH, WORDS, POSITIONS = 12, 192, 4096, 64

    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(self.WORDS, self.WIDTH)
        self.wpe = nn.Embedding(self.POSITIONS, self.WIDTH)
        self.h = nn.ModuleList(Block(self.WIDTH) for _ in range(self.LAYERS))
        self.ln_f = nn.LayerNorm(self.WIDTH)
        self.lm_head = nn.Linear(self.WIDTH, self.WORDS, bias=False)
        self.lm_head.weight = self.wte.weight

    def initialise(self, everything):
        self.apply(self.init_weights)

    def init_weights(self, m):
        # As Hugging Face's `_init_weights`: the projections are drawn twice, and the tied weight for each of its names.
        if isinstance(m, nn.Linear):
            m.weight.data.normal_(mean=0.0, std=0.02)
            if m.bias is not None:
                m.bias.data.zero_()
        elif isinstance(m, nn.Embedding):
            m.weight.data.normal_(mean=0.0, std=0.02)
        elif isinstance(m, nn.LayerNorm):
            m.bias.data.zero_()
            m.weight.data.fill_(1.0)
        for name, p in m.named_parameters():
            if name == "c_proj.weight":
                p.data.normal_(mean=0.0, std=(0.02 / math.sqrt(2 * self.LAYERS)))


class Generator(nn.Module):
    """The tutorial's, of half its width."""

    NOISE, WIDTH = 100, 32

    def __init__(self):
        super().__init__()
        w = self.WIDTH
        channels = [self.NOISE, 8 * w, 4 * w, 2 * w, w]
        self.convs = nn.ModuleList(
            nn.ConvTranspose2d(i, o, 4, 2 if n else 1, 1 if n else 0, bias=False)
            for n, (i, o) in enumerate(zip(channels, channels[1:]))
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(o) for o in channels[1:])
        self.last = nn.ConvTranspose2d(w, 3, 4, 2, 1, bias=False)

    def initialise(self, everything):
        self.apply(weights_init)


class Discriminator(nn.Module):
    WIDTH = 32

    def __init__(self):
        super().__init__()
        w = self.WIDTH
        channels = [w, 2 * w, 4 * w, 8 * w]
        self.first = nn.Conv2d(3, w, 4, 2, 1, bias=False)
        self.convs = nn.ModuleList(
            nn.Conv2d(i, o, 4, 2, 1, bias=False) for i, o in zip(channels, channels[1:])
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(o) for o in channels[1:])
        self.last = nn.Conv2d(8 * w, 1, 4, 1, 0, bias=False)

    def initialise(self, everything):
        self.apply(weights_init)


def weights_init(m):
    """The DCGAN tutorial's own."""
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        init.normal_(m.weight.data, 0.0, 0.02)
    elif classname.find("BatchNorm") != -1:
        init.normal_(m.weight.data, 1.0, 0.02)
        init.constant_(m.bias.data, 0)


class DCGAN(nn.Module):
    def __init__(self):
        super().__init__()
        self.generator = Generator()
        self.discriminator = Discriminator()

    def initialise(self, everything):
        self.apply(weights_init)


def write(folder):
    for name, build in {"resnet18": ResNet18, "gpt2": GPT2, "dcgan": DCGAN}.items():
        tensors, lines = {}, []
        for reseeded in [False, True]:
            torch.manual_seed(999)
            model = build()
            if reseeded:
                torch.manual_seed(999)
            # Reseeded, what was drawn before has no seed that ours could start from: everything is drawn again.
            model.initialise(everything=reseeded)
            title = "reseeded" if reseeded else "built"
            lines.append(f"title={title}")
            tensors[f"{title}/after"] = torch.cat([torch.randn(1), torch.rand(2)])
            for path, tensor in model.state_dict().items():
                if not path.endswith("num_batches_tracked"):
                    tensors[f"{title}.{path}"] = tensor.clone()
        (folder / f"{name}.txt").write_text("\n".join(lines))
        safetensors_file.save(folder / f"{name}.safetensors", tensors)

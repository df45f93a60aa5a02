"""Whole models, initialised as their own scripts do it, and ten steps of plain SGD."""

import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn import init

import safetensors_file

STEPS = 10


class Downsample(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.bn(self.conv(x))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = Downsample(inputs, outputs, stride) if stride > 1 else None

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


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

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean([2, 3]))


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)

    def forward(self, x, heads):
        b, t, c = x.shape
        q, k, v = (p.view(b, t, heads, c // heads).transpose(1, 2) for p in self.c_attn(x).split(c, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).reshape(b, t, c))


class MLP(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = MLP(width)

    def forward(self, x, heads):
        x = x + self.attn(self.ln_1(x), heads)
        return x + self.mlp(self.ln_2(x))


class GPT2(nn.Module):
    """GPT-2 small's depth and heads; narrower, with fewer words and positions, to stay small on disk."""

    LAYERS, HEADS, WIDTH, WORDS, POSITIONS = 12, 12, 192, 4096, 64

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

    def forward(self, words):
        x = self.wte(words) + self.wpe(torch.arange(words.shape[1]))
        for block in self.h:
            x = block(x, self.HEADS)
        return self.lm_head(self.ln_f(x))


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

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = F.relu(norm(conv(x)))
        return torch.tanh(self.last(x))


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

    def forward(self, x):
        x = F.leaky_relu(self.first(x), 0.2)
        for conv, norm in zip(self.convs, self.norms):
            x = F.leaky_relu(norm(conv(x)), 0.2)
        return self.last(x).view(-1)


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


def classify(model, x, y):
    return F.cross_entropy(model(x), y)


def continue_text(model, x, y):
    return F.cross_entropy(model(x).flatten(0, 1), y.flatten())


def tell_apart(model, x, y):
    made = model.discriminator(model.generator(y))
    return F.softplus(-model.discriminator(x)).mean() + F.softplus(made).mean()


def write(folder):
    data = torch.Generator().manual_seed(0)
    images = torch.randn(4, 3, 64, 64, generator=data)
    labels = torch.randint(10, (4,), generator=data)
    words = torch.randint(GPT2.WORDS, (2, 33), generator=data)
    noise = torch.randn(4, Generator.NOISE, 1, 1, generator=data)
    subjects = {
        "resnet18": (ResNet18, classify, images, labels),
        "gpt2": (GPT2, continue_text, words[:, :-1], words[:, 1:]),
        "dcgan": (DCGAN, tell_apart, images, noise),
    }
    for name, (build, loss, x, y) in subjects.items():
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
        tensors["x"], tensors["y"] = x, y
        tensors["losses"] = torch.tensor(train(model, loss, x, y), dtype=torch.float64)
        (folder / f"{name}.txt").write_text("\n".join(lines))
        safetensors_file.save(folder / f"{name}.safetensors", tensors)


def train(model, loss, x, y):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = loss(model, x, y)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses

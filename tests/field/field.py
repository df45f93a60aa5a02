"""What published models make of a seed: the last call of `torch.nn.init` for each tensor, made again in order.

    python field.py FOLDER

A model's constructor draws most weights several times over, in an order of its own. Here each call is noted, and
afterwards, from a seed, the last one of each parameter is made again in the order of `named_parameters`: what a recipe
says, and nothing of how it came about. Writes to FOLDER, for each model, the names and shapes of its parameters
(NAME.txt) and all tensors (field.safetensors). Needs what `requirements.txt` names, beside torch.
"""

import importlib.abc
import importlib.machinery
import math
import sys
import types
from fnmatch import fnmatchcase
from pathlib import Path
from unittest.mock import MagicMock

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "parity"))
import safetensors_file

SEED = 999

INIT = (
    "uniform_",
    "normal_",
    "constant_",
    "ones_",
    "zeros_",
    "trunc_normal_",
    "xavier_uniform_",
    "xavier_normal_",
    "kaiming_uniform_",
    "kaiming_normal_",
    "orthogonal_",
)

calls = []


def noted(function, again=None):
    again = again or function

    def call(tensor, *args, **named):
        named.pop("generator", None)
        view = (tensor.storage_offset(), tuple(tensor.shape), tuple(tensor.stride()))
        calls.append((tensor.untyped_storage().data_ptr(), view, again, args, named))
        return function(tensor, *args, **named)

    return call


trunc_normal_ = torch.nn.init.trunc_normal_
for name in INIT:
    setattr(torch.nn.init, name, noted(getattr(torch.nn.init, name)))

# These keep functions of their own, or the ones that they find when they are imported.
import transformers.initialization

for name in INIT:
    transformers.initialization.TORCH_INIT_FUNCTIONS[name] = getattr(torch.nn.init, name)

import loralib
import mup
import timm.models.vision_transformer
import torchvision.models
import unit_scaling
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from timm.layers import resample_abs_pos_embed
from timm.models._manipulate import adapt_input_conv
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MambaConfig,
    MambaForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
    ViTMAEConfig,
)
from transformers.models.vit_mae.modeling_vit_mae import ViTMAEEmbeddings


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """For packages that fetch files and read command lines, which torchtitan and OLMo-core import too."""

    PACKAGES = ("bettermap", "cached_path", "requests", "tyro")

    def find_spec(self, name, path, target=None):
        is_one = name.split(".")[0] in self.PACKAGES
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if is_one else None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: MagicMock(name=name)
        return module

    def exec_module(self, module):
        pass


sys.meta_path.append(StandIn())

import torchtitan.models.llama3 as titan
from olmo_core.nn.transformer import InitMethod, TransformerConfig

# timm's own is the same law and rounds otherwise.
timm.models.vision_transformer.trunc_normal_ = noted(
    timm.models.vision_transformer.trunc_normal_, again=trunc_normal_
)


def gpt2():
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=50, n_positions=12, n_embd=24, n_layer=3, n_head=2, bos_token_id=0, eos_token_id=0
        )
    )


def llama():
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=50,
            hidden_size=24,
            intermediate_size=40,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=1,
        )
    )


def t5(form, tied):
    config = T5Config(
        vocab_size=50, d_model=24, d_kv=4, d_ff=40, num_layers=2, num_heads=6, feed_forward_proj=form
    )
    # The configuration's own constructor takes every model for tied.
    config.tie_word_embeddings = tied
    return T5ForConditionalGeneration(config)


def bert():
    return BertModel(
        BertConfig(
            vocab_size=50,
            hidden_size=24,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=40,
            max_position_embeddings=12,
        )
    )


def vit():
    return timm.models.vision_transformer.VisionTransformer(
        img_size=16, patch_size=4, num_classes=7, embed_dim=24, depth=2, num_heads=2
    )


def resnet18():
    return torchvision.models.resnet18()


def mae():
    # In a whole model the patches get what other layers get before this is called, and it does nothing.
    model = ViTMAEEmbeddings(ViTMAEConfig(hidden_size=24, image_size=16, patch_size=4))
    model.initialize_weights()
    return model


def mamba():
    return MambaForCausalLM(
        MambaConfig(
            vocab_size=50, hidden_size=24, state_size=4, num_hidden_layers=1, initializer_range=0.02
        )
    )


def torchtitan(tied):
    width, vocabulary = 24, 50
    config = titan.Llama3Model.Config(
        dim=width,
        vocab_size=vocabulary,
        enable_weight_tying=tied,
        tok_embeddings=titan.Embedding.Config(
            num_embeddings=vocabulary,
            embedding_dim=width,
            param_init=titan._EMBEDDING_SKIP_INIT if tied else titan._EMBEDDING_INIT,
        ),
        norm=titan.RMSNorm.Config(normalized_shape=width, param_init=titan._NORM_INIT),
        lm_head=titan.Linear.Config(
            in_features=width, out_features=vocabulary, param_init=titan._output_linear_init(width)
        ),
        layers=titan._build_llama3_layers(
            n_layers=3,
            dim=width,
            n_heads=2,
            hidden_dim=40,
            rope=titan.ComplexRoPE.Config(dim=12, max_seq_len=16),
            fuse_qkv=False,
            attn_backend="flex",
        ),
    )
    model = config.build()
    model.init_states()
    return model


def olmo(method):
    config = TransformerConfig.llama_like(
        d_model=24,
        vocab_size=50,
        n_layers=3,
        n_heads=2,
        hidden_size_multiple_of=8,
        init_method=InitMethod(method),
    )
    model = config.build(init_device="cpu")
    model.init_weights()
    return model


def unit_scaled():
    return torch.nn.ModuleDict(
        {
            "embedding": unit_scaling.Embedding(50, 24),
            "conv": unit_scaling.Conv1d(24, 12, 3, bias=False),
            "linear": unit_scaling.Linear(12, 24, bias=False),
            "head": unit_scaling.LinearReadout(24, 50, bias=False),
        }
    )


class Two(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = torch.nn.Embedding(11, 24)
        self.q = torch.nn.Linear(24, 24)
        self.conv = torch.nn.Conv2d(3, 8, 3)


def lora(start):
    config = LoraConfig(r=8, target_modules=["emb", "q", "conv"], init_lora_weights=start)
    return get_peft_model(Two(), config)


def loralib_s():
    return torch.nn.ModuleDict(
        {"emb": loralib.Embedding(11, 24, r=8), "q": loralib.Linear(24, 24, r=8)}
    )


MODELS = {
    "gpt2": gpt2,
    "llama": llama,
    "t5": lambda: t5("relu", tied=True),
    "t5_gated": lambda: t5("gated-gelu", tied=False),
    "bert": bert,
    "vit": vit,
    "resnet18": resnet18,
    "mae": mae,
    "mamba": mamba,
    "torchtitan": lambda: torchtitan(tied=False),
    "torchtitan_tied": lambda: torchtitan(tied=True),
    "olmo_normal": lambda: olmo("normal"),
    "olmo_llama": lambda: olmo("llama"),
    "olmo_llama_depth": lambda: olmo("llama_depth"),
    "olmo_normalized": lambda: olmo("normalized"),
    "olmo_fan_in": lambda: olmo("fan_in"),
    "unit_scaled": unit_scaled,
    "lora": lambda: lora(True),
    "lora_gaussian": lambda: lora("gaussian"),
    "loralib": loralib_s,
}

# Of these models only the parameters whose paths match: the rest is another's, or computed and not drawn.
ONLY = {
    "mae": ["*.projection.weight", "cls_token"],
    "mamba": ["*.embeddings.weight", "*.conv1d.weight", "*.dt_proj.weight", "*.out_proj.weight", "*.D"],
    "lora": ["*lora_*"],
    "lora_gaussian": ["*lora_*"],
    "loralib": ["*lora_*"],
}


def again(model, patterns):
    """Makes the calls that count once more, from the seed."""
    torch.manual_seed(SEED)
    for path, parameter in model.named_parameters():
        if not any(fnmatchcase(path, pattern) for pattern in patterns):
            continue
        storage = parameter.untyped_storage().data_ptr()
        own = [call for call in calls if call[0] == storage]
        whole = [at for at, call in enumerate(own) if math.prod(call[1][1]) == parameter.numel()]
        last = max(whole, default=None)
        if last is None:
            raise ValueError(f"nothing starts {path}")
        parameter.data.fill_(float("nan"))
        for _, (offset, shape, stride), function, args, named in own[last:]:
            function(torch.as_strided(parameter.data, shape, stride, offset), *args, **named)
        yield path, parameter


class Mlp(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.input = torch.nn.Linear(12, width)
        self.hidden = torch.nn.Linear(width, 2 * width)
        self.output = mup.MuReadout(2 * width, 5)


def transferred():
    """Each function of `mup.init` on a network of width 32, tuned at 8."""
    schemes = {
        "normal": lambda w: mup.init.normal_(w, std=0.02),
        "uniform": lambda w: mup.init.uniform_(w, a=-0.05, b=0.05),
        "xavier_normal": mup.init.xavier_normal_,
        "xavier_uniform": mup.init.xavier_uniform_,
        "fan_in": lambda w: mup.init.kaiming_normal_(w, nonlinearity="relu"),
        "fan_out": lambda w: mup.init.kaiming_uniform_(w, mode="fan_out", nonlinearity="relu"),
    }
    for name, scheme in schemes.items():
        model = Mlp(32)
        mup.set_base_shapes(model, Mlp(8), delta=Mlp(16), rescale_params=False)
        torch.manual_seed(SEED)
        for path, parameter in model.named_parameters():
            if path.endswith("weight"):
                scheme(parameter)
                yield f"mup_{name}.{path}", parameter
        for kind, optimizer in [("adam", mup.MuAdam), ("sgd", mup.MuSGD)]:
            rates = {
                parameter.data_ptr(): group["lr"]
                for group in optimizer(model.parameters(), lr=1.0).param_groups
                for parameter in group["params"]
            }
            for path, parameter in model.named_parameters():
                yield f"mup_{name}.{path}/{kind}", torch.tensor(rates[parameter.data_ptr()])


def adapted():
    """Weights fitted to other shapes, with what they are made of."""
    torch.manual_seed(SEED)
    conv = torch.randn(4, 3, 2, 2)
    yield "adapted/conv", conv
    for channels in (1, 2, 4, 7):
        yield f"adapted/conv_{channels}", adapt_input_conv(channels, conv.clone())
    table = torch.randn(1, 1 + 3 * 4, 8)
    yield "adapted/positions", table
    for height, width in ((5, 2), (2, 3), (6, 8)):
        laid = resample_abs_pos_embed(table, [height, width], [3, 4], num_prefix_tokens=1)
        yield f"adapted/positions_{height}_{width}", laid
    model = gpt2()
    yield "adapted/tokens", model.transformer.wte.weight.detach().clone()
    model.resize_token_embeddings(50 + 2000)
    yield "adapted/tokens_grown", model.transformer.wte.weight


def files(folder):
    """Files as these packages and `torch.save` write them."""
    torch.manual_seed(SEED)
    save_file(resnet18().state_dict(), folder / "resnet18.safetensors")
    model = vit()
    save_file(model.state_dict(), folder / "vit.safetensors")
    torch.save(model.state_dict(), folder / "vit.pt")
    torch.save(model.state_dict(), folder / "vit_stream.pth", _use_new_zipfile_serialization=False)
    torch.save(model, folder / "vit_module.bin")
    optimizer = torch.optim.Adam(model.parameters())
    sum(parameter.sum() for parameter in model.parameters()).backward()
    optimizer.step()
    checkpoint = {"epoch": 3, "model": {"vit": vit().state_dict()}, "optimizer": optimizer.state_dict()}
    save_file(checkpoint["model"]["vit"], folder / "vit_checkpoint.safetensors")
    torch.save(checkpoint, folder / "vit_checkpoint.pt")
    views = torch.arange(24.0).view(4, 6)
    views = {"whole": views, "turned": views.T, "part": views[1:3, ::2], "halves": views.bfloat16()}
    torch.save(views, folder / "views.pt")
    torch.save({"large": torch.arange(5_000_001.0)}, folder / "large.pt")
    save_file({name: view.contiguous() for name, view in views.items()}, folder / "views.safetensors")
    gpt2().save_pretrained(folder / "gpt2", max_shard_size="30KB")


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    tensors = {}
    for title, build in MODELS.items():
        calls.clear()
        model = build()
        lines = []
        for path, parameter in again(model, ONLY.get(title, ["*"])):
            lines.append(f"path={path} shape={','.join(map(str, parameter.shape))}")
            tensors[f"{title}.{path}"] = parameter
        tensors[f"{title}/after"] = torch.cat([torch.randn(1), torch.rand(2)])
        (folder / f"{title}.txt").write_text("\n".join(lines))
    tensors.update(transferred())
    tensors.update(adapted())
    safetensors_file.save(folder / "field.safetensors", tensors)
    files(folder)


main()

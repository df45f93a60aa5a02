"""What published models make of a seed: the last call of `torch.nn.init` for each tensor, made again in order.

    python field.py FOLDER

A model's constructor draws most weights several times over, in an order of its own. Here each call is noted, and
afterwards, from a seed, the last one of each parameter is made again in the order of `named_parameters`: what a recipe
says, and nothing of how it came about. Writes to FOLDER, for each model, the names and shapes of its parameters
(NAME.txt) and all tensors (field.safetensors). Needs what `requirements.txt` names, beside torch.
"""

import sys
from pathlib import Path

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

import mup
import timm.models.vision_transformer
import torchvision.models
from peft import LoraConfig, get_peft_model
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
)

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


class Two(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = torch.nn.Embedding(11, 24)
        self.q = torch.nn.Linear(24, 24)
        self.conv = torch.nn.Conv2d(3, 8, 3)


def lora(start):
    config = LoraConfig(r=8, target_modules=["emb", "q", "conv"], init_lora_weights=start)
    return get_peft_model(Two(), config)


MODELS = {
    "gpt2": gpt2,
    "llama": llama,
    "t5": lambda: t5("relu", tied=True),
    "t5_gated": lambda: t5("gated-gelu", tied=False),
    "bert": bert,
    "vit": vit,
    "resnet18": resnet18,
    "lora": lambda: lora(True),
    "lora_gaussian": lambda: lora("gaussian"),
}


def again(model, wanted):
    """Makes the calls that count once more, from the seed."""
    torch.manual_seed(SEED)
    for path, parameter in model.named_parameters():
        if not wanted(path):
            continue
        whole = (parameter.storage_offset(), tuple(parameter.shape), tuple(parameter.stride()))
        storage = parameter.untyped_storage().data_ptr()
        own = [call for call in calls if call[0] == storage]
        last = max((at for at, call in enumerate(own) if call[1] == whole), default=None)
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


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    tensors = {}
    for title, build in MODELS.items():
        calls.clear()
        model = build()
        is_adapted = title.startswith("lora")
        lines = []
        for path, parameter in again(model, lambda path: not is_adapted or "lora_" in path):
            lines.append(f"path={path} shape={','.join(map(str, parameter.shape))}")
            tensors[f"{title}.{path}"] = parameter
        tensors[f"{title}/after"] = torch.cat([torch.randn(1), torch.rand(2)])
        (folder / f"{title}.txt").write_text("\n".join(lines))
    tensors.update(transferred())
    safetensors_file.save(folder / "field.safetensors", tensors)


main()

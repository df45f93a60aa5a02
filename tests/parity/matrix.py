"""Every function of torch.nn.init × kind × shape × layout × parameters."""

import math
import warnings

import torch
from torch.nn import init

import safetensors_file

KINDS = {
    "f64": torch.float64,
    "f32": torch.float32,
    "f16": torch.float16,
    "bf16": torch.bfloat16,
}

SMALL = [
    (1,), (7,), (15,), (16,), (17,), (1001,),
    (3, 5), (4, 4), (17, 1), (1, 17), (33, 64), (64, 33),
    (4, 2, 1), (6, 4, 3), (7, 3, 2),
    (8, 4, 3, 3), (3, 5, 2, 4),
    (4, 2, 3, 2, 3), (2, 3, 1, 4, 2),
]
# Beyond what one thread of libtorch takes by itself (32768 elements), and not.
LARGE = [(40009,), (129, 131), (16, 8, 7, 7)]

KAIMING = [
    {},
    {"nonlinearity": "relu", "mode": "fan_out"},
    {"a": 0.2},
    {"a": math.sqrt(5)},
    {"nonlinearity": "tanh"},
    {"nonlinearity": "selu", "mode": "fan_out"},
    {"nonlinearity": "linear"},
    {"nonlinearity": "sigmoid", "mode": "fan_in"},
    {"nonlinearity": "conv_transpose2d"},
]

# Function, parameters, numbers of dimensions, kinds.
FUNCTIONS = [
    (init.uniform_, [{}, {"a": -0.1, "b": 0.1}, {"a": 2.5, "b": 2.5}, {"a": -3.0, "b": 7.0}], range(1, 6), KINDS),
    (init.normal_, [{}, {"std": 0.02}, {"mean": -1.5, "std": 3.0}, {"mean": 0.5, "std": 0.0}], range(1, 6), KINDS),
    (
        init.trunc_normal_,
        [
            {},
            {"std": 0.02},
            {"std": 0.02, "a": -0.04, "b": 0.04},
            {"a": 0.5, "b": 0.7},
            {"mean": 3.0},
            {"mean": -5.0, "a": 0.0, "b": 1.0},
            {"a": -0.3, "b": 0.3},
            # The share of the mass within is 0.29995 and 0.30009: one on either side of PyTorch's threshold.
            {"a": -0.38526, "b": 0.38526},
            {"a": -0.38545, "b": 0.38545},
            {"mean": 0.1, "std": 0.3, "a": 0.1, "b": 0.1},
        ],
        range(1, 6),
        KINDS,
    ),
    (init.constant_, [{"val": 0.3}, {"val": -7.0}, {"val": 1e-5}], range(1, 6), KINDS),
    (init.ones_, [{}], range(1, 6), KINDS),
    (init.zeros_, [{}], range(1, 6), KINDS),
    (init.eye_, [{}], [2], KINDS),
    (init.dirac_, [{}, {"groups": 2}], [3, 4, 5], KINDS),
    (init.xavier_uniform_, [{}, {"gain": 5 / 3}], range(2, 6), KINDS),
    (init.xavier_normal_, [{}, {"gain": math.sqrt(2)}], range(2, 6), KINDS),
    (init.kaiming_uniform_, KAIMING, range(2, 6), KINDS),
    (init.kaiming_normal_, KAIMING, range(2, 6), KINDS),
    (init.orthogonal_, [{}, {"gain": math.sqrt(2)}], range(2, 6), ["f64", "f32"]),
    (
        init.sparse_,
        [{"sparsity": 0.1}, {"sparsity": 0.5, "std": 0.2}, {"sparsity": 1.0}, {"sparsity": 0.0}],
        [2],
        KINDS,
    ),
]


def write(folder):
    threads = torch.get_num_threads()
    lines, tensors, after = [], {}, []
    for function, kind, layout, shape, parameters in cases():
        tensor = layouts(shape)[layout](KINDS[kind])
        # Threads wait for each other longer than small tensors take.
        used = threads if shape in LARGE else 1
        if used != torch.get_num_threads():
            torch.set_num_threads(used)
        # `torch.manual_seed` without what it notes for CUDA each time.
        torch.default_generator.manual_seed(len(lines))
        law = []
        try:
            with Watched(law), warnings.catch_warnings(action="ignore"):
                function(tensor, **parameters)
        except RuntimeError:
            # `orthogonal_` on a layout that it cannot view as a matrix: ours writes it, and PyTorch has no bits for it.
            assert function is init.orthogonal_ and layout != "contiguous"
            continue
        tensors[str(len(lines))] = tensor
        after.append(torch.cat([torch.randn(1), torch.rand(2)]))
        settings = {
            "function": function.__name__,
            "kind": kind,
            "layout": layout,
            "shape": ",".join(map(str, shape)),
            "law": ",".join(map(repr, law)),
            "threads": used,
            **parameters,
        }
        lines.append(" ".join(f"{key}={value}" for key, value in settings.items()))
    torch.set_num_threads(threads)
    tensors["after"] = torch.stack(after)
    (folder / "matrix.txt").write_text("\n".join(lines))
    safetensors_file.save(folder / "matrix.safetensors", tensors)


def cases():
    for function, settings, dimensions, kinds in FUNCTIONS:
        for kind in kinds:
            for shape in SMALL + LARGE:
                if len(shape) not in dimensions:
                    continue
                for layout in layouts(shape):
                    for parameters in settings[:1] if shape in LARGE else settings:
                        if shape[0] % parameters.get("groups", 1) == 0:
                            yield function, kind, layout, shape, parameters


def layouts(shape):
    """Tensors of `shape` that lie in memory in different ways, full of nines."""

    def nines(shape, kind):
        return torch.full(shape, 9.0, dtype=kind)

    def offset(kind):
        return nines((math.prod(shape) + 3,), kind)[3:].view(shape)

    def transposed(kind):
        return nines(shape[::-1], kind).permute(*reversed(range(len(shape))))

    def strided(kind):
        return nines((*shape[:-1], 2 * shape[-1]), kind)[..., ::2]

    def channels_last(kind):
        return nines((shape[0], *shape[2:], shape[1]), kind).movedim(-1, 1)

    ways = {"contiguous": lambda kind: nines(shape, kind), "offset": offset, "strided": strided}
    if len(shape) > 1:
        ways["transposed"] = transposed
    if len(shape) > 2:
        ways["channels_last"] = channels_last
    return ways


class Watched:
    """Notes the arguments of the first draw: the numbers that PyTorch came to."""

    NAMES = ["uniform_", "normal_"]

    def __init__(self, law):
        self.law = law

    def __enter__(self):
        for name in self.NAMES:
            setattr(torch.Tensor, name, self.noting(getattr(torch.Tensor, name)))

    def __exit__(self, *_):
        for name in self.NAMES:
            delattr(torch.Tensor, name)

    def noting(self, draw):
        def noted(tensor, *numbers, **options):
            if not self.law:
                self.law.extend(map(float, numbers))
            return draw(tensor, *numbers, **options)

        return noted

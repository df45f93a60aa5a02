"""What PyTorch itself makes of a seed, for the Rust tests to reproduce.

    python reference.py FOLDER THREADS

Writes to FOLDER, for each subject, what was done as lines of `key=value` (NAME.txt) and what came of it as tensors
(NAME.safetensors). Needs torch and nothing else.
"""

import sys
from pathlib import Path

import torch

import complex
import edges
import layers
import matrix
import models
import recipes
import transformed


def main():
    folder, threads = Path(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(threads)
    (folder / "torch.txt").write_text(torch.__version__)
    matrix.write(folder)
    layers.write(folder)
    models.write(folder)
    recipes.write(folder)
    edges.write(folder)
    transformed.write(folder)
    complex.write(folder)


main()

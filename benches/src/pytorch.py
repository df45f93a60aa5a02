"""Calls a function of torch.nn.init as often as each line of stdin says, and prints the seconds a call took.

Arguments: the number of threads, the shape (512x512), the function, its other arguments.
"""

import sys
import time

import torch

threads, shape, function, *arguments = sys.argv[1:]
torch.set_num_threads(int(threads))
print(torch.__version__, flush=True)

tensor = torch.zeros([int(length) for length in shape.split("x")])
write = getattr(torch.nn.init, function)
arguments = [float(argument) for argument in arguments]
for line in sys.stdin:
    calls = int(line)
    start = time.perf_counter()
    for _ in range(calls):
        write(tensor, *arguments)
    print((time.perf_counter() - start) / calls, flush=True)

"""Fills a buffer by MKL's vector statistics, as often as each line of stdin says, and prints the seconds a call took.

Arguments: the library, the function, the method, the element's ctypes name, the number of elements.
"""

import ctypes
import sys
import time

PHILOX4X32X10 = 16 << 20  # VSL_BRNG_PHILOX4X32X10 of mkl_vsl_defines.h
SEQUENTIAL = 1  # MKL_THREADING_SEQUENTIAL

path, function, method, kind, count = sys.argv[1:]
mkl = ctypes.CDLL(path)
mkl.MKL_Set_Threading_Layer(SEQUENTIAL)
text = ctypes.create_string_buffer(200)
mkl.MKL_Get_Version_String(text, 200)
print(text.value.decode().strip(), flush=True)

stream = ctypes.c_void_p()
status = mkl.vslNewStream(ctypes.byref(stream), PHILOX4X32X10, 0)
assert status == 0, f"vslNewStream returned {status}"
kind, count = getattr(ctypes, kind), int(count)
buffer = (kind * count)()
draw = getattr(mkl, function)
arguments = (int(method), stream, count, ctypes.byref(buffer), kind(0.0), kind(1.0))
for line in sys.stdin:
    calls = int(line)
    start = time.perf_counter()
    for _ in range(calls):
        status = draw(*arguments)
    took = time.perf_counter() - start
    assert status == 0, f"{function} returned {status}"
    print(took / calls, flush=True)

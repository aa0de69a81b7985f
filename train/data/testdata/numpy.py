"""Writes numpy.npz and fortran.npy, which npy_test.go reads: one array of each
kind as NumPy itself stores it. Run by hand: python numpy.py

The numpy.npz beside it was written by NumPy 2.4.6.
"""
import os
import sys

sys.path.pop(0)  # or this file would be imported as numpy
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
grid = np.arange(24).reshape(2, 3, 4)
np.savez_compressed(
    os.path.join(here, "numpy.npz"),
    float32=np.float32([0.1, -1.5, np.inf]),
    float64=np.float64([0.1, 1e300]),
    bool=np.array([True, False]),
    int8=np.int8([-128, 127]),
    int16=np.int16([-32768, 32767]),
    int32=np.int32([-(2**31), 2**31 - 1]),
    int64=np.int64([-(2**63), 2**63 - 1, 120000]),
    uint8=np.uint8([0, 255]),
    uint16=np.uint16([0, 65535]),
    uint32=np.uint32([0, 2**32 - 1]),
    uint64=np.uint64([0, 2**63 - 1]),
    big_endian=np.array([1, -2], dtype=">i4"),
    fortran=np.asfortranarray(grid.astype(np.float32)),
    scalar=np.float64(0.25),
    empty=np.zeros((0, 3), np.float32),
    **{"0/grad/conv1.weight": np.float32([[1, 2], [3, 4]])},
)
np.save(os.path.join(here, "fortran.npy"), np.asfortranarray(grid.astype(">f8")))

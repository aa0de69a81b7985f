"""Draws a few MNIST test digits as PNG files for `gonn predict`.

    python3 testdata/ref/make_digits.py     (no packages needed)

7.png is test picture 0 as it is, 28×28, white on black. 2-inverted.png is test
picture 1 inverted. 1-large.png is test picture 2, every pixel drawn 10×10.
"""
import gzip
import pathlib
import struct
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]


def png(path, rows):
    """Writes rows of grey bytes as an 8-bit PNG."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(r) for r in rows), 9)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))


def digit(i):
    with gzip.open(ROOT / "train/data/mnist/t10k-images-idx3-ubyte.gz") as f:
        f.seek(16 + 784 * i)
        b = f.read(784)
    return [list(b[28 * r:28 * r + 28]) for r in range(28)]


out = ROOT / "testdata/digits"
out.mkdir(exist_ok=True)
png(out / "7.png", digit(0))
png(out / "2-inverted.png", [[255 - p for p in row] for row in digit(1)])
png(out / "1-large.png", [[p for p in row for _ in range(10)] for row in digit(2) for _ in range(10)])

"""Arrays as the tests need them, with the standard library only.

    arrays.py npy FILE TYPE SHAPE [VALUES]    TYPE f4 f8 u1 i4 i8; SHAPE 2x1x8x8; VALUES
                                              ramp (default), zeros, or 3,1,4,...;
                                              bands: 0, 1, 1 and 2, four of each in turns
    arrays.py print FILE                      an .npy or .safetensors as text
    arrays.py png FILE WIDTH HEIGHT [CHANNELS]
    arrays.py safetensors FILE NAME:SHAPE...  f32 tensors of small whole numbers; 2x3 is a shape
    arrays.py same A.npy B.npy                the same shape and bits
    arrays.py near A.npy B.npy                the same shape, within 1e-6 of B's largest number
    arrays.py edit IN OUT drop NAME | rename NAME NEW | reshape NAME SHAPE
    arrays.py bytes FILE HEX...               raw bytes
"""

import ast
import json
import struct
import sys
import zlib

CODES = {"f4": "f", "f8": "d", "u1": "B", "i4": "i", "i8": "q"}
DTYPES = {"F32": "f", "F64": "d", "I32": "i", "I64": "q"}


def product(shape):
    result = 1
    for size in shape:
        result *= size
    return result


def shape_of(text, separator):
    return [int(size) for size in text.split(separator)] if text else []


def ramp(count, code):
    """Values that differ: 0..255 for bytes, else from -1 to 1 in odd steps."""
    if code in "Biq":
        return [i * 7 % 256 if code == "B" else i % 10 for i in range(count)]
    return [((i * 37 + 11) % 201 - 100) / 100 for i in range(count)]


def whole(count):
    """Small whole numbers: with them sums and products are exact."""
    return [float(i * 7 % 5 - 2) for i in range(count)]


def write_npy(path, kind, shape, values):
    code = CODES[kind]
    order = "|" if kind == "u1" else "<"
    inner = "".join(f"{size}, " for size in shape)
    header = f"{{'descr': '{order}{kind}', 'fortran_order': False, 'shape': ({inner}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    data = struct.pack(f"<{len(values)}{code}", *values)
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


def read_npy(path):
    with open(path, "rb") as file:
        content = file.read()
    assert content[:8] == b"\x93NUMPY\x01\x00", content[:8]
    end = 10 + struct.unpack("<H", content[8:10])[0]
    header = ast.literal_eval(content[10:end].decode())
    values = struct.unpack(
        f"<{product(header['shape'])}{CODES[header['descr'][1:]]}", content[end:]
    )
    return list(header["shape"]), list(values)


def read_safetensors(path):
    """name -> (dtype, shape, values), in the file's order."""
    with open(path, "rb") as file:
        content = file.read()
    end = 8 + struct.unpack("<Q", content[:8])[0]
    tensors = {}
    for name, entry in json.loads(content[8:end]).items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        code = DTYPES[entry["dtype"]]
        values = struct.unpack(
            f"<{product(entry['shape'])}{code}", content[end + first : end + last]
        )
        tensors[name] = (entry["dtype"], entry["shape"], list(values))
    return tensors


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, (dtype, shape, values) in tensors.items():
        piece = struct.pack(f"<{len(values)}{DTYPES[dtype]}", *values)
        offsets = [len(data), len(data) + len(piece)]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        data += piece
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def write_png(path, width, height, channels):
    pixels = ramp(width * height * channels, "B")
    row = width * channels
    rows = b"".join(b"\0" + bytes(pixels[y * row : (y + 1) * row]) for y in range(height))

    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    size = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2}[channels], 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size))
        file.write(chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def edit(source, target, action, name, *rest):
    tensors = read_safetensors(source)
    dtype, shape, values = tensors.pop(name)
    if action == "rename":
        tensors[rest[0]] = (dtype, shape, values)
    if action == "reshape":
        tensors[name] = (dtype, shape_of(rest[0], "x"), values)
    write_safetensors(target, tensors)


def main(words):
    command, path, *rest = words
    if command == "npy":
        shape = shape_of(rest[1], "x")
        what = rest[2] if len(rest) > 2 else "ramp"
        values = [0] * product(shape) if what == "zeros" else ramp(product(shape), CODES[rest[0]])
        if what == "bands":
            values = [(i // 4 % 4 + 1) // 2 for i in range(product(shape))]
        elif what not in ("zeros", "ramp"):
            values = [int(value) for value in what.split(",")]
        write_npy(path, rest[0], shape, values)
    elif command == "print" and path.endswith(".npy"):
        shape, values = read_npy(path)
        print(shape, *(f"{value:.6g}" for value in values))
    elif command == "print":
        for name, (dtype, shape, values) in read_safetensors(path).items():
            print(name, dtype, shape, *(f"{value:.6g}" for value in values[:4]))
    elif command == "png":
        write_png(path, int(rest[0]), int(rest[1]), int(rest[2]) if len(rest) > 2 else 1)
    elif command == "safetensors":
        shapes = {name: shape_of(shape, "x") for name, shape in (r.split(":") for r in rest)}
        write_safetensors(path, {name: ("F32", s, whole(product(s))) for name, s in shapes.items()})
    elif command == "same":
        if (a := read_npy(path)) != (b := read_npy(rest[0])):
            sys.exit(f"they differ: {a[0]} {a[1][:8]} ... and {b[0]} {b[1][:8]} ...")
    elif command == "near":
        (a, first), (b, second) = read_npy(path), read_npy(rest[0])
        largest = max((abs(value) for value in second), default=0)
        if a != b or any(not abs(x - y) <= 1e-6 * largest for x, y in zip(first, second)):
            sys.exit(f"they differ: {a} {first[:8]} ... and {b} {second[:8]} ...")
    elif command == "edit":
        edit(path, *rest)
    elif command == "bytes":
        with open(path, "wb") as file:
            file.write(bytes.fromhex("".join(rest)))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])

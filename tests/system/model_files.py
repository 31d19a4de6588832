"""Small files of formats that are protobuf messages, written without the libraries that define them."""

import struct


def varint(number):
    number &= (1 << 64) - 1
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def message(*fields):
    """Fields as (number, value): a whole number, a float (a double), text, or the bytes of a message."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        elif isinstance(value, float):
            out += varint(number << 3 | 1) + struct.pack("<d", value)
        else:
            value = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def onnx_value(name, kind, sizes):
    """A ValueInfoProto; a size is a number, a name or None."""
    dimensions = [(1, message((1, size)) if isinstance(size, int) else message((2, size)) if size else b"") for size in sizes]
    return message((1, name), (2, message((1, message((1, kind), (2, message(*dimensions)))))))


def onnx(inputs, outputs, weights=()):
    """A model whose weights are inputs too, as before IR version 4."""
    graph = [(2, "graph"), (1, message((4, "Gemm")))]
    graph += [(5, message((1, 4), (2, 1), (8, name))) for name in weights]
    graph += [(11, value) for value in inputs]
    graph += [(11, onnx_value(name, 1, [4])) for name in weights]
    graph += [(12, value) for value in outputs]
    return message((1, 3), (2, "pytorch"), (3, "1.13"), (7, message(*graph)), (8, message((2, 9))))


def saved_model(version, inputs, outputs):
    """inputs and outputs: name -> (type's number, sizes)."""

    def side(number, tensors):
        for name, (kind, sizes) in tensors.items():
            shape = message(*((2, message((1, size))) for size in sizes))
            yield number, message((1, name), (2, message((1, f"{name}:0"), (2, kind), (3, shape))))

    signature = message(*side(1, inputs), *side(2, outputs), (3, "tensorflow/serving/predict"))
    info = message((4, "serve"), (5, version))
    return message((1, 1), (2, message((1, info), (5, message((1, "serving_default"), (2, signature))))))


def statistics(rows, numbers=(), texts=()):
    """Statistics of one data set. numbers: name -> ascending values, which become ten buckets of the same size;
    texts: name -> {text: count}."""
    features = []
    for name, values in dict(numbers).items():
        values = sorted(values)
        cuts = [values[round(i * (len(values) - 1) / 10)] for i in range(11)]
        buckets = [(3, message((1, float(a)), (2, float(b)), (4, rows / 10))) for a, b in zip(cuts, cuts[1:])]
        mean = sum(values) / len(values)
        deviation = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        common = message((1, rows), (4, 1))
        stats = message((1, common), (2, mean), (3, deviation), (5, float(values[0])), (7, float(values[-1])), (8, message(*buckets, (4, 1))))
        features.append((3, message((1, name), (2, 1), (3, stats))))
    for name, counts in dict(texts).items():
        ranks = [(1, message((1, i), (2, i), (4, text), (5, float(count)))) for i, (text, count) in enumerate(counts.items())]
        common = message((1, sum(counts.values())), (4, 1))
        stats = message((1, common), (2, len(counts)), (5, message(*ranks)))
        features.append((3, message((1, name), (2, 2), (4, stats))))
    return message((1, message((2, rows), *features)))

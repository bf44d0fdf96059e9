"""A net of netlist.py as an ONNX file, for the peers that read one."""

import os


def write(net, parameters, batch, folder):
    """The path of the file in `folder`."""
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper

    nodes, initializers, names = [], [], ["image"]

    def constant(name, value):
        initializers.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    for place, (node, values) in enumerate(zip(net.nodes, parameters)):
        if node.op == "image":
            continue
        operands = [names[operand] for operand in node.inputs]
        order = ("weight", "bias", "running_mean", "running_var")
        operands += [constant(f"n{place}.{name}", values[name]) for name in order if name in values]
        if node.op == "relu6":
            operands += [constant(f"n{place}.least", 0), constant(f"n{place}.most", 6)]
        kind, attributes = described(node)
        names.append("logits" if place == len(net.nodes) - 1 else f"v{place}")
        nodes.append(helper.make_node(kind, operands, names[-1:], name=f"n{place}", **attributes))
    graph = helper.make_graph(
        nodes, "net",
        [helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, (batch, *net.nodes[0].shape))],
        [helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, (batch, *net.nodes[-1].shape))],
        initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    path = os.path.join(folder, "net.onnx")
    onnx.save(model, path)
    return path


def described(node):
    """The ONNX operator of a node, and its attributes."""
    window = {"kernel_shape": [node.kernel] * 2, "strides": [node.stride] * 2, "pads": [node.pad] * 4}
    return {
        "conv": ("Conv", {**window, "group": node.groups}),
        "fc": ("Gemm", {"transB": 1}),
        "bn": ("BatchNormalization", {"epsilon": 1e-5}),
        "maxpool": ("MaxPool", window),
        "avgpool": ("AveragePool", window),
        "gavgpool": ("GlobalAveragePool", {}),
        "flatten": ("Flatten", {"axis": 1}),
        "add": ("Add", {}),
        "relu": ("Relu", {}),
        "relu6": ("Clip", {}),
        "tanh": ("Tanh", {}),
    }[node.op]

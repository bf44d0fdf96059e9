"""The nets of the yardstick, for the peers: each a list of nodes with shapes, parameters and multiply-adds.

A node names its operands by their places in the list; node 0 is the image. The nets are those of the texts
in FILES, which cnnc compiles: `bench/nets --self-check` compares parameters and multiply-adds. Dropout is
left out: random numbers are not what is compared.
"""

import math
import os
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.path.join(HERE, "..", "examples")


@dataclass
class Node:
    op: str
    inputs: tuple
    shape: tuple  # of the result, without the batch
    kernel: int = 1
    stride: int = 1
    pad: int = 0
    groups: int = 1
    params: dict = field(default_factory=dict)  # name to shape, as PyTorch names and orders them
    macs: int = 0


class Net:
    """Builds the list of nodes; each method appends one and returns its place."""

    def __init__(self, *image):
        self.nodes = [Node("image", (), image)]

    def append(self, op, inputs, shape, **more):
        self.nodes.append(Node(op, tuple(inputs), tuple(shape), **more))
        return len(self.nodes) - 1

    def window(self, x, out, kernel, stride, pad):
        _, *sizes = self.nodes[x].shape
        return (out, *((size + 2 * pad - kernel) // stride + 1 for size in sizes))

    def conv(self, x, out, kernel, stride=1, pad=0, groups=1, bias=True):
        shape = self.window(x, out, kernel, stride, pad)
        params = {"weight": (out, self.nodes[x].shape[0] // groups, kernel, kernel)}
        macs = math.prod(params["weight"]) * shape[1] * shape[2]
        params.update({"bias": (out,)} if bias else {})
        return self.append("conv", [x], shape, kernel=kernel, stride=stride, pad=pad, groups=groups, params=params,
                           macs=macs)

    def pool(self, op, x, kernel, stride, pad=0):
        shape = self.window(x, self.nodes[x].shape[0], kernel, stride, pad)
        return self.append(op, [x], shape, kernel=kernel, stride=stride, pad=pad)

    def bn(self, x):
        shape = self.nodes[x].shape
        names = ("weight", "bias", "running_mean", "running_var")
        return self.append("bn", [x], shape, params={name: shape[:1] for name in names})

    def act(self, op, x):
        return self.append(op, [x], self.nodes[x].shape)

    def fc(self, x, out):
        if len(self.nodes[x].shape) > 1:
            x = self.append("flatten", [x], [math.prod(self.nodes[x].shape)])
        params = {"weight": (out, self.nodes[x].shape[0]), "bias": (out,)}
        return self.append("fc", [x], [out], params=params, macs=math.prod(params["weight"]))

    def mean(self, x):
        return self.append("gavgpool", [x], (self.nodes[x].shape[0], 1, 1))

    def add(self, x, y):
        return self.append("add", [x, y], self.nodes[x].shape)

    def conv_bn(self, x, *arguments, act="relu", **more):
        x = self.bn(self.conv(x, *arguments, bias=False, **more))
        return self.act(act, x) if act else x

    def parameters(self):
        """How many numbers are trained."""
        return sum(math.prod(shape) for node in self.nodes for name, shape in node.params.items()
                   if not name.startswith("running"))

    def macs(self):
        return sum(node.macs for node in self.nodes)


def lenet5():
    net = Net(1, 28, 28)
    x = 0
    for out, pad in ((6, 2), (16, 0)):
        x = net.pool("avgpool", net.act("tanh", net.conv(x, out, 5, pad=pad)), 2, 2)
    for out in (120, 84):
        x = net.act("tanh", net.fc(x, out))
    net.fc(x, 10)
    return net


def textbook():
    net = Net(3, 32, 32)
    x = 0
    for _ in range(3):
        for _ in range(2):
            x = net.act("relu", net.conv(x, 32, 3, pad=1))
        x = net.pool("maxpool", x, 2, 2)
    net.fc(net.act("relu", net.fc(x, 10)), 10)
    return net


def cifar_vgg():
    net = Net(3, 32, 32)
    x = 0
    for width, repeat in ((64, 2), (128, 2), (256, 3), (512, 3)):
        for _ in range(repeat):
            x = net.conv_bn(x, width, 3, pad=1)
        x = net.pool("maxpool", x, 2, 2)
    net.fc(net.act("relu", net.fc(x, 512)), 10)
    return net


def vgg16():
    net = Net(3, 224, 224)
    x = 0
    for width, repeat in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(repeat):
            x = net.act("relu", net.conv(x, width, 3, pad=1))
        x = net.pool("maxpool", x, 2, 2)
    for out in (4096, 4096):
        x = net.act("relu", net.fc(x, out))
    net.fc(x, 1000)
    return net


def alexnet():
    net = Net(3, 224, 224)
    x = net.pool("maxpool", net.act("relu", net.conv(0, 64, 11, 4, 2)), 3, 2)
    x = net.pool("maxpool", net.act("relu", net.conv(x, 192, 5, pad=2)), 3, 2)
    for width in (384, 256, 256):
        x = net.act("relu", net.conv(x, width, 3, pad=1))
    x = net.pool("maxpool", x, 3, 2)
    for out in (4096, 4096):
        x = net.act("relu", net.fc(x, out))
    net.fc(x, 1000)
    return net


def resnet(depths, bottleneck):
    net = Net(3, 224, 224)
    x = net.pool("maxpool", net.conv_bn(0, 64, 7, 2, 3), 3, 2, 1)
    for stage, depth in enumerate(depths):
        width = 64 << stage
        out = 4 * width if bottleneck else width
        for block in range(depth):
            stride = 2 if stage and not block else 1
            if bottleneck:  # the stride stands at the 3x3
                y = net.conv_bn(net.conv_bn(x, width, 1), width, 3, stride, 1)
                y = net.conv_bn(y, out, 1, act=None)
            else:
                y = net.conv_bn(net.conv_bn(x, width, 3, stride, 1), out, 3, 1, 1, act=None)
            changes = stride > 1 or net.nodes[x].shape[0] != out
            skip = net.conv_bn(x, out, 1, stride, act=None) if changes else x
            x = net.act("relu", net.add(y, skip))
    net.fc(net.mean(x), 1000)
    return net


def mobilenet_v1():
    net = Net(3, 224, 224)
    x = net.conv_bn(0, 32, 3, 2, 1)
    stages = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]
    for out, stride in stages:
        width = net.nodes[x].shape[0]
        x = net.conv_bn(net.conv_bn(x, width, 3, stride, 1, groups=width), out, 1)
    net.fc(net.mean(x), 1000)
    return net


def mobilenet_v2():
    net = Net(3, 224, 224)
    x = net.conv_bn(0, 32, 3, 2, 1, act="relu6")
    stages = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expansion, out, repeat, first in stages:
        for block in range(repeat):
            stride, width = (1 if block else first), net.nodes[x].shape[0]
            y = net.conv_bn(x, expansion * width, 1, act="relu6") if expansion > 1 else x
            y = net.conv_bn(y, expansion * width, 3, stride, 1, groups=expansion * width, act="relu6")
            y = net.conv_bn(y, out, 1, act=None)
            x = net.add(y, x) if stride == 1 and out == width else y
    net.fc(net.mean(net.conv_bn(x, 1280, 1, act="relu6")), 1000)
    return net


NETS = {
    "lenet5": lenet5,
    "textbook": textbook,
    "cifar-vgg": cifar_vgg,
    "vgg16": vgg16,
    "alexnet": alexnet,
    "resnet18": lambda: resnet((2, 2, 2, 2), bottleneck=False),
    "resnet50": lambda: resnet((3, 4, 6, 3), bottleneck=True),
    "mobilenet-v1": mobilenet_v1,
    "mobilenet-v2": mobilenet_v2,
}


def path(name):
    """The net's text: the example's, unless its training section is missing or has dropout before it."""
    own = os.path.join(HERE, "networks", name + ".cnn")
    return own if os.path.exists(own) else os.path.normpath(os.path.join(EXAMPLES, name + ".cnn"))

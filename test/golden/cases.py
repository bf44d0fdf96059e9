"""A case of a golden net: its text in the language, and what PyTorch makes of it."""

import dataclasses
import re

import torch
from torch import nn
from torch.nn import functional


@dataclasses.dataclass
class Case:
    """In `chain` and `loss`, x, x1, x2 stand for the inputs, y for the chain's result, t for the target."""

    name: str
    chain: str
    module: nn.Module
    inputs: list  # shapes
    before: str = ""  # a statement in front of the chain
    scale: float = 1.0  # of the inputs
    whole: bool = False  # small whole numbers as inputs, so that there are ties
    loss: str = "mse(y, t)"
    target: str = ""  # its type: class(…), or bits for 0 and 1; x2: no target; else numbers of y's size
    measure: object = functional.mse_loss

    def input_names(self):
        several = len(self.inputs) > 1
        return [f"{self.name}_x{i if several else ''}" for i in range(1, len(self.inputs) + 1)]

    def text(self, template):
        """The template with this case's names."""
        return re.sub(r"\b([xyt]\d?)\b", rf"{self.name}_\1", template)


def layer(name, shape, text, module, **more):
    """A layer, which the net names as the case if it has parameters."""
    name_it = f" @name({name})" if module.state_dict() else ""
    step, space, rest = text.partition(" @")
    return Case(name, f"x -> {step}{name_it}{space}{rest}", module, [shape], **more)


def join(name, shapes, text, function, **more):
    """Tensors x1, x2, … that a layer joins."""
    names = ", ".join(f"x{i}" for i in range(1, len(shapes) + 1))
    return Case(name, f"({names}) -> {text}", Formula(function), shapes, **more)


class Formula(nn.Module):
    """What has no parameters."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


def formula(name, shape, text, function, **more):
    return layer(name, shape, text, Formula(function), **more)


class Padded(nn.Conv2d):
    """A convolution behind zeros (or, where negative, cut off): left, right, top, bottom."""

    def __init__(self, pads, *arguments, **more):
        super().__init__(*arguments, **more)
        self.pads = pads

    def forward(self, x):
        return super().forward(functional.pad(x, self.pads))


class Cropped(nn.ConvTranspose2d):
    """A transposed convolution that loses positions: left, right, top, bottom."""

    def __init__(self, crops, *arguments, **more):
        super().__init__(*arguments, **more)
        self.crops = crops

    def forward(self, x):
        return functional.pad(super().forward(x), [-crop for crop in self.crops])


class FlatLinear(nn.Linear):
    """Of a map, in row-major order."""

    def forward(self, x):
        return super().forward(x.flatten(1))


class Shared(nn.Conv2d):
    """One convolution, used twice."""

    def forward(self, a, b):
        return super().forward(a) - super().forward(b)


class PerPosition(nn.LayerNorm):
    """Over the channels of each position."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


class ChannelScale(nn.Module):
    """One factor a channel."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        return x * self.weight.view(-1, *[1] * (x.dim() - 2))


class Frozen(nn.BatchNorm2d):
    """Trains nothing, and normalizes with its running statistics in training."""

    def __init__(self, channels):
        super().__init__(channels)
        self.requires_grad_(False)

    def train(self, mode=True):
        return super().train(False)


class Windows(nn.Module):
    """A pool by its definition, for what PyTorch's do not take.

    `pads` is ((top, bottom), (left, right)); a window that starts behind the input and its
    padding in front is dropped, as by PyTorch's ceil_mode.
    """

    def __init__(self, kind, k, stride=None, pads=((0, 0), (0, 0)), dilation=1, ceil=False, count_pad=False):
        super().__init__()
        self.kind, self.k, self.stride, self.pads = kind, k, stride or k, pads
        self.dilation, self.ceil, self.count_pad = dilation, ceil, count_pad

    def overhang(self, size, pads):
        extent = self.dilation * (self.k - 1) + 1
        rest = size + sum(pads) - extent
        count = (-(-rest // self.stride) if self.ceil else rest // self.stride) + 1
        if self.ceil and (count - 1) * self.stride >= size + pads[0]:
            count -= 1
        return max((count - 1) * self.stride - rest, 0)

    def windows(self, x, in_padding, in_overhang):
        (top, bottom), (left, right) = self.pads
        below, beside = (self.overhang(size, pads) for size, pads in zip(x.shape[2:], self.pads))
        x = functional.pad(x, (left, right, top, bottom), value=in_padding)
        x = functional.pad(x, (0, beside, 0, below), value=in_overhang)
        extent = self.dilation * (self.k - 1) + 1
        x = x.unfold(2, extent, self.stride).unfold(3, extent, self.stride)
        return x[..., :: self.dilation, :: self.dilation].flatten(-2)

    def forward(self, x):
        if self.kind == "max":
            return self.windows(x, -torch.inf, -torch.inf).max(-1).values
        if self.kind == "l2":
            return self.windows(x, 0, 0).square().sum(-1).sqrt()
        counts = self.windows(torch.ones_like(x), float(self.count_pad), 0).sum(-1)
        return self.windows(x, 0, 0).sum(-1) / counts

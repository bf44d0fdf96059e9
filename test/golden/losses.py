"""Every loss of the language with its variants, beside the same in PyTorch."""

from cases import Case, Formula
from torch import nn
from torch.nn import functional


def hinge(scores, label):
    """The sum over wrong classes; PyTorch divides it by the number of classes."""
    scores = scores.movedim(1, -1).flatten(0, -2)
    return scores.shape[1] * functional.multi_margin_loss(scores, label.flatten())


def smooth(scores, label):
    return functional.cross_entropy(scores, label, label_smoothing=0.1)


def huber(delta):
    return lambda y, t: functional.huber_loss(y, t, delta=delta)


DENSE = [4, 3, 5]
CLASS, CLASSES = "class(5)", "class(4, 3, 5)"


def loss(name, shape, text, measure, target="", layer="id", module=None):
    return Case(name, f"x -> {layer}", module or Formula(lambda x: x), [shape], loss=text, target=target,
                measure=measure)


def between(name, text, measure):
    """A loss of two tensors of the net: both get a gradient."""
    return Case(name, "x1 -> id", Formula(lambda a, b: a), [DENSE, DENSE], loss=text, target="x2", measure=measure)


LOSSES = [
    loss("entropy", [5], "xent(y, t)", functional.cross_entropy, CLASS),
    loss("entropy_smooth", [5], "xent(y, t, smooth=0.1)", smooth, CLASS),
    loss("entropy_dense", DENSE, "xent(y, t)", functional.cross_entropy, CLASSES),
    loss("entropy_dense_smooth", DENSE, "xent(y, t, smooth=0.1)", smooth, CLASSES),
    loss("likelihood", [5], "nll(y, t)", functional.nll_loss, CLASS, "logsoftmax", nn.LogSoftmax(1)),
    loss("likelihood_dense", DENSE, "nll(y, t)", functional.nll_loss, CLASSES, "logsoftmax", nn.LogSoftmax(1)),
    loss("margins", [5], "hinge(y, t)", hinge, CLASS),
    loss("margins_dense", DENSE, "hinge(y, t)", hinge, CLASSES),
    loss("bits", [5], "bce(y, t)", functional.binary_cross_entropy_with_logits, "bits"),
    loss("bits_dense", DENSE, "bce(y, t)", functional.binary_cross_entropy_with_logits, "bits"),
    loss("squares", [5], "mse(y, t)", functional.mse_loss),
    loss("squares_turned", DENSE, "mse(t, y)", functional.mse_loss),
    loss("distances", [5], "mae(y, t)", functional.l1_loss),
    loss("distances_dense", DENSE, "mae(y, t)", functional.l1_loss),
    loss("huber_case", DENSE, "huber(y, t)", huber(1.0)),
    loss("huber_narrow", DENSE, "huber(y, t, delta=0.3)", huber(0.3)),
    between("squares_between", "mse(y, x2)", functional.mse_loss),
    between("distances_between", "mae(y, x2)", functional.l1_loss),
    between("huber_between", "huber(y, x2, delta=0.5)", huber(0.5)),
]

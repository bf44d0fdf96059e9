"""Three small nets, and the optimizers that train them."""

import torch
from torch import nn
from torch.nn import functional

STEPS, IMAGES = 5, 20
# Each tenth image is for testing. A batch holds all others, so their order does not matter.
TRAINING = [i for i in range(IMAGES) if i % 10 != 9]
TESTING = [i for i in range(IMAGES) if i % 10 == 9]

PERCEPTRON = """\
net Perceptron {
  input x : [8]
  let y = x -> fc(6) @lr(0.5) -> tanh -> fc(5) -> sigmoid -> fc(3)
  output y
}
train Perceptron {
  target t : [3]
  loss = mse(y, t)
"""


class Perceptron(nn.Module):
    shape, factors = [8], {"fc1": 0.5}

    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(8, 6), nn.Linear(6, 5), nn.Linear(5, 3)

    def forward(self, x):
        return self.fc3(self.fc2(self.fc1(x).tanh()).sigmoid())

    def loss(self, y, t):
        return functional.mse_loss(y, t)


CONVNET = """\
net Convnet {
  input x : [2, 8, 8]
  let y = x -> conv(4, 3, pad=1, bias=false) -> bn -> relu -> maxpool(2)
    -> conv(6, 3) @frozen -> relu -> conv(4, 2, bias=false) @lr(0.1) -> bn(momentum=0.3) -> silu
    -> fc(4)
  output y
}
train Convnet {
  target t : class(4)
  loss = xent(y, t)
"""


class Convnet(nn.Module):
    shape, factors = [2, 8, 8], {"conv3": 0.1}

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 6, 3).requires_grad_(False)
        self.conv3, self.bn2 = nn.Conv2d(6, 4, 2, bias=False), nn.BatchNorm2d(4, momentum=0.3)
        self.fc1 = nn.Linear(4, 4)

    def forward(self, x):
        x = functional.max_pool2d(self.bn1(self.conv1(x)).relu(), 2)
        x = functional.silu(self.bn2(self.conv3(self.conv2(x).relu())))
        return self.fc1(x.flatten(1))

    def loss(self, y, t):
        return functional.cross_entropy(y, t)


RESIDUAL = """\
block Basic(c) {
  in -> ( conv(c, 3, pad=1, bias=false) -> bn -> relu | id ) -> add -> prelu(shared=false)
}
block Split(c) {
  in -> ( conv(c, 1) -> gelu | maxpool(2) -> upsample(2) | dwconv(3, pad=1) ) -> concat
}
net Residual {
  input x : [2, 6, 6]
  let y = x -> conv(4, 3, pad=1) -> bn @frozen -> Basic(4) @lr(0.5) -> Split(3) -> gavgpool -> fc(4)
  output y
}
train Residual {
  target t : class(4)
  loss = xent(y, t, smooth=0.1)
"""


class Basic(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        self.prelu1 = nn.PReLU(channels)

    def forward(self, x):
        return self.prelu1(self.bn1(self.conv1(x)).relu() + x)


class Split(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1, self.dwconv1 = nn.Conv2d(4, channels, 1), nn.Conv2d(4, 4, 3, padding=1, groups=4)

    def forward(self, x):
        pooled = functional.interpolate(functional.max_pool2d(x, 2), scale_factor=2)
        return torch.cat([functional.gelu(self.conv1(x)), pooled, self.dwconv1(x)], 1)


class Residual(nn.Module):
    shape, factors = [2, 6, 6], {"Basic1": 0.5}

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4).requires_grad_(False)
        self.Basic1, self.Split1 = Basic(4), Split(3)
        self.fc1 = nn.Linear(11, 4)

    def train(self, mode=True):
        super().train(mode)
        self.bn1.eval()
        return self

    def forward(self, x):
        x = self.Split1(self.Basic1(self.bn1(self.conv1(x))))
        return self.fc1(x.mean((2, 3)))

    def loss(self, y, t):
        return functional.cross_entropy(y, t, label_smoothing=0.1)


# Only cnnc train, of the driver, measures the loss of the test images.
MEASURED = {"train-perceptron"}
NETS = {
    "train-perceptron": (PERCEPTRON, Perceptron),
    "train-convnet": (CONVNET, Convnet),
    "train-residual": (RESIDUAL, Residual),
}

# The language's text, the class of PyTorch, its arguments; lr is the first one's.
OPTIMIZERS = [
    ("sgd(lr=0.1)", torch.optim.SGD, {"lr": 0.1}),
    ("sgd(lr=0.1, momentum=0.9)", torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    ("sgd(lr=0.1, momentum=0.8, nesterov=true, decay=0.05)", torch.optim.SGD,
     {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05}),
    ("adam(lr=0.01)", torch.optim.Adam, {"lr": 0.01}),
    ("adam(lr=0.01, beta1=0.8, beta2=0.95, eps=1e-4, decay=0.1)", torch.optim.Adam,
     {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.1}),
    ("adamw(lr=0.01)", torch.optim.AdamW, {"lr": 0.01}),
    ("adamw(lr=0.01, decay=0.3)", torch.optim.AdamW, {"lr": 0.01, "weight_decay": 0.3}),
    ("rmsprop(lr=0.005)", torch.optim.RMSprop, {"lr": 0.005}),
    ("rmsprop(lr=0.005, alpha=0.9, eps=1e-4, momentum=0.7, decay=0.1)", torch.optim.RMSprop,
     {"lr": 0.005, "alpha": 0.9, "eps": 1e-4, "momentum": 0.7, "weight_decay": 0.1}),
    ("adagrad(lr=0.05)", torch.optim.Adagrad, {"lr": 0.05}),
    ("adagrad(lr=0.05, eps=1e-4, decay=0.1)", torch.optim.Adagrad,
     {"lr": 0.05, "eps": 1e-4, "weight_decay": 0.1}),
]

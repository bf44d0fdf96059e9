//===- resolution-oracle.cpp - Pads, joins and resolutions by formulas ----===//

#include "test/compiler/Autodiff/Oracle.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace cnnc::test;
using llvm::ArrayRef;

static Tensor resultOf(Operation *op) {
  return Tensor(cast<RankedTensorType>(op->getResult(0).getType()).getShape());
}

static Tensor pad(cnn::PadOp op, const Tensor &x) {
  Tensor y = resultOf(op);
  for (int64_t i = 0; i < int64_t(y.values.size()); ++i) {
    std::vector<int64_t> position = coordinates(y.shape, i);
    bool isInside = true;
    for (auto [dim, at] : llvm::enumerate(position)) {
      at -= op.getLow()[dim];
      isInside &= at >= 0 && at < x.size(dim);
    }
    if (isInside)
      y.values[i] = x.values[number(x.shape, position)];
  }
  return y;
}

static Tensor concat(cnn::ConcatOp op, ArrayRef<Tensor> inputs) {
  Tensor y = resultOf(op);
  for (int64_t i = 0; i < int64_t(y.values.size()); ++i) {
    std::vector<int64_t> position = coordinates(y.shape, i);
    size_t input = 0;
    while (position[1] >= inputs[input].size(1))
      position[1] -= inputs[input++].size(1);
    y.values[i] = inputs[input].values[number(inputs[input].shape, position)];
  }
  return y;
}

/// Calls `body` with every position (n, c, p, q) of an image.
template <typename Body> static void forEach(const Tensor &image, Body body) {
  for (int64_t n = 0; n < image.size(0); ++n)
    for (int64_t c = 0; c < image.size(1); ++c)
      for (int64_t p = 0; p < image.size(2); ++p)
        for (int64_t q = 0; q < image.size(3); ++q)
          body(n, c, p, q);
}

static Tensor repeat(cnn::UpsampleOp op, const Tensor &x) {
  Tensor y = resultOf(op);
  int64_t factor = op.getFactor();
  forEach(y, [&](int64_t n, int64_t c, int64_t p, int64_t q) {
    y.at(n, c, p, q) = x.at(n, c, p / factor, q / factor);
  });
  return y;
}

namespace {
/// A share of one position of an axis in another.
struct Share {
  int64_t position;
  double weight;
};
} // namespace

/// Of which of `size` positions output p is mixed, by half-pixel centres.
static std::vector<Share> mixOf(int64_t p, int64_t factor, int64_t size) {
  double centre = (double(p) + 0.5) / double(factor) - 0.5;
  double below = std::floor(centre), above = centre - below;
  auto inside = [&](double at) {
    return at < 0 ? 0 : at > double(size - 1) ? size - 1 : int64_t(at);
  };
  return {{inside(below), 1 - above}, {inside(below + 1), above}};
}

/// Of which of `size` positions window p of `windows` is the mean.
static std::vector<Share> meanOf(int64_t p, int64_t windows, int64_t size) {
  int64_t begin = p * size / windows, end = ((p + 1) * size + windows - 1) / windows;
  std::vector<Share> shares;
  for (int64_t h = begin; h < end; ++h)
    shares.push_back({h, 1.0 / double(end - begin)});
  return shares;
}

/// Every position of `fine` gathers its shares of `coarse`, or gives them back.
template <typename Shares>
static void mix(Tensor &coarse, Tensor &fine, bool adjoint, Shares sharesOf) {
  forEach(fine, [&](int64_t n, int64_t c, int64_t p, int64_t q) {
    for (Share row : sharesOf(p, fine.size(2), coarse.size(2)))
      for (Share column : sharesOf(q, fine.size(3), coarse.size(3))) {
        double weight = row.weight * column.weight;
        if (adjoint)
          coarse.at(n, c, row.position, column.position) += weight * fine.at(n, c, p, q);
        else
          fine.at(n, c, p, q) += weight * coarse.at(n, c, row.position, column.position);
      }
  });
}

template <typename Shares>
static Tensor mixed(Operation *op, const Tensor &x, bool adjoint, Shares sharesOf) {
  Tensor y = resultOf(op), from = x;
  mix(adjoint ? y : from, adjoint ? from : y, adjoint, sharesOf);
  return y;
}

std::optional<Tensor> cnnc::test::evaluateResolution(Operation *op, ArrayRef<Tensor> in) {
  using Result = std::optional<Tensor>;
  auto interpolated = [](int64_t p, int64_t fine, int64_t coarse) {
    return mixOf(p, fine / coarse, coarse);
  };
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](cnn::PadOp o) { return pad(o, in[0]); })
      .Case([&](cnn::ConcatOp o) { return concat(o, in); })
      .Case([&](cnn::UpsampleOp o) {
        return o.getBilinear() ? mixed(op, in[0], false, interpolated) : repeat(o, in[0]);
      })
      .Case([&](cnn::UpsampleAdjointOp) { return mixed(op, in[0], true, interpolated); })
      .Case([&](cnn::AdaptiveAvgPoolOp) { return mixed(op, in[0], false, meanOf); })
      .Case([&](cnn::AdaptiveSpreadOp) { return mixed(op, in[0], true, meanOf); })
      .Default([](Operation *) { return std::nullopt; });
}

//===- CheckNumbers.h - Numbers that checks of gradients run on -------------===//
//
// Every number is a function of the seed and its place, so that a check can be repeated,
// and a point be made again after it was moved.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_CHECKNUMBERS_H
#define CNNC_TOOLS_CHECKNUMBERS_H

#include "tools/cnnc/CheckedCode.h"

namespace cnnc {

/// A stream of random numbers; `stream` tells tensors apart.
class Draw {
public:
  Draw(uint64_t seed, uint64_t stream);
  uint64_t word(uint64_t i) const;
  /// In [low, high).
  double within(uint64_t i, double low, double high) const;
  /// In [-1, 1).
  double direction(uint64_t i) const { return within(i, -1, 1); }
  /// From -most to most, without 0.
  double integer(uint64_t i, int64_t most) const;
  /// Of size low to high, of either sign.
  double nonzero(uint64_t i, double low, double high) const;

private:
  uint64_t key;
};

/// The numbers from -1 to 1 in `count` levels, each with a little noise, in several random
/// orders: what is drawn from one order is distinct.
class Levels {
public:
  Levels(size_t count, const Draw &draw);
  double at(size_t order, size_t rank, uint64_t noise) const;
  /// The least distance of two levels.
  double gap() const;

private:
  std::vector<std::vector<uint32_t>> orders;
  const Draw &draw;
};

/// Fills inputs and parameters of a layer alone. The numbers stay away from kinks and ties;
/// the value is a distance by which all may move at once without meeting one.
double fillLayer(const TypedNet &alone, CheckedCode &code, int64_t batch, uint64_t seed);

/// Where in a net's parameters and inputs its loss is taken. Parameters are as large as
/// those that training starts with, but none is 0.
class NetworkPoint {
public:
  enum Part { Parameters, Inputs };
  NetworkPoint(const TypedNet &net, uint64_t seed)
      : net(net), seed(seed), weights(net.parameters.size(), 1) {}

  /// By what directions move each parameter, of its size.
  void weighParameters(std::vector<double> newWeights) { weights = std::move(newWeights); }

  /// The point itself, or with all numbers of one part moved by `distance`, times their
  /// sizes, along the random direction `number`.
  void fill(CheckedCode &code, Part moved = Parameters, uint64_t number = 0,
            double distance = 0) const;
  /// That direction's component for number `i` of parameter or input `which`.
  double component(Part part, uint64_t number, size_t which, size_t i) const;
  /// Labels, or numbers from 0 to 1, one array a target.
  void fillTargets(llvm::ArrayRef<NumberView> into) const;

private:
  const TypedNet &net;
  uint64_t seed;
  std::vector<double> weights;
};

} // namespace cnnc

#endif // CNNC_TOOLS_CHECKNUMBERS_H

//===- ReceptiveField.h - How much of the input a position sees -----------===//
#ifndef CNNC_TOOLS_RECEPTIVEFIELD_H
#define CNNC_TOOLS_RECEPTIVEFIELD_H

#include "compiler/Frontend/TypedAST.h"

namespace cnnc {

/// The receptive field of every tensor of a net.
class ReceptiveFields {
public:
  explicit ReceptiveFields(const TypedNet &net);
  /// Input positions on H and W that one position depends on, at most all. Of a join it
  /// is the largest of its inputs'.
  std::array<int64_t, 2> of(TensorId id) const;

private:
  /// Positions that lie x apart read positions below that lie floor((a*x + b)/c) apart.
  struct Map {
    int64_t a = 1, b = 0, c = 1;
  };
  /// Along one axis: the maps from a tensor to the input, the last of them first.
  struct Sight {
    Map map;
    int64_t parent = -1; ///< in `chain`; -1: `map` ends at the input
    int64_t whole = 1;   ///< positions of the input
  };

  void compose(Sight &sight, Map inner);
  int64_t spanOf(const Sight &sight, int64_t span) const;
  Sight join(const Layer &layer, unsigned axis) const;
  Map mapOf(const Layer &layer, unsigned axis, int64_t whole) const;
  int64_t positions(TensorId id, unsigned axis) const;

  const TypedNet &net;
  std::vector<std::array<Sight, 2>> fields;
  std::vector<Sight> chain;
};

} // namespace cnnc

#endif // CNNC_TOOLS_RECEPTIVEFIELD_H

//===- FaultSearch.h - The layer at which values begin to differ ------------===//
#ifndef CNNC_TOOLS_FAULTSEARCH_H
#define CNNC_TOOLS_FAULTSEARCH_H

#include "tools/cnnc/Verification.h"

namespace cnnc {

/// How the code of a phase is made.
struct Suspect {
  PipelineOptions pipeline;
  Effort effort;
};

/// Runs networks in which ever fewer values are looked at until the layer is found. All values
/// at once would hide a fault of fusion: what is looked at is not fused.
class FaultSearch {
public:
  FaultSearch(const TypedNet &net, const Sources &sources, const VerifyOptions &options,
              const NetData &data, const Tolerance &tolerance, const Suspect &suspect)
      : net(net), sources(sources), options(options), data(data), tolerance(tolerance),
        suspect(suspect) {}

  /// Where `seen`, a difference in what `entry` computes, comes from.
  Result<Fault> find(Entry entry, const Difference &seen, bool isGradientMoved);

private:
  /// What is looked at after `position` steps: the layers in their order, the loss, the layers
  /// backwards.
  struct View {
    std::vector<TensorId> values, gradients;
    bool loss = false;
    std::optional<size_t> firstLayer; ///< backwards: the layers from this one are done
  };
  View viewAfter(size_t position) const;
  Result<Comparison> compareAt(Entry entry, size_t position) const;
  bool isInView(const View &view, const ComputedTensor &tensor) const;
  std::string probeName(const View &view, uint32_t probe) const;
  Fault faultAt(Entry entry, size_t position, Difference difference) const;
  /// The layers that read a tensor: the first and whether there is one.
  std::optional<size_t> firstReader(TensorId id) const;
  bool isKept(TensorId id, size_t layersDone) const;

  const TypedNet &net;
  const Sources &sources;
  const VerifyOptions &options;
  const NetData &data;
  const Tolerance &tolerance;
  const Suspect &suspect;
};

} // namespace cnnc

#endif // CNNC_TOOLS_FAULTSEARCH_H

//===- Explanation.h - Which kernels a network becomes, and why -------------===//
#ifndef CNNC_TOOLS_EXPLANATION_H
#define CNNC_TOOLS_EXPLANATION_H

#include "compiler/Support/KernelFacts.h"
#include "tools/cnnc/Verbs.h"

namespace cnnc {

/// An element-wise op, or another kernel, that reads the result of a kernel.
struct FusionEdge {
  OpPlace kernel, user;
  bool isFused;
  std::string reason; ///< why it is not fused

  bool operator==(const FusionEdge &) const = default;
};

/// A layer in one direction.
struct ExplainedLayer {
  OpPlace place;
  std::string kind;      ///< conv, relu, …; loss, optimizer; empty for other ops
  std::string direction; ///< as `cnnc bench` names it: forward, data, weights, update or other
  std::string layout;
  std::vector<KernelFacts> kernels;
  const FusionEdge *host = nullptr; ///< of what runs in another layer's kernel
  std::optional<double> measured;   ///< share of peak
};

class Explanation {
public:
  /// Runs the phases up to Tiling. Nothing where they fail, which prints why; `exit` says how the
  /// process ends.
  static std::optional<Explanation> of(const ParsedNet &parsed, const IRGenOptions &irgen,
                                       const PipelineOptions &pipeline, int &exit);

  /// In the order in which they run.
  std::vector<ExplainedLayer> layers;
  /// Each once, as the last of several attempts decided. `layers` point to them.
  std::vector<FusionEdge> edges;

private:
  void addLayersWithoutKernels(const ParsedNet &parsed, const LayoutTexts &layouts);
  ExplainedLayer &layerAt(const OpPlace &place, const TypedNet &net, const LayoutTexts &layouts);
};

} // namespace cnnc

#endif // CNNC_TOOLS_EXPLANATION_H

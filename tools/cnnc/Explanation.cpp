//===- Explanation.cpp - Which kernels a network becomes, and why ---------===//

#include "tools/cnnc/Explanation.h"

#include "mlir/IR/Remarks.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace cnnc;
namespace remark = mlir::remark;

//===----------------------------------------------------------------------===//
// Edges
//===----------------------------------------------------------------------===//

namespace {

/// Keeps what the pass cnn-fuse-epilogue says.
class EdgeCollector final : public remark::detail::MLIRRemarkStreamerBase {
public:
  explicit EdgeCollector(std::vector<FusionEdge> &edges) : edges(edges) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    FusionEdge edge;
    edge.user = placeOf(remark.getLocation());
    edge.isFused = remark.getRemarkType() == llvm::remarks::Type::Passed;
    for (const remark::detail::Remark::Arg &argument : remark.getArgs())
      if (auto loc = llvm::dyn_cast_if_present<mlir::LocationAttr>(argument.getAttribute()))
        edge.kernel = placeOf(loc);
      else if (!edge.isFused)
        edge.reason = llvm::StringRef(argument.val).split(": ").second.str();
    keep(std::move(edge));
  }

private:
  /// A kernel asks all its users again after each op that it took in: then only what stands in the
  /// way now counts.
  void keep(FusionEdge edge) {
    if (edge.isFused)
      llvm::erase_if(edges, [&](const FusionEdge &other) {
        return !other.isFused && other.kernel == edge.kernel;
      });
    if (!llvm::is_contained(edges, edge))
      edges.push_back(std::move(edge));
  }

  std::vector<FusionEdge> &edges;
};

} // namespace

static bool collectEdges(mlir::MLIRContext &context, std::vector<FusionEdge> &edges) {
  context.disableMultithreading(); // remarks come one after the other
  remark::RemarkCategories categories;
  categories.passed = categories.missed = "cnn-fuse";
  return succeeded(remark::enableOptimizationRemarks(
      context, std::make_unique<EdgeCollector>(edges),
      std::make_unique<remark::RemarkEmittingPolicyAll>(), categories));
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

static const Layer *layerNamed(const TypedNet &net, llvm::StringRef name) {
  auto found = llvm::find_if(net.layers, [&](const Layer &layer) { return layer.name == name; });
  return found == net.layers.end() ? nullptr : &*found;
}

ExplainedLayer &Explanation::layerAt(const OpPlace &place, const TypedNet &net,
                                     const LayoutTexts &layouts) {
  auto isHere = [&](const ExplainedLayer &layer) {
    return layer.place.layer == place.layer && layer.place.direction == place.direction;
  };
  if (auto old = llvm::find_if(layers, isHere); old != layers.end())
    return *old;
  const Layer *layer = layerNamed(net, place.layer);
  // The names that IRGen gives to what is no layer.
  bool isLoss = !layer && place.layer == "loss", isUpdate = !layer && place.layer == "train";
  ExplainedLayer &added = layers.emplace_back();
  added.place = place;
  added.kind = layer ? layer->keyword : isLoss ? "loss" : isUpdate ? "optimizer" : "";
  added.direction = !place.direction.empty() ? place.direction
                    : isUpdate               ? "update"
                    : layer || isLoss        ? "forward"
                                             : "other";
  auto layout = layouts.find({place.layer, place.direction});
  added.layout = layout == layouts.end() ? "plain" : layout->second;
  return added;
}

/// Every layer of the text is listed, behind the one before it in the text.
void Explanation::addLayersWithoutKernels(const ParsedNet &parsed, const LayoutTexts &layouts) {
  size_t next = 0; // where the layer before it ends
  for (const Layer &layer : parsed.net.layers) {
    auto known = llvm::find_if(layers, [&](const ExplainedLayer &other) {
      return other.place.layer == layer.name && other.direction == "forward";
    });
    if (known == layers.end()) {
      const SourceFile &file = parsed.sources.fileOf(layer.range.begin);
      LineColumn at = file.lineColumn(layer.range.begin);
      layerAt({layer.name, "", std::string(file.name()), at.line, at.column}, parsed.net, layouts);
      std::rotate(layers.begin() + next, layers.end() - 1, layers.end());
      known = layers.begin() + next;
    }
    next = size_t(known - layers.begin()) + 1;
  }
}

std::optional<Explanation> Explanation::of(const ParsedNet &parsed, const IRGenOptions &irgen,
                                           const PipelineOptions &pipeline, int &exit) {
  Explanation found;
  std::vector<KernelFacts> kernels;
  LayoutTexts layouts;
  {
    // The context, which keeps the collector, goes before what it writes to.
    Compilation compilation;
    auto failed = [&] {
      exit = static_cast<int>(compilation.exit());
      return std::nullopt;
    };
    mlir::ModuleOp module = compilation.run(parsed, irgen, Phase::Layout, pipeline);
    if (!module)
      return failed();
    layouts = describeLayouts(module);
    if (!collectEdges(compilation.mlirContext(), found.edges))
      return failed();
    module = compilation.run(parsed, irgen, Phase::Tiling, pipeline);
    if (!module)
      return failed();
    kernels = describeKernels(module, pipeline.machine);
  }
  for (const KernelFacts &kernel : kernels) {
    found.layerAt(kernel.place, parsed.net, layouts).kernels.push_back(kernel);
    for (const FusionEdge &edge : found.edges)
      if (edge.isFused && edge.kernel == kernel.place && edge.user != kernel.place)
        found.layerAt(edge.user, parsed.net, layouts).host = &edge;
  }
  found.addLayersWithoutKernels(parsed, layouts);
  return found;
}

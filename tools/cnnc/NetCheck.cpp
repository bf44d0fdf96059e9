//===- NetCheck.cpp - Gradients of all layers of a network ----------------===//

#include "tools/cnnc/NetCheck.h"
#include "compiler/Frontend/Fingerprint.h"
#include "tools/cnnc/LossCheck.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace cnnc;

const LayerReport *NetReport::firstFailure() const {
  for (const std::vector<LayerReport> *reports : {&layers, &loss})
    for (const LayerReport &report : *reports)
      if (!report.passed())
        return &report;
  return nullptr;
}

size_t NetReport::failures() const {
  auto failed = [](const LayerReport &report) { return !report.passed(); };
  return size_t(llvm::count_if(layers, failed) + llvm::count_if(loss, failed));
}

namespace {

/// Checks one part after the other, up to the first that does not compile.
class NetChecker {
public:
  NetChecker(CheckCompiler &compiler, const TypedNet &net, uint64_t seed,
             llvm::function_ref<void(const LayerReport &)> seen)
      : compiler(compiler), net(net), seed(seed), seen(seen) {}

  Result<NetReport> check() {
    auto isBackward = [](const Layer &layer) {
      return std::holds_alternative<BackwardLayer>(layer.kind);
    };
    // What gradients are made of is differentiated where a loss asks for it, as a whole.
    if (!net.train && llvm::any_of(net.layers, isBackward))
      return fail(Exit::Request,
                  "net {}: layers such as {} are checked by the training loss, but there is no "
                  "train section",
                  net.name, llvm::find_if(net.layers, isBackward)->keyword);
    for (const Layer &layer : net.layers)
      if (isBackward(layer) || std::holds_alternative<WeightLayer>(layer.kind))
        continue;
      else if (Status status = take(report.layers, checkOnce(layer)); !status.ok())
        return status;
    if (!net.train)
      return std::move(report);
    for (const LossTerm &term : net.train->loss)
      if (Status status = take(report.loss, checkLossTerm(compiler, net, term, seed)); !status.ok())
        return status;
    if (Status status = take(report.loss, checkNetwork(compiler, net, seed)); !status.ok())
      return status;
    return std::move(report);
  }

private:
  Result<LayerReport> checkOnce(const Layer &layer) {
    auto [entry, isNew] = known.try_emplace(describeLayer(net, layer), report.layers.size());
    if (isNew)
      return checkLayer(compiler, isolateLayer(net, layer), seed);
    LayerReport again = report.layers[entry->second];
    again.name = layer.name;
    again.kind = layer.keyword;
    again.range = layer.range;
    return Result<LayerReport>(std::move(again));
  }
  Status take(std::vector<LayerReport> &reports, Result<LayerReport> one) {
    if (!one)
      return one.status();
    reports.push_back(std::move(*one));
    seen(reports.back());
    return Status();
  }

  CheckCompiler &compiler;
  const TypedNet &net;
  uint64_t seed;
  llvm::function_ref<void(const LayerReport &)> seen;
  NetReport report;
  llvm::StringMap<size_t> known; ///< by what describeLayer says, the first of its kind
};

} // namespace

Result<NetReport> cnnc::checkNet(CheckCompiler &compiler, const TypedNet &net, uint64_t seed,
                                 llvm::function_ref<void(const LayerReport &)> seen) {
  return NetChecker(compiler, net, seed, seen).check();
}

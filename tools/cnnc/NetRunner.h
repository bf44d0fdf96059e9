//===- NetRunner.h - A network compiled in some way, and its values ---------===//
#ifndef CNNC_TOOLS_NETRUNNER_H
#define CNNC_TOOLS_NETRUNNER_H

#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/JIT.h"
#include "compiler/IRGen/IRGen.h"
#include "compiler/Pipelines/Pipelines.h"
#include "runtime/Buffer.h"
#include "tools/cnnc/NetData.h"

#include "mlir/IR/MLIRContext.h"

namespace cnnc {

/// The functions of a network, in the order in which they are compared.
enum class Entry { Forward, Gradient, TrainStep };
inline constexpr Entry kEntries[] = {Entry::Forward, Entry::Gradient, Entry::TrainStep};
llvm::StringRef entryName(Entry entry);

/// One tensor that a network has computed.
struct ComputedTensor {
  enum Kind { Output, Loss, ParameterGradient, InputGradient, NewParameter, NewSlot, Probe } kind;
  std::string name; ///< as a message says it: gradient of conv1.weight
  /// Whose it is: the number of an output, input or probe; a ParameterId, also of the optimizer's
  /// slots, which for a counter is none of a parameter.
  uint32_t number = 0;
  std::vector<int64_t> shape;
  cnnc_dtype dtype = CNNC_F32;
  Buffer values;
  const NetData::Values *before = nullptr; ///< of a new parameter: the old one

  size_t size() const;
  double at(size_t index) const { return load(values.data(), dtype, index); }
  /// The change of a parameter, the value of others.
  double changeAt(size_t index) const { return at(index) - (before ? (*before)[index] : 0); }
};
using ComputedTensors = std::vector<ComputedTensor>;

/// Machine code in this process.
class RunnableNet {
public:
  const cnnc_model_info &info() const { return loaded.info(); }
  /// What one call computes; the tensors refer to `data`.
  Result<ComputedTensors> run(Entry entry, const TypedNet &net, const NetData &data) const;

private:
  friend class LoweredNet;
  RunnableNet(ModelDescription model, LoadedNetwork loaded)
      : model(std::move(model)), loaded(std::move(loaded)) {}

  ModelDescription model;
  LoadedNetwork loaded;
};

/// A network after all passes of a pipeline.
class LoweredNet {
public:
  LoweredNet(LoweredNet &&) = default;
  /// What a pass complains about is the message.
  static Result<LoweredNet> lower(const TypedNet &net, const Sources &sources,
                                  const IRGenOptions &irgen, const PipelineOptions &pipeline);
  /// Equal for two networks of the same code.
  llvm::StringRef fingerprint() const { return code; }
  /// `cache` may be null.
  Result<RunnableNet> generate(Effort effort, ObjectCache *cache) const;

private:
  LoweredNet() = default;

  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string code;
};

} // namespace cnnc

#endif // CNNC_TOOLS_NETRUNNER_H

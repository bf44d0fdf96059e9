//===- GraphBuilder.h - The layers of a network as cnn ops ------------------===//
#ifndef CNNC_IRGEN_GRAPHBUILDER_H
#define CNNC_IRGEN_GRAPHBUILDER_H

#include "compiler/Frontend/TypedAST.h"
#include "dialect/Ops/Rules.h"
#include "llvm/ADT/StringMap.h"

namespace cnnc {

/// Positions of a text as locations of ops.
class Locations {
public:
  Locations(mlir::MLIRContext &context, const Sources &sources)
      : context(context), sources(sources) {}
  mlir::Location at(SourceRange range, llvm::StringRef name) const;

private:
  mlir::MLIRContext &context;
  const Sources &sources;
};

using mlir::cnn::heightAndWidth;
using mlir::cnn::shapeOf;
using mlir::cnn::WindowLists;

/// Builds the layers of one network into one function.
class GraphBuilder {
public:
  enum Mode { Inference, Training };

  GraphBuilder(mlir::OpBuilder &builder, const TypedNet &net, const Locations &locations, Mode mode,
               int64_t batch, mlir::Type element)
      : builder(builder), net(net), locations(locations), mode(mode), batch(batch),
        element(element), tensors(net.tensors.size()) {}

  /// The arguments of the function, before build().
  void setTensor(TensorId id, mlir::Value value) { tensors[id] = value; }
  void setVariable(llvm::StringRef name, mlir::Value value) { variables[name] = value; }

  /// Builds all layers.
  void build();
  mlir::Value tensor(TensorId id) const { return tensors[id]; }
  mlir::Value variable(llvm::StringRef name) const { return variables.lookup(name); }
  mlir::Value parameter(ParameterId id) const { return variable(net.parameters[id].name); }

  /// What training changes beside the parameters: running statistics, each once.
  llvm::ArrayRef<std::pair<ParameterId, mlir::Value>> updates() const { return statistics; }

  /// The training loss: the weighted sum of its terms.
  mlir::Value loss(llvm::ArrayRef<mlir::Value> targets);

private:
  template <typename OpTy, typename... Args> mlir::Value op(Args &&...args) {
    return OpTy::create(builder, *loc, std::forward<Args>(args)...)->getResult(0);
  }
  mlir::Value lossTerm(const LossTerm &term, mlir::Value prediction, mlir::Value target);
  mlir::Value addBias(mlir::Value input, std::optional<ParameterId> bias);
  mlir::Value flatten(mlir::Value input);
  mlir::Value lower(const ConvLayer &layer, mlir::Value input);
  mlir::Value lower(const FcLayer &layer, mlir::Value input);
  mlir::Value lower(const PoolLayer &layer, mlir::Value input);
  mlir::Value lower(const LrnLayer &layer, mlir::Value input);
  // GraphActivations.cpp
  mlir::Value lower(const ActivationLayer &layer, mlir::Value input);
  mlir::Value lower(const SoftmaxLayer &layer, mlir::Value input);
  mlir::Value lower(const PReluLayer &layer, mlir::Value input);
  mlir::Value lower(const ScaleLayer &layer, mlir::Value input);
  mlir::Value lower(const DropoutLayer &layer, mlir::Value input);
  mlir::Value lower(const BatchNormLayer &layer, mlir::Value input);
  mlir::Value lower(const GroupNormLayer &layer, mlir::Value input);
  /// Times the weights and plus the biases, one a channel, where there are any.
  mlir::Value scaleAndShift(mlir::Value input, std::optional<ParameterId> weight,
                            std::optional<ParameterId> bias);
  /// (1 - momentum) * old + momentum * fresh, for the next step.
  void updateStatistic(ParameterId id, mlir::Value fresh, double momentum, double correction);
  // GraphShapes.cpp
  mlir::Value lower(const DeconvLayer &layer, mlir::Value input);
  mlir::Value lower(const GlobalPoolLayer &layer, mlir::Value input);
  mlir::Value lower(const AdaptivePoolLayer &layer, mlir::Value input);
  mlir::Value lower(const UpsampleLayer &layer, mlir::Value input);
  mlir::Value lower(const ReshapeLayer &layer, mlir::Value input);
  mlir::Value lower(const PadLayer &layer, mlir::Value input);
  mlir::Value lower(const ShuffleLayer &layer, mlir::Value input);
  mlir::Value lower(const DepthToSpaceLayer &layer, mlir::Value input);
  mlir::Value lower(const SpaceToDepthLayer &layer, mlir::Value input);
  /// The means of windows of `size`, side by side.
  mlir::Value averageOfBlocks(mlir::Value input, llvm::ArrayRef<int64_t> size);
  mlir::Value rearrange(mlir::Value input, llvm::ArrayRef<int64_t> view,
                        llvm::ArrayRef<int64_t> permutation, llvm::ArrayRef<int64_t> shape);
  // GraphBackward.cpp
  mlir::Value lower(const BackwardLayer &layer, llvm::ArrayRef<mlir::Value> inputs);
  mlir::Value convolution(const BackwardLayer &layer, llvm::ArrayRef<mlir::Value> inputs);
  mlir::Value correlation(const BackwardLayer &layer, mlir::Value input, mlir::Value gradient);
  mlir::Value poolAdjoint(const BackwardLayer &layer, llvm::ArrayRef<mlir::Value> inputs);
  mlir::Value sum(BackwardLayer::Over over, mlir::Value input);
  mlir::Value statistic(const BackwardLayer &layer, mlir::Value input);
  mlir::Value expand(mlir::Value input, bool isWhole);
  mlir::Value mask(const BackwardLayer &layer, mlir::Value input);
  mlir::Value elementwise(const BackwardLayer &layer, llvm::ArrayRef<mlir::Value> inputs);
  mlir::Value lossLayer(const BackwardLayer &layer, llvm::ArrayRef<mlir::Value> inputs);
  /// A tensor of rank 0 as [1].
  mlir::Value asVector(mlir::Value scalar);
  /// The shape of a tensor with its batch, where it has one.
  llvm::SmallVector<int64_t> fullShape(TensorId id) const;
  // GraphJoins.cpp
  mlir::Value lower(const JoinLayer &layer, llvm::ArrayRef<mlir::Value> inputs);
  mlir::Value join(JoinLayer::Kind kind, mlir::Value lhs, mlir::Value rhs);
  /// The value repeated along the dimensions of `shape` that it lacks or has once.
  mlir::Value broadcastTo(llvm::ArrayRef<int64_t> shape, mlir::Value value);

  mlir::OpBuilder &builder;
  const TypedNet &net;
  const Locations &locations;
  Mode mode;
  int64_t batch;
  mlir::Type element; ///< of all float tensors
  std::vector<mlir::Value> tensors;
  llvm::StringMap<mlir::Value> variables;
  std::vector<std::pair<ParameterId, mlir::Value>> statistics;
  std::optional<mlir::Location> loc; ///< of the layer being built
  const Layer *current = nullptr;
  int64_t dropouts = 0; ///< numbers the random streams
};

/// Whether training draws random numbers.
bool usesRandomNumbers(const TypedNet &net);

/// Slots of the state that are not an optimizer's.
inline constexpr llvm::StringLiteral kStepSlot = "step";
inline constexpr llvm::StringLiteral kSeedSlot = "seed";

} // namespace cnnc

#endif // CNNC_IRGEN_GRAPHBUILDER_H

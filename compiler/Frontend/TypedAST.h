//===- TypedAST.h - A network with every name and size resolved -------------===//
//
// What Sema makes of a syntax tree and what all its readers use: IR generation,
// `cnnc summary`, the plain-loop oracle of the tests. Repetition is expanded,
// arguments have their values, every tensor has its size. The graph is in
// topological order; a tensor's number indexes TypedNet::tensors.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_TYPEDAST_H
#define CNNC_FRONTEND_TYPEDAST_H

#include "compiler/Frontend/Source.h"
#include "dialect/ShapeInference.h"
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cnnc {

/// Sizes of one image's tensor: [C, H, W], [C], or [] for a scalar. No batch.
using Shape = std::vector<int64_t>;
using TensorId = uint32_t;
using ParameterId = uint32_t;

/// How a parameter starts.
struct Initializer {
  enum Kind { Constant, Uniform } kind = Constant;
  double value = 0; ///< the constant; or the bound b of uniform [-b, b)
};

/// A weight, a bias or a running statistic.
struct Parameter {
  std::string name; ///< path: conv1.weight, Basic3.conv1.bias
  Shape shape;      ///< as in PyTorch: conv [out, in/groups, kh, kw], fc [out, in], bn [C]
  bool trainable = true;
  Initializer init;
  SourceRange range; ///< the layer that owns it
};

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// Two sliding windows, along H and along W, with `same` resolved.
using Window = std::array<WindowAxis, 2>;

/// Parameters are named by their numbers in TypedNet::parameters.
struct ConvLayer {
  int64_t channels;
  Window window;
  int64_t groups = 1;
  ParameterId weight;
  std::optional<ParameterId> bias;
};
struct FcLayer {
  int64_t features;
  ParameterId weight;
  std::optional<ParameterId> bias;
};
struct PoolLayer {
  enum Kind { Max, Average, L2 } kind;
  Window window; ///< high padding includes the overhang of round=ceil
  bool countPadding = false;
  std::array<int64_t, 2> overhang{0, 0}; ///< what round=ceil added to padHigh, on H and W
};
/// y = x / (k + alpha/n * sum over the window of x^2)^beta, across channels.
struct LrnLayer {
  int64_t size;
  double alpha, beta, k;
};
struct BatchNormLayer {
  double momentum, epsilon;
  std::optional<ParameterId> weight, bias; ///< both or none (affine=false)
  ParameterId runningMean, runningVariance;
};
struct ActivationLayer {
  enum Kind { Relu, Tanh, Sigmoid } kind;
};
struct SoftmaxLayer {};
struct DropoutLayer {
  double probability;
};
struct FlattenLayer {};

using LayerKind = std::variant<ConvLayer, FcLayer, PoolLayer, LrnLayer, BatchNormLayer,
                               ActivationLayer, SoftmaxLayer, DropoutLayer, FlattenLayer>;

/// One step of the expanded graph.
struct Layer {
  std::string name;    ///< path, as in Parameter::name: conv1
  std::string keyword; ///< as the table of layers spells it, canonical: conv, fc, maxpool
  SourceRange range;
  std::vector<TensorId> inputs;
  TensorId output;
  LayerKind kind;
};

struct Tensor {
  Shape shape;
  std::string name; ///< of an input, a let or a tap; empty for others
  SourceRange range;
};

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

/// What the loss compares with: class labels 0 .. classes-1, or a float tensor.
struct Target {
  std::string name;
  int64_t classes = 0; ///< 0: a float tensor of `shape`
  Shape shape;         ///< of one image; [] for class(K)
  SourceRange range;
};

/// weight * loss(prediction, target). `loss =` is the sum of its terms.
struct LossTerm {
  enum Kind { CrossEntropy, MeanSquaredError } kind;
  double weight = 1;
  TensorId prediction;
  uint32_t target; ///< index of TrainSection::targets, or of an input where targetIsInput
  bool targetIsInput = false;
  double smooth = 0; ///< label smoothing of xent
  SourceRange range;
};

struct MetricSpec {
  enum Kind { Accuracy } kind;
  TensorId prediction;
  uint32_t target;
  std::string name; ///< as written: accuracy
};

struct Optimizer {
  enum Kind { Sgd, Adam } kind = Sgd;
  double learningRate = 0.01;
  double momentum = 0, decay = 0; ///< decay is L2: g + decay*w
  bool nesterov = false;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8; ///< adam
};

struct ScheduleSpec {
  enum Kind { Constant, Step } kind = Constant;
  std::vector<int64_t> at; ///< epochs (0-based) that multiply the rate by gamma
  double gamma = 0.1;
};

/// digits(), idx("dir"): opened by the runtime.
struct DataSource {
  std::string kind; ///< digits, idx; empty if the text names none
  std::string argument;
  SourceRange range;
};

struct TrainSection {
  std::vector<Target> targets;
  std::vector<LossTerm> loss;
  std::vector<MetricSpec> metrics;
  Optimizer optimizer;
  ScheduleSpec schedule;
  DataSource data;
  int64_t batch = 32, epochs = 1;
  uint64_t seed = 0;
  SourceRange range;
};

struct TypedNet {
  std::string name;
  SourceRange range;
  std::vector<Tensor> tensors;
  std::vector<TensorId> inputs;
  std::vector<TensorId> outputs;
  std::vector<std::string> outputNames;
  std::vector<Layer> layers;
  std::vector<Parameter> parameters; ///< in the order of the expanded text
  std::optional<TrainSection> train;
};

/// The size of a layer for `summary`: trained parameters, multiply-adds of one
/// image (conv, fc only; padding counts, bias does not).
int64_t trainedParameters(const TypedNet &net, const Layer &layer);
int64_t multiplyAdds(const TypedNet &net, const Layer &layer);

} // namespace cnnc

#endif // CNNC_FRONTEND_TYPEDAST_H

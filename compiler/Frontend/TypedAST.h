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

#include "compiler/Frontend/BackwardLayer.h"
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
  enum Kind { Constant, Uniform, Normal } kind = Constant;
  double value = 0; ///< the constant, the bound b of uniform [-b, b), or the deviation of normal
};

/// A weight, a bias or a running statistic.
struct Parameter {
  std::string name;      ///< path: conv1.weight, Basic3.conv1.bias
  Shape shape;           ///< as in PyTorch: conv [out, in/groups, kh, kw], fc [out, in], bn [C]
  bool trainable = true; ///< false: a running statistic, or @frozen
  Initializer init;
  SourceRange range;        ///< the layer that owns it
  bool isStatistic = false; ///< running mean or variance
  double rate = 1;          ///< @lr: factor of the learning rate
};

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// Parameters are named by their numbers in TypedNet::parameters. A depthwise
/// convolution has as many groups as input channels.
struct ConvLayer {
  int64_t channels;
  Window window;
  int64_t groups = 1;
  ParameterId weight;
  std::optional<ParameterId> bias;
};
/// Transposed convolution: (W-1)S - Plo - Phi + D(F-1) + 1 + outputPadding along each
/// axis. The window's stride is S; its input dilation is 1. Weight [in, out/groups, kh, kw].
struct DeconvLayer {
  int64_t channels;
  Window window;
  std::array<int64_t, 2> outputPadding{0, 0};
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
/// [C, H, W] to [C].
struct GlobalPoolLayer {
  enum Kind { Max, Average } kind;
};
/// avgpool(out=(p, q)): output i averages the positions floor(i*W/p) .. ceil((i+1)*W/p) - 1.
struct AdaptivePoolLayer {
  std::array<int64_t, 2> output;
};
/// y = x / (k + alpha/n * sum over the window of x^2)^beta, across channels. An even n
/// takes n/2 channels before and n/2 - 1 after.
struct LrnLayer {
  int64_t size;
  double alpha, beta, k;
};
struct BatchNormLayer {
  double momentum, epsilon;
  std::optional<ParameterId> weight, bias; ///< both or none (affine=false)
  ParameterId runningMean, runningVariance;
  /// @frozen: normalizes with the running statistics in training too, and keeps them.
  bool isFrozen = false;
};
/// (x - mean) / sqrt(variance + epsilon) over each of `groups` groups of channels and all
/// positions (groupnorm; layernorm is one group); with `perPosition` over all channels of
/// each position (layernorm(axis=c)). Weight and bias are [C].
struct GroupNormLayer {
  int64_t groups = 1;
  bool perPosition = false;
  double epsilon;
  std::optional<ParameterId> weight, bias; ///< both or none
};
struct ActivationLayer {
  enum Kind {
    Relu,
    LeakyRelu, ///< x > 0 ? x : slope*x
    Relu6,
    Elu, ///< x > 0 ? x : exp(x) - 1
    Sigmoid,
    HardSigmoid, ///< clamp(x/6 + 1/2, 0, 1)
    Tanh,
    Softplus, ///< log(1 + exp(x))
    Gelu,     ///< x/2 * (1 + erf(x/sqrt(2)))
    Silu,     ///< x * sigmoid(x)
    HardSwish ///< x * hardsigmoid(x)
  } kind;
  double slope = 0; ///< of LeakyRelu
};
/// x > 0 ? x : w*x, one slope w for all ([1]) or one a channel ([C]).
struct PReluLayer {
  ParameterId weight;
};
/// Over channels.
struct SoftmaxLayer {
  bool isLog = false;
};
struct DropoutLayer {
  double probability;
  bool wholeImage = false; ///< droppath: one choice for each image of the batch
};
/// factor*x + offset; or, with a weight [C], each channel times its weight.
struct ScaleLayer {
  double factor = 1, offset = 0;
  std::optional<ParameterId> weight;
};
struct UpsampleLayer {
  int64_t factor;
  bool isBilinear = false; ///< half-pixel centres; else nearest
};
/// flatten, reshape: the same elements in row-major order.
struct ReshapeLayer {};
/// pad, crop, slice: zeros added (positive) or positions taken away (negative) at the low
/// and the high end of C, H and W; of C alone where the input is [C].
struct PadLayer {
  std::array<int64_t, 3> low{0, 0, 0}, high{0, 0, 0};
};
/// Channel g*K + k, of K channels in each of `groups` groups, moves to k*groups + g.
struct ShuffleLayer {
  int64_t groups;
};
/// [C*n*n, H, W] to [C, H*n, W*n] and back, as PyTorch's PixelShuffle orders channels.
struct DepthToSpaceLayer {
  int64_t factor;
};
struct SpaceToDepthLayer {
  int64_t factor;
};
/// Takes two inputs or more; Sub exactly two. Add and Mul broadcast [C], [C, 1, 1] and
/// [1, H, W] over [C, H, W], in either order. Concat joins channels.
struct JoinLayer {
  enum Kind { Add, Sub, Mul, Max, Concat } kind;
};
/// `weight w : [6, 1, 5, 5]`: a parameter as a tensor without a batch. Takes no input.
struct WeightLayer {
  ParameterId weight;
};

using LayerKind =
    std::variant<ConvLayer, DeconvLayer, FcLayer, PoolLayer, GlobalPoolLayer, AdaptivePoolLayer,
                 LrnLayer, BatchNormLayer, GroupNormLayer, ActivationLayer, PReluLayer,
                 SoftmaxLayer, DropoutLayer, ScaleLayer, UpsampleLayer, ReshapeLayer, PadLayer,
                 ShuffleLayer, DepthToSpaceLayer, SpaceToDepthLayer, JoinLayer, WeightLayer,
                 BackwardLayer>;

/// One step of the expanded graph.
struct Layer {
  std::string name;    ///< path through the blocks, as in Parameter::name: Basic3.conv1
  std::string keyword; ///< as the table of layers spells it, canonical: conv, fc, maxpool
  SourceRange range;
  std::vector<TensorId> inputs; ///< none of a WeightLayer
  TensorId output;
  LayerKind kind;
  /// A further use of a shared `layer`: same name and parameters as the first.
  bool isReuse = false;
};

struct Tensor {
  Shape shape;
  std::string name; ///< of an input, a let or a tap; empty for others
  SourceRange range;
  /// A weight, or a sum over the batch: `shape` is all of it, there is no batch before it.
  bool isWhole = false;
  int64_t classes = 0; ///< of labels, 0 .. classes-1; their shape is [] or [H, W]; 0: floats
};

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

/// What the loss compares with: class labels 0 .. classes-1, or a float tensor.
struct Target {
  std::string name;
  int64_t classes = 0; ///< 0: a float tensor of `shape`
  Shape shape;         ///< of one image; [] for class(K), [h, w] for class(K, h, w)
  SourceRange range;
};

/// weight * loss(prediction, target). `loss =` is the sum of its terms.
struct LossTerm {
  /// The first three compare scores [K] or [K, h, w] with classes, the others numbers.
  /// Nll takes logarithms of probabilities, BinaryCrossEntropy logits.
  enum Kind {
    CrossEntropy,
    Nll,
    Hinge,
    BinaryCrossEntropy,
    MeanSquaredError,
    MeanAbsoluteError,
    Huber
  } kind;
  double weight = 1;
  TensorId prediction;
  uint32_t target; ///< index of TrainSection::targets, or a TensorId where targetIsTensor
  bool targetIsTensor = false;
  double smooth = 0; ///< label smoothing of xent
  double delta = 1;  ///< of huber
  SourceRange range;

  bool comparesClasses() const { return kind <= Hinge; }
};

/// The share of predictions whose class is among the `k` highest scores.
struct MetricSpec {
  TensorId prediction;
  std::string name; ///< accuracy, top5
  int64_t k = 1;
};

/// What the text says; what it does not is the default of PyTorch's optimizer.
struct Optimizer {
  enum Kind { Sgd, Adam, AdamW, RmsProp, Adagrad } kind = Sgd;
  double learningRate = 0.01;
  double momentum = 0; ///< sgd, rmsprop
  double decay = 0;    ///< L2: g + decay*w; of adamw: w - lr*decay*w
  bool nesterov = false;
  double beta1 = 0.9, beta2 = 0.999; ///< adam, adamw
  double epsilon = 1e-8;             ///< all but sgd; adagrad's is 1e-10
  double alpha = 0.99;               ///< rmsprop: of the mean square
};

/// The rate of step s of S in all, e = its epoch (a fraction, from 0), E = epochs:
/// Poly:    rate * (1 - s/S)^power
/// Cosine:  rate * e/warmup in the first `warmup` epochs, then
///          rate * (1 + cos(pi * (e - warmup)/(E - warmup)))/2
/// Plateau: times gamma after more than `patience` epochs without a lower loss
struct ScheduleSpec {
  enum Kind { Constant, Step, Poly, Cosine, Plateau } kind = Constant;
  std::vector<int64_t> at; ///< Step: epochs (0-based) that multiply the rate by gamma
  double gamma = 0.1;      ///< Step, Plateau
  double power = 1;
  double warmup = 0;
  int64_t patience = 10;
};

/// digits(), digits(n), idx(dir), cifar(dir), folder(dir), npy(x, y): opened by the runtime.
struct DataSource {
  std::string kind; ///< empty if the text names none
  std::vector<std::string> arguments;
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
  std::optional<int64_t> batch;      ///< `batch N`: the only batch that the net is for
  std::optional<TrainSection> train;
};

/// The parameters that a layer names, in the order weight, bias, statistics.
std::vector<ParameterId> parametersOf(const Layer &layer);
/// A network of that layer alone: its inputs are x, or x1, x2, …, its output y; the
/// parameters keep their names and come in the order of parametersOf.
TypedNet isolateLayer(const TypedNet &net, const Layer &layer);
/// The size of a layer for `summary`: trained parameters (0 for a reuse), multiply-adds
/// of one image (conv, fc, deconv only; padding counts, bias does not), at most 2^63 - 1.
int64_t trainedParameters(const TypedNet &net, const Layer &layer);
int64_t multiplyAdds(const TypedNet &net, const Layer &layer);

} // namespace cnnc

#endif // CNNC_FRONTEND_TYPEDAST_H

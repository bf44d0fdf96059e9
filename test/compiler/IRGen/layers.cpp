// RUN: irgen-layers-test | FileCheck %s
//
// Activations, norms and joins of typed trees that are made by hand, so that each
// case is one thing: what its layer becomes, in inference and in training.

#include "compiler/Frontend/TypedAST.h"
#include "compiler/IRGen/IRGen.h"
#include "compiler/InitAll.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

using namespace cnnc;

namespace {

/// A network that is built layer by layer.
class Builder {
public:
  explicit Builder(std::string name) { net.name = std::move(name); }

  TensorId tensor(Shape shape, std::string name = "") {
    net.tensors.push_back({std::move(shape), std::move(name), {}});
    return TensorId(net.tensors.size() - 1);
  }
  TensorId input(Shape shape, std::string name) {
    net.inputs.push_back(tensor(std::move(shape), std::move(name)));
    return net.inputs.back();
  }
  ParameterId parameter(std::string name, Shape shape, bool isStatistic = false) {
    Parameter parameter;
    parameter.name = std::move(name);
    parameter.shape = std::move(shape);
    parameter.isStatistic = isStatistic;
    parameter.trainable = !isStatistic;
    net.parameters.push_back(std::move(parameter));
    return ParameterId(net.parameters.size() - 1);
  }
  BatchNormLayer batchNorm(std::string name, int64_t channels, bool isFrozen = false) {
    return {0.25,
            1e-5,
            std::nullopt,
            std::nullopt,
            parameter(name + ".mean", {channels}, true),
            parameter(name + ".variance", {channels}, true),
            isFrozen};
  }
  TensorId layer(std::vector<TensorId> inputs, LayerKind kind, Shape shape) {
    TensorId output = tensor(std::move(shape));
    net.layers.push_back({"layer" + std::to_string(net.layers.size()),
                          "",
                          {},
                          std::move(inputs),
                          output,
                          std::move(kind)});
    return output;
  }
  /// The layer applied to an input of its own, whose size stays.
  void alone(LayerKind kind, Shape shape, std::string name) {
    TensorId x = input(shape, name);
    outputs.push_back(layer({x}, std::move(kind), shape));
  }

  /// Prints the network; trained to make its last output zeros if that is asked for.
  void print(bool trains = false, CheckFunctions checks = CheckFunctions::None) {
    for (TensorId output : outputs) {
      net.outputs.push_back(output);
      net.outputNames.push_back("y" + std::to_string(net.outputs.size()));
    }
    if (trains) {
      net.train.emplace();
      Target target;
      target.name = "target";
      target.shape = net.tensors[outputs.back()].shape;
      net.train->targets.push_back(target);
      LossTerm term{};
      term.kind = LossTerm::MeanSquaredError;
      term.prediction = outputs.back();
      net.train->loss.push_back(term);
    }
    mlir::DialectRegistry registry;
    registerDialects(registry);
    mlir::MLIRContext context(registry);
    Sources sources("test.cnn", "\n");
    auto module = generateIR(context, net, sources, {.batch = 8, .checks = checks});
    if (failed(mlir::verify(*module)))
      std::exit(1);
    llvm::outs() << *module << "\n";
  }

  TypedNet net;
  std::vector<TensorId> outputs;
};

} // namespace

// CHECK-LABEL: module @activations
// CHECK: cnn.lrelu %{{.*}} slope 2.000000e-01
// CHECK: cnn.relu6
// CHECK: cnn.elu
// CHECK: cnn.hardsigmoid
// CHECK: cnn.softplus
// CHECK: cnn.gelu
// CHECK: cnn.silu
// CHECK: cnn.hardswish
// CHECK: cnn.softmax
// CHECK: cnn.logsoftmax
// CHECK: cnn.prelu %{{.*}}, %{{.*}} : tensor<8x3x4x4xf32>, tensor<1xf32>
// CHECK: cnn.scale %{{.*}} factor 2.000000e+00 offset -1.000000e+00
// CHECK: cnn.scale_channels %{{.*}}, %{{.*}} : tensor<8x3x4x4xf32>, tensor<3xf32>
static void activations() {
  Builder net("activations");
  Shape image{3, 4, 4};
  net.alone(ActivationLayer{ActivationLayer::LeakyRelu, 0.2}, image, "a");
  for (auto kind : {ActivationLayer::Relu6, ActivationLayer::Elu, ActivationLayer::HardSigmoid,
                    ActivationLayer::Softplus, ActivationLayer::Gelu, ActivationLayer::Silu,
                    ActivationLayer::HardSwish})
    net.alone(ActivationLayer{kind}, image, "b" + std::to_string(kind));
  net.alone(SoftmaxLayer{}, image, "c");
  net.alone(SoftmaxLayer{/*isLog=*/true}, image, "d");
  net.alone(PReluLayer{net.parameter("slope", {1})}, image, "e");
  net.alone(ScaleLayer{2, -1, std::nullopt}, image, "f");
  net.alone(ScaleLayer{1, 0, net.parameter("factor", {3})}, image, "g");
  net.print();
}

// Without a weight there is nothing after the normalization.
// CHECK-LABEL: module @norms
// CHECK: cnn.group_norm %{{.*}} groups 2 epsilon 1.000000e-03
// CHECK-NEXT: cnn.scale_channels
// CHECK-NEXT: cnn.bias_add
// CHECK-NEXT: cnn.position_norm %{{.*}} epsilon 1.000000e-05
// CHECK-NEXT: return
static void norms() {
  Builder net("norms");
  ParameterId weight = net.parameter("weight", {4}), bias = net.parameter("bias", {4});
  net.alone(GroupNormLayer{2, false, 1e-3, weight, bias}, {4, 2, 2}, "a");
  net.alone(GroupNormLayer{1, true, 1e-5, std::nullopt, std::nullopt}, {4, 2, 2}, "b");
  net.print();
}

// Joins go from the left; a small tensor is repeated, and stands at the right.
// CHECK-LABEL: module @joins
// CHECK: func.func @forward(%[[X:[a-z0-9]+]]: tensor<8x3x4x4xf32>
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<8x3xf32>
// CHECK-SAME: %[[P:[a-z0-9]+]]: tensor<8x3x1x1xf32>
// CHECK-SAME: %[[R:[a-z0-9]+]]: tensor<8x1x4x4xf32>
// CHECK-NEXT: %[[SUM:.*]] = cnn.add %[[X]], %[[X]]
// CHECK-NEXT: cnn.add %[[SUM]], %[[X]]
// CHECK-NEXT: cnn.sub %[[X]], %[[X]]
// CHECK-NEXT: cnn.max %[[X]], %[[X]]
// CHECK-NEXT: %[[FEATURES:.*]] = cnn.broadcast %[[F]] dims [0, 1] to [8, 3, 4, 4]
// CHECK-NEXT: cnn.mul %[[X]], %[[FEATURES]]
// CHECK-NEXT: %[[FLAT:.*]] = cnn.reshape %[[P]] to [8, 3]
// CHECK-NEXT: %[[POOLED:.*]] = cnn.broadcast %[[FLAT]] dims [0, 1] to [8, 3, 4, 4]
// CHECK-NEXT: cnn.mul %[[X]], %[[POOLED]]
// CHECK-NEXT: %[[MAP:.*]] = cnn.reshape %[[R]] to [8, 4, 4]
// CHECK-NEXT: %[[PLANE:.*]] = cnn.broadcast %[[MAP]] dims [0, 2, 3] to [8, 3, 4, 4]
// CHECK-NEXT: cnn.add %[[X]], %[[PLANE]]
// CHECK-NEXT: return
static void joins() {
  Builder net("joins");
  Shape image{3, 4, 4};
  TensorId x = net.input(image, "x"), features = net.input({3}, "f");
  TensorId pooled = net.input({3, 1, 1}, "p"), plane = net.input({1, 4, 4}, "r");
  auto join = [&](JoinLayer::Kind kind, std::vector<TensorId> inputs) {
    net.outputs.push_back(net.layer(std::move(inputs), JoinLayer{kind}, image));
  };
  join(JoinLayer::Add, {x, x, x});
  join(JoinLayer::Sub, {x, x});
  join(JoinLayer::Max, {x, x});
  join(JoinLayer::Mul, {x, features});
  join(JoinLayer::Mul, {pooled, x});
  join(JoinLayer::Add, {x, plane});
  net.print();
}

// A shared layer updates its statistics twice in a row, and each is one result. A frozen
// one normalizes by them and changes nothing.
// CHECK-LABEL: module @shared
// CHECK: func.func @train_step(
// CHECK-SAME: %[[OLD:[a-z0-9]+]]: tensor<2xf32> {cnn.name = "bn.mean"
// CHECK-SAME: %[[MEAN:[a-z0-9]+]]: tensor<2xf32> {cnn.name = "frozen.mean"
// CHECK-SAME: %[[VARIANCE:[a-z0-9]+]]: tensor<2xf32> {cnn.name = "frozen.variance"
// CHECK: %[[Y1:.*]], %[[FIRST:.*]], %{{.*}} = cnn.batch_norm
// CHECK-NEXT: %[[KEPT1:.*]] = cnn.scale %[[OLD]] factor 7.500000e-01
// CHECK-NEXT: %[[SHARE1:.*]] = cnn.scale %[[FIRST]] factor 2.500000e-01
// CHECK-NEXT: %[[NEXT:.*]] = cnn.add %[[KEPT1]], %[[SHARE1]]
// CHECK: %[[Y2:.*]], %[[SECOND:.*]], %{{.*}} = cnn.batch_norm %[[Y1]]
// CHECK-NEXT: %[[KEPT2:.*]] = cnn.scale %[[NEXT]] factor 7.500000e-01
// CHECK-NEXT: %[[SHARE2:.*]] = cnn.scale %[[SECOND]] factor 2.500000e-01
// CHECK-NEXT: %[[LAST:.*]] = cnn.add %[[KEPT2]], %[[SHARE2]]
// CHECK: cnn.normalize %[[Y2]], %[[MEAN]], %[[VARIANCE]]
// CHECK-NOT: cnn.batch_norm
// CHECK: return %{{[0-9]+}}, %[[LAST]], %{{[0-9]+}}, %{{[0-9]+}} :
// CHECK-SAME: tensor<f32>, tensor<2xf32>, tensor<2xf32>, tensor<i64>
static void shared() {
  Builder net("shared");
  TensorId x = net.input({2}, "x");
  BatchNormLayer bn = net.batchNorm("bn", 2), frozen = net.batchNorm("frozen", 2, true);
  TensorId once = net.layer({x}, bn, {2}), twice = net.layer({once}, bn, {2});
  net.outputs.push_back(net.layer({twice}, frozen, {2}));
  net.print(/*trains=*/true);
}

// Droppath is there in training only: one choice for each image.
// CHECK-LABEL: module @droppath
// CHECK: func.func @forward
// CHECK-NOT: cnn.dropout
// CHECK: func.func @train_step
// CHECK: cnn.dropout %{{.*}} probability 2.000000e-01 stream 0 whole_images
// CHECK: cnn.dropout %{{.*}} probability 5.000000e-01 stream 1 :
static void dropPath() {
  Builder net("droppath");
  TensorId x = net.input({2, 3, 3}, "x");
  TensorId kept = net.layer({x}, DropoutLayer{0.2, /*wholeImage=*/true}, {2, 3, 3});
  net.outputs.push_back(net.layer({kept}, DropoutLayer{0.5}, {2, 3, 3}));
  net.print(/*trains=*/true);
}

// What checks of gradients run: forward in training mode, with the masks of step 0, and
// the gradient of the outputs times probes; or forward alone, which takes the target and
// gives the loss.
// CHECK-LABEL: module @probed
// CHECK-NOT: cnn.variable
// CHECK: func.func @forward(%[[X:[a-z0-9]+]]: tensor<8x4xf32>
// CHECK: arith.constant dense<0> : tensor<i64>
// CHECK: %[[Y:.*]] = cnn.dropout %[[X]]
// CHECK-NEXT: return %[[Y]]
// CHECK: func.func @gradient(
// CHECK-SAME: %[[PROBE:[a-z0-9]+]]: tensor<8x4xf32> {cnn.name = "probe.y1", cnn.role = "target"}
// CHECK: %[[MASKED:.*]] = cnn.dropout
// CHECK-NEXT: %[[PRODUCT:.*]] = cnn.mul %[[MASKED]], %[[PROBE]]
// CHECK-NEXT: %[[SUM:.*]] = cnn.reduce_sum %[[PRODUCT]] dims [0, 1]
// CHECK-NEXT: cnn.gradient %[[SUM]] of
// CHECK-LABEL: module @probed_loss
// CHECK: func.func @forward(
// CHECK-SAME: %[[TARGET:[a-z0-9]+]]: tensor<8x4xf32> {cnn.name = "target", cnn.role = "input"}
// CHECK-SAME: -> (tensor<f32> {cnn.name = "loss", cnn.role = "output"})
// CHECK: cnn.mse %{{.*}}, %[[TARGET]]
// CHECK-NOT: func.func
static void probes() {
  Builder outputs("probed");
  outputs.alone(DropoutLayer{0.5}, {4}, "x");
  outputs.print(/*trains=*/false, CheckFunctions::Outputs);
  Builder loss("probed_loss");
  loss.alone(DropoutLayer{0.5}, {4}, "x");
  loss.print(/*trains=*/true, CheckFunctions::Loss);
}

int main() {
  activations();
  norms();
  joins();
  shared();
  dropPath();
  probes();
}

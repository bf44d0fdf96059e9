// RUN: gradcheck-fails-test %S/Inputs/wrong-gradients.cnn | FileCheck %s
//
// The checks of `cnnc gradcheck` fail where they must: each gradient of each layer, of the
// loss and of the whole network is made wrong in turn, by little or in one element, and the
// check must name it. A check that compares zeros with zeros fails, too.

#include "dialect/CnnOps.h"
#include "tools/cnnc/LossCheck.h"
#include "tools/cnnc/NetCheck.h"

#include "compiler/Frontend/Diagnostics.h"
#include "compiler/Frontend/Frontend.h"
#include "compiler/Frontend/ReadText.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/raw_ostream.h"

using namespace cnnc;
using namespace mlir;

// Exact checks have no tolerance, the others 1e-6. Each layer is right before it is wrong.
// CHECK: conv1 conv exact: 2 right, 4 of 4 wrong ones found
// CHECK: bn1 bn differences: 3 right, 6 of 6 wrong ones found
// CHECK: relu1 relu differences: 1 right, 2 of 2 wrong ones found
// CHECK: maxpool1 maxpool differences: 1 right, 2 of 2 wrong ones found
// CHECK: avgpool1 avgpool exact: 1 right, 2 of 2 wrong ones found
// CHECK: concat1 concat exact: 2 right, 4 of 4 wrong ones found
// CHECK: gavgpool1 gavgpool exact: 1 right, 2 of 2 wrong ones found
// CHECK: mul1 mul exact: 2 right, 4 of 4 wrong ones found
// CHECK: fc1 fc exact: 3 right, 6 of 6 wrong ones found
// CHECK: loss xent differences: 1 right, 2 of 2 wrong ones found
// CHECK: loss network differences: 2 right, 12 of 12 wrong ones found
// A reason names both sides.
// CHECK: conv1 towards x: <dy, A x> = {{.*}}, but <A^T dy, x> = {{[0-9.-]+$}}
// CHECK: relu1 towards x: {{.*}}: the gradient is {{.*}}, the difference quotient
// CHECK: conv1 towards weight: <dy, A x> is 0 on all numbers: nothing is tested
// A whole report names the first that fails, and counts.
// CHECK: report: 9 layers, 2 of the loss, 11 failures, the first is conv1

namespace {

/// What is done to one result of cnn.gradient.
enum class Wrong { Little, OneElement };

/// Replaces result `which` of the gradients by a wrong one.
struct Tampering {
  Wrong wrong;
  unsigned which;

  void operator()(ModuleOp module) const {
    module.walk([&](cnn::GradientOp op) {
      OpBuilder builder(op->getContext());
      builder.setInsertionPointAfter(op);
      Value gradient = op.getGradients()[which];
      Operation *other =
          wrong == Wrong::Little ? scaled(builder, gradient) : raised(builder, gradient);
      gradient.replaceAllUsesExcept(other->getResult(0), other);
    });
  }

private:
  static Operation *scaled(OpBuilder &builder, Value gradient) {
    return cnn::ScaleOp::create(builder, gradient.getLoc(), gradient, 1 + 0x1p-17);
  }
  /// One more, in the element in the middle.
  static Operation *raised(OpBuilder &builder, Value gradient) {
    auto type = cast<RankedTensorType>(gradient.getType());
    SmallVector<Attribute> values(type.getNumElements(),
                                  builder.getFloatAttr(type.getElementType(), 0.0));
    values[values.size() / 2] = builder.getFloatAttr(type.getElementType(), 1.0);
    auto constant =
        arith::ConstantOp::create(builder, gradient.getLoc(), DenseElementsAttr::get(type, values));
    return cnn::AddOp::create(builder, gradient.getLoc(), gradient, constant);
  }
};

/// One layer, a term of the loss, or the network.
using Check = std::function<cnnc::Result<LayerReport>(CheckCompiler &)>;

class Trial {
public:
  explicit Trial(const Sources &sources) : sources(sources) {}

  /// Runs the check on right gradients, then on each wrong one.
  void run(const Check &check, unsigned gradients) {
    LayerReport right = runOnce(check, nullptr);
    unsigned passed = 0, found = 0;
    for (const CheckRow &row : right.rows)
      passed += row.passed;
    for (unsigned which = 0; which < gradients; ++which)
      for (Wrong wrong : {Wrong::Little, Wrong::OneElement}) {
        LayerReport report = runOnce(check, Tampering{wrong, which});
        found += !report.passed();
        keepReason(report);
      }
    llvm::outs() << right.name << ' ' << right.kind << ' ' << right.check << ": " << passed
                 << " right, " << found << " of " << 2 * gradients << " wrong ones found\n";
  }

  LayerReport runOnce(const Check &check, std::function<void(ModuleOp)> tamper) {
    CheckCompiler compiler(sources, {.batch = 2, .reference = true, .tamper = std::move(tamper)});
    Result<LayerReport> report = check(compiler);
    if (!report) {
      llvm::outs() << report.status().message() << '\n';
      std::exit(1);
    }
    return std::move(*report);
  }
  void keepReason(const LayerReport &report) {
    for (const CheckRow &row : report.rows)
      if (!row.passed)
        reasons += report.name + " towards " + row.towards + ": " + row.reason + "\n";
  }

  std::string reasons;

private:
  const Sources &sources;
};

} // namespace

/// What is 0 in both functions is equal, and says nothing.
static void makeZero(ModuleOp module) {
  module.walk([&](func::ReturnOp op) {
    OpBuilder builder(op);
    for (OpOperand &operand : op->getOpOperands())
      operand.set(cnn::ScaleOp::create(builder, op.getLoc(), operand.get(), 0.0));
  });
}

int main(int argc, char **argv) {
  TextFile file = readText(argv[1], TextKind::Anything);
  Sources sources(argv[1], std::move(file.text));
  cnnc::DiagnosticEngine diagnostics(sources);
  std::optional<TypedNet> net = compileText(sources, {}, diagnostics);
  if (!net) {
    diagnostics.renderText(llvm::errs(), false);
    return 1;
  }
  constexpr uint64_t seed = 1;
  Trial trial(sources);
  for (const Layer &layer : net->layers) {
    TypedNet alone = isolateLayer(*net, layer);
    unsigned trained = 0;
    for (const Parameter &parameter : alone.parameters)
      trained += parameter.trainable;
    trial.run([&](CheckCompiler &compiler) { return checkLayer(compiler, alone, seed); },
              unsigned(alone.inputs.size()) + trained);
  }
  trial.run(
      [&](CheckCompiler &compiler) {
        return checkLossTerm(compiler, *net, net->train->loss[0], seed);
      },
      1);
  unsigned parameters = 0;
  for (const Parameter &parameter : net->parameters)
    parameters += parameter.trainable;
  trial.run([&](CheckCompiler &compiler) { return checkNetwork(compiler, *net, seed); },
            parameters + 1);
  llvm::outs() << trial.reasons;

  TypedNet first = isolateLayer(*net, net->layers[0]);
  trial.reasons.clear();
  trial.keepReason(trial.runOnce(
      [&](CheckCompiler &compiler) { return checkLayer(compiler, first, seed); }, makeZero));
  llvm::outs() << trial.reasons;

  CheckCompiler compiler(sources,
                         {.batch = 2, .reference = true, .tamper = Tampering{Wrong::Little, 0}});
  Result<NetReport> report = checkNet(compiler, *net, seed, [](const LayerReport &) {});
  llvm::outs() << "report: " << report->layers.size() << " layers, " << report->loss.size()
               << " of the loss, " << report->failures() << " failures, the first is "
               << report->firstFailure()->name << '\n';
  return 0;
}

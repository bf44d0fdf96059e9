//===- parameters.cpp - A net whose parameters were changed after Sema ----===//
//
// Prints its module; parameters.test says what it must be. Of the first layer's output
// the value and the gradient are probed.
//
//===----------------------------------------------------------------------===//

#include "compiler/Frontend/Diagnostics.h"
#include "compiler/Frontend/Frontend.h"
#include "compiler/IRGen/IRGen.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

using namespace cnnc;

static constexpr char kText[] = R"(
net N {
  input x : [1, 4, 4]
  let y = x -> conv(2, 3, bias=false) -> bn -> fc(3)
  output y
}
train N { target wanted : [3]   loss = mse(y, wanted)   optim = sgd(lr=0.1, momentum=0.9) }
)";

int main() {
  Sources sources("parameters.cnn", kText);
  DiagnosticEngine diagnostics(sources);
  std::optional<TypedNet> net = compileText(sources, {}, diagnostics);
  diagnostics.renderText(llvm::errs(), false);
  if (!net)
    return 1;
  for (Parameter &parameter : net->parameters) {
    if (parameter.name == "conv1.weight") {
      parameter.trainable = false;
      parameter.init = {Initializer::Normal, 0.05};
    }
    if (parameter.name == "fc1.weight") {
      parameter.rate = 0.25;
      parameter.init = {Initializer::Normal, 0}; // no width: zeros
    }
  }
  for (Layer &layer : net->layers)
    if (auto *norm = std::get_if<BatchNormLayer>(&layer.kind))
      norm->isFrozen = true;
  mlir::MLIRContext context;
  IRGenOptions options{.gradient = true};
  options.valueProbes = options.gradientProbes = {net->layers[0].output};
  generateIR(context, *net, sources, options)->print(llvm::outs());
  return 0;
}

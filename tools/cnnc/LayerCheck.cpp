//===- LayerCheck.cpp - Gradients of one layer's compiled code ------------===//

#include "tools/cnnc/LayerCheck.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace cnnc;

double LayerReport::worst() const {
  double most = 0;
  for (const CheckRow &row : rows)
    most = std::max(most, row.worst);
  return most;
}

bool LayerReport::passed() const {
  return llvm::all_of(rows, [](const CheckRow &row) { return row.passed; });
}

/// conv1.weight is called weight: the layer's name stands beside it.
static std::string lastPart(const std::string &path) { return path.substr(path.rfind('.') + 1); }

std::vector<CheckedOperand> cnnc::operandsOf(const TypedNet &net, CheckedCode &values,
                                             CheckedCode &gradients) {
  std::vector<CheckedOperand> operands;
  auto isLabels = [&](TensorId id) { return net.tensors[id].classes > 0; };
  size_t labels = size_t(llvm::count_if(net.inputs, isLabels));
  size_t fromInputs = gradients.gradients.size() - (net.inputs.size() - labels);
  for (auto [i, id] : llvm::enumerate(net.inputs))
    if (!isLabels(id))
      operands.push_back(
          {net.tensors[id].name, values.inputs[i], gradients.gradients[fromInputs++]});
  size_t next = 0;
  for (auto [i, parameter] : llvm::enumerate(net.parameters)) {
    CheckedOperand operand{lastPart(parameter.name), values.parameters[i], std::nullopt};
    if (parameter.trainable)
      operand.gradient = gradients.gradients[next++];
    operands.push_back(std::move(operand));
  }
  return operands;
}

Result<LayerReport> cnnc::checkLayer(CheckCompiler &compiler, const TypedNet &alone,
                                     uint64_t seed) {
  if (std::optional<LinearForm> form = linearForm(alone, compiler.options().batch))
    return checkLinear(compiler, alone, *form, seed);
  return checkByDifferences(compiler, alone, seed);
}

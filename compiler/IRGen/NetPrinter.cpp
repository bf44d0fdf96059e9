//===- NetPrinter.cpp - A backward pass as a text of the language ---------===//

#include "compiler/IRGen/NetPrinter.h"
#include "compiler/IRGen/PrintedStep.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include <fmt/format.h>

using namespace mlir;
using namespace cnnc;

/// Chains longer than this get a name of their own.
static constexpr size_t longestInline = 48;

namespace {

class NetPrinter {
public:
  NetPrinter(func::FuncOp function, const TypedNet &net) : function(function), net(net) {}
  llvm::Expected<std::string> print(StringRef source);

private:
  void declareArguments();
  std::string weightLine(const Parameter &parameter) const;
  llvm::Error findSteps();
  llvm::Error need(Value value);
  Operation *firstUnknown(Operation *op) const;
  void nameResults();
  void printSteps();
  void printStep(Value value, const PrintedStep &step);
  std::string finish();

  std::string chainOf(const PrintedStep &step);
  std::string unique(StringRef wanted);
  std::string nameFor(Value value, StringRef step);
  bool isForward(Value value) const;

  func::FuncOp function;
  const TypedNet &net;
  StepFinder finder;
  llvm::MapVector<Value, PrintedStep> steps;
  llvm::DenseMap<Value, unsigned> uses;
  llvm::DenseMap<Value, std::string> texts; ///< a name, or a chain that is written where it is used
  llvm::DenseMap<Value, std::string> resultNames;
  llvm::StringSet<> taken;
  SmallVector<std::string> outputs;
  std::string head, body, lastLayer;
  Operation *lossOp = nullptr;
  unsigned gradients = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// conv1, or Basic3_conv1.
static std::string asName(StringRef path) {
  std::string name = path.str();
  for (char &letter : name)
    if (!llvm::isAlnum(letter))
      letter = '_';
  return name;
}

static StringRef layerOf(Operation *op) {
  auto named = dyn_cast<NameLoc>(op->getLoc());
  return named ? named.getName().getValue() : StringRef();
}

/// "conv2, line 7": where the layer stands in the source.
static std::string placeOf(Operation *op) {
  auto named = dyn_cast<NameLoc>(op->getLoc());
  // Between the two stands what a gradient is towards.
  auto place = named ? named.findInstanceOf<FileLineColLoc>() : nullptr;
  return place ? fmt::format("{}, line {}", named.getName().str(), place.getLine()) : std::string();
}

std::string NetPrinter::unique(StringRef wanted) {
  std::string name = wanted.str();
  for (unsigned number = 2; findLayer(name) || !taken.insert(name).second; ++number)
    name = fmt::format("{}_{}", wanted.str(), number);
  return name;
}

bool NetPrinter::isForward(Value value) const {
  Operation *op = value.getDefiningOp();
  return op == lossOp || op->isBeforeInBlock(lossOp);
}

/// The last op of a layer makes what the layer makes.
static bool isLayersResult(Value value) {
  Operation *op = value.getDefiningOp(), *next = op->getNextNode();
  bool isFirst = cast<OpResult>(value).getResultNumber() == 0;
  return isFirst && (!next || next->getLoc() != op->getLoc());
}

/// What a layer makes in the forward pass has its name, what lies within it a longer one;
/// gradients are numbered.
std::string NetPrinter::nameFor(Value value, StringRef step) {
  if (auto found = resultNames.find(value); found != resultNames.end())
    return found->second;
  if (!isForward(value))
    return unique(fmt::format("d{}", ++gradients));
  Operation *op = value.getDefiningOp();
  std::string name = layerOf(op).empty() ? "t" : asName(layerOf(op));
  // The layer of the last step: `flatten -> shuffle(2)`.
  StringRef last = step.contains(" -> ") ? step.rsplit(" -> ").second : step;
  StringRef layer = last.split('(').first;
  return unique(isLayersResult(value) ? name : name + "_" + layer.str());
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

static std::string initText(const Initializer &init) {
  std::string value = StepFinder::number(init.value);
  switch (init.kind) {
  case Initializer::Constant:
    return init.value == 0 ? "zeros" : fmt::format("const({})", value);
  case Initializer::Uniform:
    return fmt::format("uniform({})", value);
  case Initializer::Normal:
    return fmt::format("normal({})", value);
  }
  llvm_unreachable("all initializers are handled");
}

std::string NetPrinter::weightLine(const Parameter &parameter) const {
  std::string line = fmt::format("  weight {} : {}", parameter.name, shapeText(parameter.shape));
  line += fmt::format(" @init({})", initText(parameter.init));
  if (!parameter.trainable)
    line += " @frozen";
  else if (parameter.rate != 1)
    line += fmt::format(" @lr({})", StepFinder::number(parameter.rate));
  return line + "\n";
}

void NetPrinter::declareArguments() {
  for (BlockArgument argument : function.getArguments()) {
    auto attribute = [&](StringRef name) {
      auto text = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), name);
      return text ? text.getValue() : StringRef();
    };
    StringRef role = attribute(cnn::kRoleAttr), name = attribute(cnn::kNameAttr);
    Shape shape(sizesOf(argument));
    bool isVariable = role == "variable";
    if (!isVariable) {
      shape.erase(shape.begin());
      auto classes =
          function.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), cnn::kClassesAttr);
      std::string type = shapeText(shape);
      if (classes)
        type = fmt::format("class({}{}{})", classes.getInt(), shape.empty() ? "" : ", ",
                           StringRef(type).drop_front().drop_back().str());
      head += fmt::format("  input {} : {}\n", name.str(), type);
    }
    finder.declare(argument, {shape, isVariable});
    texts[argument] = name.str();
    taken.insert(name);
  }
  for (const Parameter &parameter : net.parameters)
    head += weightLine(parameter);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

/// The first op without a layer among those that an op depends on. Parts of larger steps
/// have none either, but then what they read has no step.
Operation *NetPrinter::firstUnknown(Operation *op) const {
  if (isa<cnn::TransposeOp, cnn::PoolArgmaxOp, cnn::AverageWindowsOp>(op))
    if (Operation *source = op->getOperand(0).getDefiningOp())
      if (!steps.contains(op->getOperand(0)))
        return firstUnknown(source);
  for (Value operand : op->getOperands())
    if (Operation *source = operand.getDefiningOp())
      if (!steps.contains(operand) && !splatOf(operand))
        if (Operation *deeper = firstUnknown(source);
            !isa<cnn::TransposeOp, cnn::PoolArgmaxOp>(deeper))
          return deeper;
  return op;
}

llvm::Error NetPrinter::need(Value value) {
  if (uses[value]++ > 0 || isa<BlockArgument>(value))
    return llvm::Error::success();
  if (!steps.contains(value)) {
    Operation *op = firstUnknown(value.getDefiningOp());
    return llvm::createStringError("the language has no layer for " + op->getName().getStringRef() +
                                   " of " + layerOf(op) + " in the gradient");
  }
  return llvm::Error::success();
}

llvm::Error NetPrinter::findSteps() {
  Operation *end = function.getBody().front().getTerminator();
  for (Operation &op : function.getBody().front().without_terminator())
    for (OpResult result : op.getResults())
      if (auto step = finder.find(result))
        steps.insert({result, std::move(*step)});
  for (Value value : end->getOperands())
    if (!splatOf(value))
      if (llvm::Error error = need(value))
        return error;
  // Users come behind what they use.
  for (auto &[value, step] : llvm::reverse(steps))
    if (uses.lookup(value) > 0)
      for (const PrintedOperand &operand : step.operands)
        if (llvm::Error error = need(operand.value))
          return error;
  return llvm::Error::success();
}

/// loss, and d_conv1_weight of the gradient towards conv1.weight, d_image towards an input.
void NetPrinter::nameResults() {
  Operation *end = function.getBody().front().getTerminator();
  for (auto [i, value] : llvm::enumerate(end->getOperands())) {
    auto name = function.getResultAttrOfType<StringAttr>(i, cnn::kNameAttr);
    StringRef path = name ? name.getValue() : StringRef();
    path.consume_front("input.");
    outputs.push_back(unique(path.empty() ? std::string("loss") : "d_" + asName(path)));
    if (steps.contains(value) && !steps[value].layer.empty())
      resultNames.try_emplace(value, outputs.back());
  }
}

/// The operands, as one chain or as a tuple, and the layer.
std::string NetPrinter::chainOf(const PrintedStep &step) {
  SmallVector<std::string> parts;
  for (const PrintedOperand &operand : step.operands)
    parts.push_back(texts.lookup(operand.value) + operand.steps);
  std::string from = parts.size() == 1 ? parts[0] : "(" + llvm::join(parts, ", ") + ")";
  return step.layer.empty() ? from : from + " -> " + step.layer;
}

void NetPrinter::printStep(Value value, const PrintedStep &step) {
  std::string chain = chainOf(step);
  if (step.layer.empty()) {
    texts[value] = chain;
    return;
  }
  Operation *op = value.getDefiningOp();
  bool isNamed = resultNames.contains(value) || (isForward(value) && isLayersResult(value));
  bool isInline = uses.lookup(value) == 1 && chain.size() <= longestInline && !isNamed;
  if (isInline) {
    texts[value] = std::move(chain);
    return;
  }
  std::string place = placeOf(op);
  if (!isForward(value) && place != lastLayer && !place.empty()) {
    body += fmt::format("\n  # {}\n", place);
    lastLayer = place;
  }
  std::string name = nameFor(value, step.layer);
  body += fmt::format("  let {} = {} : {}\n", name, chain, shapeText(step.form.shape));
  texts[value] = std::move(name);
}

void NetPrinter::printSteps() {
  bool wasForward = true;
  for (auto &[value, step] : steps) {
    if (uses.lookup(value) == 0)
      continue;
    if (wasForward && !isForward(value))
      body += "\n  # The backward pass, from the loss to the inputs.\n";
    wasForward = isForward(value);
    printStep(value, step);
  }
}

/// Results that are no step of their own: zeros, or a value that has a name already.
std::string NetPrinter::finish() {
  Operation *end = function.getBody().front().getTerminator();
  std::string rest;
  SmallVector<std::string> arguments;
  for (const Parameter &parameter : net.parameters)
    if (parameter.trainable)
      arguments.push_back(parameter.name);
  for (TensorId id : net.inputs)
    if (net.tensors[id].classes == 0)
      arguments.push_back(net.tensors[id].name);
  for (auto [i, value] : llvm::enumerate(end->getOperands())) {
    if (resultNames.lookup(value) == outputs[i])
      continue;
    std::optional<double> constant = splatOf(value);
    std::string chain =
        constant ? fmt::format("{} -> fill({})", arguments[i - 1], StepFinder::number(*constant))
                 : texts.lookup(value) + " -> id";
    rest += fmt::format("  let {} = {}\n", outputs[i], chain);
  }
  return rest.empty() ? rest : "\n" + rest;
}

llvm::Expected<std::string> NetPrinter::print(StringRef source) {
  Operation *end = function.getBody().front().getTerminator();
  lossOp = end->getOperand(0).getDefiningOp();
  declareArguments();
  if (llvm::Error error = findSteps())
    return std::move(error);
  nameResults();
  printSteps();
  std::string rest = finish();
  int64_t batch = sizesOf(function.getArgument(0))[0];
  return fmt::format("# The loss of {0} ({1}) and its gradients, for batches of {2} image{3}.\n"
                     "# d_… is the derivative of the loss; the weights are those of {0}.\n"
                     "net {0}Gradient {{\n  batch {2}\n{4}\n  # The forward pass, as in training.\n"
                     "{5}{6}\n  output {7}\n}}\n",
                     net.name, source.str(), batch, batch == 1 ? "" : "s", head, body, rest,
                     llvm::join(outputs, ", "));
}

llvm::Expected<std::string> cnnc::printGradient(ModuleOp module, const TypedNet &net,
                                                StringRef source) {
  return NetPrinter(module.lookupSymbol<func::FuncOp>("gradient"), net).print(source);
}

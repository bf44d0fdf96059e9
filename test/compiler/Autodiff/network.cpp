//===- network.cpp - A function as a network that runs --------------------===//

#include "test/compiler/Autodiff/Network.h"

#include "compiler/Codegen/Codegen.h"
#include "compiler/InitAll.h"
#include "compiler/Pipelines/Pipelines.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"

#include <algorithm>
#include <cstring>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

std::unique_ptr<MLIRContext> cnnc::test::makeContext() {
  DialectRegistry registry;
  registerDialects(registry);
  auto context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  context->allowUnregisteredDialects(); // check.*
  return context;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// A fixed sequence; seeds give different ones.
static uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u; // SplitMix64 (Steele et al. 2014)
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

/// The numbers 0 .. count-1 in an order that depends on `seed`.
static std::vector<size_t> shuffled(size_t count, uint64_t seed) {
  std::vector<size_t> order(count);
  for (size_t i = 0; i < count; ++i)
    order[i] = i;
  for (size_t i = count; i > 1; --i)
    std::swap(order[i - 1], order[mix(seed * 1000003 + i) % i]);
  return order;
}

/// Distinct numbers on a grid, at random places.
void Network::fill() {
  for (auto [seed, variable] : llvm::enumerate(variables)) {
    std::vector<double> &values = variable.data.values;
    std::vector<size_t> order = shuffled(values.size(), seed + 1);
    for (auto [i, value] : llvm::enumerate(values)) {
      double grid = (2.0 * double(order[i]) + 1) / double(values.size()) - 1; // in (-1, 1)
      if (variable.classes)
        value = double(mix(seed * 7919 + i) % uint64_t(variable.classes));
      else if (variable.value)
        value = *variable.value;
      else if (variable.isPositive)
        value = 1.25 + 0.75 * grid;
      else
        value = grid < 0 ? 0.9 * grid - 0.1 : 0.8 * grid + 0.1; // no sum of them is 0
    }
  }
}

void Network::fillWithIntegers() {
  for (auto [seed, variable] : llvm::enumerate(variables))
    for (auto [i, value] : llvm::enumerate(variable.data.values))
      if (!variable.classes && !variable.value) {
        uint64_t random = mix(seed * 104729 + i + 1);
        int64_t size = int64_t(random % 32) + 1;
        value = double(!variable.isPositive && random & 32 ? -size : size);
      }
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

void Network::addVariable(Variable variable) {
  variable.data = Tensor(variable.type.getShape());
  variables.push_back(std::move(variable));
}

void Network::declareArguments(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments()) {
    unsigned i = argument.getArgNumber();
    Variable variable;
    variable.name = "a" + std::to_string(i);
    variable.type = cast<RankedTensorType>(argument.getType());
    variable.isTrained =
        isa<FloatType>(variable.type.getElementType()) && !function.getArgAttr(i, "check.fixed");
    variable.isZero = bool(function.getArgAttr(i, "check.zero"));
    variable.isPositive = bool(function.getArgAttr(i, "check.positive"));
    if (auto value = function.getArgAttrOfType<FloatAttr>(i, "check.value"))
      variable.value = value.getValueAsDouble();
    if (auto classes = function.getArgAttrOfType<IntegerAttr>(i, "check.classes"))
      variable.classes = classes.getInt();
    addVariable(std::move(variable));
  }
}

void Network::declareProbes(ArrayRef<RankedTensorType> types, StringRef stem, bool trained) {
  for (auto [i, type] : llvm::enumerate(types)) {
    Variable probe;
    probe.name = (stem + llvm::Twine(i)).str();
    probe.type = type;
    probe.isProbe = true;
    probe.isTrained = trained;
    addVariable(std::move(probe));
  }
}

static SmallVector<Value> inlineBody(OpBuilder &builder, func::FuncOp function,
                                     ValueRange arguments) {
  IRMapping mapping;
  mapping.map(function.getArguments(), arguments.take_front(function.getNumArguments()));
  Block &block = function.getBody().front();
  for (Operation &op : block.without_terminator())
    builder.clone(op, mapping);
  return llvm::map_to_vector(block.getTerminator()->getOperands(),
                             [&](Value value) { return mapping.lookup(value); });
}

/// The sum over all elements of values * probes.
static Value sumOfProducts(OpBuilder &builder, Location loc, ValueRange values, ValueRange probes) {
  Value total;
  for (auto [value, probe] : llvm::zip_equal(values, probes)) {
    int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
    Value product = cnn::MulOp::create(builder, loc, value, probe);
    SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(rank));
    Value sum = cnn::ReduceSumOp::create(builder, loc, product, all);
    total = total ? cnn::AddOp::create(builder, loc, total, sum).getOutput() : sum;
  }
  return total;
}

void Network::buildFunction(OpBuilder &builder, StringRef name, Body body) {
  Location loc = builder.getUnknownLoc();
  // The batch is the first dimension of an input, so there must be one.
  SmallVector<Type> types{RankedTensorType::get({1}, builder.getI32Type())};
  for (const Variable &variable : variables)
    types.push_back(variable.type);
  auto function = func::FuncOp::create(builder, loc, name, builder.getFunctionType(types, {}));
  auto setPort = [&](unsigned i, StringRef role, StringRef port) {
    function.setArgAttr(i, cnn::kRoleAttr, builder.getStringAttr(role));
    function.setArgAttr(i, cnn::kNameAttr, builder.getStringAttr(port));
  };
  setPort(0, "input", "batch");
  for (auto [i, variable] : llvm::enumerate(variables))
    setPort(i + 1, "variable", variable.name);

  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(function.addEntryBlock());
  SmallVector<Value> results = body(builder, function.getArguments().drop_front());
  func::ReturnOp::create(builder, loc, results);
  function.setType(builder.getFunctionType(types, ValueRange(results).getTypes()));
  for (unsigned i = 0; i < results.size(); ++i) {
    bool isForward = name == "forward", isLoss = !isForward && i == 0;
    StringRef role = isForward ? "output" : isLoss ? "loss" : "gradient";
    function.setResultAttr(i, cnn::kRoleAttr, builder.getStringAttr(role));
    std::string port = isForward ? "y" + std::to_string(i) : isLoss ? "" : trained()[i - 1]->name;
    if (!isLoss)
      function.setResultAttr(i, cnn::kNameAttr, builder.getStringAttr(port));
  }
}

OwningOpRef<ModuleOp> Network::buildModule(func::FuncOp function, bool second) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(function.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  Location loc = function.getLoc();
  declareArguments(function);
  for (Type type : function.getResultTypes())
    outputTypes.push_back(cast<RankedTensorType>(type));
  // The gradient of a gradient is taken towards the probes of the first one too.
  size_t resultProbes = variables.size(), results = outputTypes.size();
  declareProbes(outputTypes, "r", second);
  firstOutputProbe = resultProbes;
  auto trainedOf = [&](ValueRange values, size_t count) {
    SmallVector<Value> chosen;
    for (auto [value, variable] : llvm::zip(values.take_front(count), variables))
      if (variable.isTrained)
        chosen.push_back(value);
    return chosen;
  };
  auto gradientsOf = [&](OpBuilder &b, Value loss, ArrayRef<Value> of) {
    auto op = cnn::GradientOp::create(b, loc, ValueRange(of).getTypes(), loss, of);
    return llvm::to_vector_of<Value>(op.getGradients());
  };
  // The outputs of forward, from the variables.
  auto outputs = [&](OpBuilder &b, ValueRange values) {
    SmallVector<Value> y = inlineBody(b, function, values);
    if (!second)
      return y;
    Value loss = sumOfProducts(b, loc, y, values.slice(resultProbes, results));
    return gradientsOf(b, loss, trainedOf(values, resultProbes));
  };
  if (second) {
    outputTypes.clear();
    for (const Variable &variable : variables)
      if (variable.isTrained && !variable.isProbe)
        outputTypes.push_back(variable.type);
    firstOutputProbe = variables.size();
    declareProbes(outputTypes, "s", /*trained=*/false);
  }

  for (const Variable &variable : variables) {
    auto role = variable.isTrained ? cnn::VariableRole::parameter : cnn::VariableRole::statistic;
    cnn::VariableOp::create(builder, loc, variable.name, role, variable.type, FloatAttr(),
                            FloatAttr(), FloatAttr(), /*blocks=*/{});
  }
  buildFunction(builder, "forward", outputs);
  buildFunction(builder, "gradient", [&](OpBuilder &b, ValueRange values) {
    Value loss = sumOfProducts(b, loc, outputs(b, values), values.drop_front(firstOutputProbe));
    SmallVector<Value> all{loss};
    llvm::append_range(all, gradientsOf(b, loss, trainedOf(values, variables.size())));
    return all;
  });
  return module;
}

//===----------------------------------------------------------------------===//
// Compiling and running
//===----------------------------------------------------------------------===//

llvm::Expected<Network> Network::compile(func::FuncOp function, bool second, bool optimized) {
  Network network;
  OwningOpRef<ModuleOp> module = network.buildModule(function, second);
  PassManager passes(function.getContext());
  buildPipeline(passes, Phase::LLVM, {.reference = !optimized, .prefix = "net"});
  if (failed(verify(*module)) || failed(passes.run(*module)))
    return llvm::createStringError("does not compile");
  // Each network runs a few times: compiling it is what takes the time.
  llvm::Expected<LoadedNetwork> loaded =
      LoadedNetwork::compile(*module, optimized ? Effort::Full : Effort::Quick);
  if (!loaded)
    return loaded.takeError();
  network.loaded = std::make_unique<LoadedNetwork>(std::move(*loaded));
  network.fill();
  return network;
}

namespace {
/// Bytes that start as zeros, aligned as the interface asks.
struct Memory {
  explicit Memory(uint64_t bytes)
      : data(std::aligned_alloc(CNNC_ALIGNMENT, (bytes / CNNC_ALIGNMENT + 1) * CNNC_ALIGNMENT)) {
    std::memset(data, 0, bytes);
  }
  Memory(Memory &&other) : data(std::exchange(other.data, nullptr)) {}
  ~Memory() { std::free(data); }
  void *data;
};
} // namespace

std::vector<char> Network::packParameters() const {
  const cnnc_model_info &info = loaded->info();
  std::vector<char> bytes(info.params_bytes);
  for (uint32_t i = 0; i < info.param_count; ++i) {
    const cnnc_tensor_info &place = info.params[i];
    const Variable &variable = *llvm::find_if(
        variables, [&](const Variable &candidate) { return candidate.name == place.name; });
    for (auto [j, value] : llvm::enumerate(variable.data.values)) {
      int32_t word = int32_t(value);
      int64_t number = int64_t(value);
      char *to = bytes.data() + place.offset;
      if (place.dtype == CNNC_F64)
        std::memcpy(to + j * sizeof value, &value, sizeof value);
      else if (place.dtype == CNNC_I64)
        std::memcpy(to + j * sizeof number, &number, sizeof number);
      else
        std::memcpy(to + j * sizeof word, &word, sizeof word);
    }
  }
  return bytes;
}

static std::vector<Tensor> unpack(ArrayRef<RankedTensorType> types, ArrayRef<Memory> buffers) {
  std::vector<Tensor> tensors;
  for (auto [type, buffer] : llvm::zip_equal(types, buffers)) {
    tensors.emplace_back(type.getShape());
    std::memcpy(tensors.back().values.data(), buffer.data,
                tensors.back().values.size() * sizeof(double));
  }
  return tensors;
}

static std::vector<Memory> buffersOf(ArrayRef<RankedTensorType> types,
                                     std::vector<void *> &pointers) {
  std::vector<Memory> buffers;
  for (RankedTensorType type : types) {
    buffers.emplace_back(type.getNumElements() * sizeof(double));
    pointers.push_back(buffers.back().data);
  }
  return buffers;
}

std::vector<Tensor> Network::forward() {
  const cnnc_model_info &info = loaded->info();
  std::vector<char> packed = packParameters();
  Memory params(packed.size()), workspace(info.workspace_bytes), batch(sizeof(int32_t));
  std::memcpy(params.data, packed.data(), packed.size());
  const void *inputs[] = {batch.data};
  std::vector<void *> pointers;
  std::vector<Memory> buffers = buffersOf(outputTypes, pointers);
  info.forward(params.data, inputs, pointers.data(), workspace.data);
  return unpack(outputTypes, buffers);
}

std::vector<Tensor> Network::gradients() {
  const cnnc_model_info &info = loaded->info();
  std::vector<char> packed = packParameters();
  Memory params(packed.size()), workspace(info.train_workspace_bytes), batch(sizeof(int32_t));
  Memory state(info.state_bytes);
  std::memcpy(params.data, packed.data(), packed.size());
  const void *inputs[] = {batch.data};
  std::vector<RankedTensorType> types;
  for (Variable *variable : trained())
    types.push_back(variable->type);
  std::vector<void *> pointers;
  std::vector<Memory> buffers = buffersOf(types, pointers);
  info.gradient(params.data, state.data, inputs, nullptr, pointers.data(), workspace.data);
  return unpack(types, buffers);
}

std::vector<Variable *> Network::trained() {
  std::vector<Variable *> chosen;
  for (Variable &variable : variables)
    if (variable.isTrained)
      chosen.push_back(&variable);
  return chosen;
}

std::vector<Tensor> Network::probes() {
  std::vector<Tensor> chosen;
  for (size_t i = firstOutputProbe; i < variables.size(); ++i)
    chosen.push_back(variables[i].data);
  return chosen;
}

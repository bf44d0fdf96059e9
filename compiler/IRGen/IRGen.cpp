//===- IRGen.cpp - From the typed syntax tree to the cnn dialect ----------===//

#include "compiler/IRGen/IRGen.h"
#include "compiler/IRGen/GraphBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace cnnc;

/// Slots of the optimizer are named by the parameter and one of these.
static constexpr StringLiteral kMomentumSlot = ".momentum", kFirstSlot = ".first",
                               kSecondSlot = ".second", kSquareSlot = ".square";

namespace {

/// A slot of the optimizer or a counter.
struct Slot {
  std::string name;
  RankedTensorType type;
};

/// What a function takes or gives, with the attributes of CnnDialect's table.
struct Port {
  Type type;
  StringRef role;
  std::string name;
  int64_t classes = 0;
};

class ModuleBuilder {
public:
  ModuleBuilder(MLIRContext &context, const TypedNet &net, const Sources &sources,
                const IRGenOptions &options)
      : builder(&context), net(net), locations(context, sources), options(options),
        element(options.doublePrecision ? Type(builder.getF64Type()) : builder.getF32Type()) {
    context.loadDialect<cnn::CnnDialect, func::FuncDialect, arith::ArithDialect>();
  }

  OwningOpRef<ModuleOp> build();

private:
  RankedTensorType perImage(const Shape &shape);
  RankedTensorType parameterType(const Parameter &parameter) const {
    return RankedTensorType::get(parameter.shape, element);
  }
  std::vector<Slot> slotsOf(const Parameter &parameter) const;
  void declareVariables();
  void declare(Location loc, StringRef name, cnn::VariableRole role, RankedTensorType type,
               std::optional<Initializer> init = {});

  std::vector<Port> inputPorts();
  std::vector<Port> targetPorts();
  std::vector<Port> variablePorts(bool withSlots) const;
  func::FuncOp createFunction(StringRef name, ArrayRef<Port> arguments);
  void finish(func::FuncOp function, ArrayRef<Port> ports, ArrayRef<Value> values);
  /// Feeds a function's arguments to the layers. Returns the targets.
  SmallVector<Value> bind(GraphBuilder &graph, func::FuncOp function, ArrayRef<Port> arguments);

  /// What the training functions take: inputs, targets, variables.
  std::vector<Port> trainingPorts(bool withSlots);
  /// The forward pass in training mode, and its loss.
  Value buildLoss(GraphBuilder &graph, func::FuncOp function, ArrayRef<Port> arguments);

  void buildForward();
  void buildProbedForward();
  void buildProbedGradient();
  void setCountersToZero(GraphBuilder &graph);
  void buildTrainStep();
  void finishGradient(GraphBuilder &graph, func::FuncOp function, Value loss, Location loc);
  void buildGradient();
  /// The values that options.valueProbes asks for, as further results.
  void probeValues(const GraphBuilder &graph, SmallVectorImpl<Port> &ports,
                   SmallVectorImpl<Value> &values);
  /// The learning rate of one parameter.
  Value rateOf(const Parameter &parameter, Location loc, Value rate);
  /// The new values of one parameter and its slots.
  SmallVector<Value> optimize(GraphBuilder &graph, const Parameter &parameter, Value gradient,
                              Value commonRate);

  OpBuilder builder;
  const TypedNet &net;
  Locations locations;
  const IRGenOptions &options;
  Type element;
  std::vector<Slot> counters;
};

} // namespace

RankedTensorType ModuleBuilder::perImage(const Shape &shape) {
  SmallVector<int64_t> sizes{options.batch};
  llvm::append_range(sizes, shape);
  return RankedTensorType::get(sizes, element);
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

std::vector<Slot> ModuleBuilder::slotsOf(const Parameter &parameter) const {
  const Optimizer &optimizer = net.train->optimizer;
  std::vector<Slot> slots;
  auto add = [&](StringRef suffix) {
    slots.push_back({parameter.name + suffix.str(), parameterType(parameter)});
  };
  switch (optimizer.kind) {
  case Optimizer::Adam:
  case Optimizer::AdamW:
    add(kFirstSlot);
    add(kSecondSlot);
    return slots;
  case Optimizer::RmsProp:
  case Optimizer::Adagrad:
    add(kSquareSlot);
    break;
  case Optimizer::Sgd:
    break;
  }
  if (optimizer.momentum != 0)
    add(kMomentumSlot);
  return slots;
}

void ModuleBuilder::declare(Location loc, StringRef name, cnn::VariableRole role,
                            RankedTensorType type, std::optional<Initializer> init) {
  auto variable =
      cnn::VariableOp::create(builder, loc, name, role, type, /*uniform=*/FloatAttr(),
                              /*normal=*/FloatAttr(), /*constant=*/FloatAttr(), /*blocks=*/{});
  // What is drawn from a distribution without width is 0, as is a constant that is absent.
  if (!init || init->value == 0)
    return;
  FloatAttr value = builder.getF64FloatAttr(init->value);
  switch (init->kind) {
  case Initializer::Constant:
    return variable.setConstantAttr(value);
  case Initializer::Uniform:
    return variable.setUniformAttr(value);
  case Initializer::Normal:
    return variable.setNormalAttr(value);
  }
}

static cnn::VariableRole roleOf(const Parameter &parameter) {
  if (parameter.isStatistic)
    return cnn::VariableRole::statistic;
  return parameter.trainable ? cnn::VariableRole::parameter : cnn::VariableRole::frozen;
}

void ModuleBuilder::declareVariables() {
  for (const Parameter &parameter : net.parameters)
    declare(locations.at(parameter.range, ""), parameter.name, roleOf(parameter),
            parameterType(parameter), parameter.init);
  if (!net.train || options.checks != CheckFunctions::None)
    return;
  auto counter = RankedTensorType::get({}, builder.getI64Type());
  counters.push_back({kStepSlot.str(), counter});
  if (usesRandomNumbers(net))
    counters.push_back({kSeedSlot.str(), counter});
  Location loc = locations.at(net.train->range, "");
  for (const Slot &slot : counters)
    declare(loc, slot.name, cnn::VariableRole::slot, slot.type);
  for (const Parameter &parameter : net.parameters)
    if (parameter.trainable)
      for (const Slot &slot : slotsOf(parameter))
        declare(loc, slot.name, cnn::VariableRole::slot, slot.type);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

std::vector<Port> ModuleBuilder::inputPorts() {
  std::vector<Port> ports;
  for (TensorId id : net.inputs) {
    const Tensor &tensor = net.tensors[id];
    RankedTensorType type = perImage(tensor.shape);
    if (tensor.classes > 0)
      type = type.clone(builder.getI32Type());
    ports.push_back({type, "input", tensor.name, tensor.classes});
  }
  return ports;
}

std::vector<Port> ModuleBuilder::targetPorts() {
  std::vector<Port> ports;
  for (const Target &target : net.train->targets) {
    RankedTensorType type = perImage(target.shape);
    if (target.classes > 0)
      type = type.clone(builder.getI32Type());
    ports.push_back({type, "target", target.name, target.classes});
  }
  return ports;
}

std::vector<Port> ModuleBuilder::variablePorts(bool withSlots) const {
  std::vector<Port> ports;
  for (const Parameter &parameter : net.parameters)
    ports.push_back({parameterType(parameter), "variable", parameter.name});
  if (!net.train)
    return ports;
  for (const Slot &slot : counters)
    ports.push_back({slot.type, "variable", slot.name});
  if (!withSlots)
    return ports;
  for (const Parameter &parameter : net.parameters)
    if (parameter.trainable)
      for (const Slot &slot : slotsOf(parameter))
        ports.push_back({slot.type, "variable", slot.name});
  return ports;
}

func::FuncOp ModuleBuilder::createFunction(StringRef name, ArrayRef<Port> arguments) {
  SmallVector<Type> types = llvm::map_to_vector(arguments, [](const Port &p) { return p.type; });
  auto function = func::FuncOp::create(builder, locations.at(net.range, net.name), name,
                                       builder.getFunctionType(types, {}));
  for (auto [i, port] : llvm::enumerate(arguments)) {
    function.setArgAttr(i, cnn::kRoleAttr, builder.getStringAttr(port.role));
    if (!port.name.empty())
      function.setArgAttr(i, cnn::kNameAttr, builder.getStringAttr(port.name));
    if (port.classes > 0)
      function.setArgAttr(i, cnn::kClassesAttr, builder.getI64IntegerAttr(port.classes));
  }
  function.addEntryBlock();
  return function;
}

void ModuleBuilder::finish(func::FuncOp function, ArrayRef<Port> ports, ArrayRef<Value> values) {
  func::ReturnOp::create(builder, function.getLoc(), values);
  SmallVector<Type> results = llvm::map_to_vector(values, [](Value v) { return v.getType(); });
  function.setType(builder.getFunctionType(function.getFunctionType().getInputs(), results));
  for (auto [i, port] : llvm::enumerate(ports)) {
    function.setResultAttr(i, cnn::kRoleAttr, builder.getStringAttr(port.role));
    if (!port.name.empty())
      function.setResultAttr(i, cnn::kNameAttr, builder.getStringAttr(port.name));
  }
}

SmallVector<Value> ModuleBuilder::bind(GraphBuilder &graph, func::FuncOp function,
                                       ArrayRef<Port> arguments) {
  SmallVector<Value> targets;
  unsigned inputs = 0;
  for (auto [port, argument] : llvm::zip_equal(arguments, function.getArguments())) {
    if (port.role == "input")
      graph.setTensor(net.inputs[inputs++], argument);
    else if (port.role == "target")
      targets.push_back(argument);
    else if (port.role == "variable")
      graph.setVariable(port.name, argument);
  }
  return targets;
}

void ModuleBuilder::buildForward() {
  std::vector<Port> arguments = inputPorts();
  for (const Parameter &parameter : net.parameters)
    arguments.push_back({parameterType(parameter), "variable", parameter.name});
  func::FuncOp function = createFunction("forward", arguments);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&function.getBody().front());
  GraphBuilder graph(builder, net, locations, GraphBuilder::Inference, options.batch, element);
  bind(graph, function, arguments);
  graph.build();
  SmallVector<Port> ports;
  SmallVector<Value> values;
  for (auto [id, name] : llvm::zip_equal(net.outputs, net.outputNames)) {
    values.push_back(graph.tensor(id));
    ports.push_back({values.back().getType(), "output", name});
  }
  probeValues(graph, ports, values);
  finish(function, ports, values);
}

void ModuleBuilder::probeValues(const GraphBuilder &graph, SmallVectorImpl<Port> &ports,
                                SmallVectorImpl<Value> &values) {
  for (TensorId id : options.valueProbes) {
    values.push_back(graph.tensor(id));
    ports.push_back({values.back().getType(), "probe", ""});
  }
}

Value ModuleBuilder::rateOf(const Parameter &parameter, Location loc, Value rate) {
  if (parameter.rate == 1)
    return rate;
  return cnn::ScaleOp::create(builder, loc, rate, parameter.rate);
}

SmallVector<Value> ModuleBuilder::optimize(GraphBuilder &graph, const Parameter &parameter,
                                           Value gradient, Value commonRate) {
  const Optimizer &optimizer = net.train->optimizer;
  Location loc = gradient.getLoc();
  Value value = graph.variable(parameter.name), rate = rateOf(parameter, loc, commonRate);
  Type type = value.getType();
  auto slot = [&](StringRef suffix) { return graph.variable(parameter.name + suffix.str()); };
  auto results = [](auto step) { return llvm::to_vector_of<Value>(step->getResults()); };
  APFloat decay(optimizer.decay), epsilon(optimizer.epsilon), momentum(optimizer.momentum);
  APFloat alpha(optimizer.alpha);
  switch (optimizer.kind) {
  case Optimizer::Adam:
  case Optimizer::AdamW:
    return results(cnn::AdamOp::create(
        builder, loc, type, type, type, value, gradient, slot(kFirstSlot), slot(kSecondSlot), rate,
        graph.variable(kStepSlot), APFloat(optimizer.beta1), APFloat(optimizer.beta2), epsilon,
        decay, /*decoupled=*/optimizer.kind == Optimizer::AdamW));
  case Optimizer::RmsProp:
    if (optimizer.momentum == 0)
      return results(cnn::RmsPropOp::create(builder, loc, type, type, value, gradient,
                                            slot(kSquareSlot), rate, alpha, epsilon, decay));
    return results(cnn::RmsPropMomentumOp::create(builder, loc, type, type, type, value, gradient,
                                                  slot(kSquareSlot), slot(kMomentumSlot), rate,
                                                  alpha, epsilon, momentum, decay));
  case Optimizer::Adagrad:
    return results(cnn::AdagradOp::create(builder, loc, type, type, value, gradient,
                                          slot(kSquareSlot), rate, epsilon, decay));
  case Optimizer::Sgd:
    break;
  }
  if (optimizer.momentum == 0)
    return results(cnn::SgdOp::create(builder, loc, type, value, gradient, rate, decay));
  return results(cnn::MomentumOp::create(builder, loc, type, type, value, gradient,
                                         slot(kMomentumSlot), rate, momentum, decay,
                                         optimizer.nesterov));
}

std::vector<Port> ModuleBuilder::trainingPorts(bool withSlots) {
  std::vector<Port> ports = inputPorts();
  llvm::append_range(ports, targetPorts());
  llvm::append_range(ports, variablePorts(withSlots));
  return ports;
}

Value ModuleBuilder::buildLoss(GraphBuilder &graph, func::FuncOp function,
                               ArrayRef<Port> arguments) {
  SmallVector<Value> targets = bind(graph, function, arguments);
  graph.build();
  return graph.loss(targets);
}

void ModuleBuilder::buildTrainStep() {
  std::vector<Port> arguments = trainingPorts(/*withSlots=*/true);
  arguments.push_back({RankedTensorType::get({}, builder.getF32Type()), "learning_rate", ""});
  func::FuncOp function = createFunction("train_step", arguments);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&function.getBody().front());
  GraphBuilder graph(builder, net, locations, GraphBuilder::Training, options.batch, element);
  Value loss = buildLoss(graph, function, arguments);

  SmallVector<Value> parameters;
  for (const Parameter &parameter : net.parameters)
    if (parameter.trainable)
      parameters.push_back(graph.variable(parameter.name));
  Location loc = locations.at(net.train->range, "train");
  auto gradient =
      cnn::GradientOp::create(builder, loc, ValueRange(parameters).getTypes(), loss, parameters);

  SmallVector<Port> ports{{loss.getType(), "loss", ""}};
  SmallVector<Value> values{loss};
  auto update = [&](Value value, StringRef name) {
    values.push_back(value);
    ports.push_back({value.getType(), "update", name.str()});
  };
  unsigned number = 0;
  for (const Parameter &parameter : net.parameters) {
    if (!parameter.trainable)
      continue;
    SmallVector<Value> fresh = optimize(graph, parameter, gradient.getGradients()[number++],
                                        function.getArguments().back());
    update(fresh[0], parameter.name);
    for (auto [slot, value] : llvm::zip_equal(slotsOf(parameter), ArrayRef(fresh).drop_front()))
      update(value, slot.name);
  }
  for (auto [id, value] : graph.updates())
    update(value, net.parameters[id].name);
  Value step = graph.variable(kStepSlot);
  update(cnn::IncrementOp::create(builder, loc, step.getType(), step), kStepSlot);
  finish(function, ports, values);
}

/// Returns the loss and its gradients towards trained parameters and inputs.
void ModuleBuilder::finishGradient(GraphBuilder &graph, func::FuncOp function, Value loss,
                                   Location loc) {
  SmallVector<Value> wanted;
  SmallVector<Port> ports{{loss.getType(), "loss", ""}};
  auto want = [&](Value value, std::string name) {
    wanted.push_back(value);
    ports.push_back({value.getType(), "gradient", std::move(name)});
  };
  for (const Parameter &parameter : net.parameters)
    if (parameter.trainable)
      want(graph.variable(parameter.name), parameter.name);
  for (TensorId id : net.inputs)
    if (net.tensors[id].classes == 0)
      want(graph.tensor(id), "input." + net.tensors[id].name);
  for (TensorId id : options.gradientProbes)
    wanted.push_back(graph.tensor(id));
  auto gradient =
      cnn::GradientOp::create(builder, loc, ValueRange(wanted).getTypes(), loss, wanted);
  SmallVector<Value> values{loss};
  ResultRange gradients = gradient.getGradients();
  size_t named = ports.size() - values.size();
  llvm::append_range(values, gradients.take_front(named));
  probeValues(graph, ports, values);
  for (Value probe : gradients.drop_front(named)) {
    values.push_back(probe);
    ports.push_back({probe.getType(), "probe", ""});
  }
  finish(function, ports, values);
}

void ModuleBuilder::buildGradient() {
  std::vector<Port> arguments = trainingPorts(/*withSlots=*/false);
  func::FuncOp function = createFunction("gradient", arguments);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&function.getBody().front());
  GraphBuilder graph(builder, net, locations, GraphBuilder::Training, options.batch, element);
  Value loss = buildLoss(graph, function, arguments);

  finishGradient(graph, function, loss, locations.at(net.train->range, "train"));
}

//===----------------------------------------------------------------------===//
// Probes: what checks of gradients run
//===----------------------------------------------------------------------===//

void ModuleBuilder::setCountersToZero(GraphBuilder &graph) {
  auto counter = RankedTensorType::get({}, builder.getI64Type());
  auto zeros = DenseElementsAttr::get(counter, builder.getI64IntegerAttr(0).getValue());
  for (StringRef slot : {kStepSlot, kSeedSlot})
    graph.setVariable(slot,
                      arith::ConstantOp::create(builder, locations.at(net.range, net.name), zeros));
}

void ModuleBuilder::buildProbedForward() {
  std::vector<Port> arguments = inputPorts();
  size_t targetsFrom = arguments.size();
  // `forward` has no targets, so they come as further inputs.
  bool givesLoss = options.checks == CheckFunctions::Loss;
  if (givesLoss)
    for (Port port : targetPorts())
      arguments.push_back({port.type, "input", port.name});
  for (const Parameter &parameter : net.parameters)
    arguments.push_back({parameterType(parameter), "variable", parameter.name});
  func::FuncOp function = createFunction("forward", arguments);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&function.getBody().front());
  GraphBuilder graph(builder, net, locations, GraphBuilder::Training, options.batch, element);
  setCountersToZero(graph);
  SmallVector<Value> targets;
  for (auto [i, argument] : llvm::enumerate(function.getArguments())) {
    if (i < targetsFrom)
      graph.setTensor(net.inputs[i], argument);
    else if (arguments[i].role == "input")
      targets.push_back(argument);
    else
      graph.setVariable(arguments[i].name, argument);
  }
  graph.build();
  SmallVector<Port> ports;
  SmallVector<Value> values;
  auto give = [&](Value value, std::string name) {
    values.push_back(value);
    ports.push_back({value.getType(), "output", std::move(name)});
  };
  if (givesLoss)
    give(graph.loss(targets), "loss");
  else
    for (auto [id, name] : llvm::zip_equal(net.outputs, net.outputNames))
      give(graph.tensor(id), name);
  finish(function, ports, values);
}

void ModuleBuilder::buildProbedGradient() {
  std::vector<Port> arguments = inputPorts();
  for (auto [id, name] : llvm::zip_equal(net.outputs, net.outputNames))
    arguments.push_back({perImage(net.tensors[id].shape), "target", "probe." + name});
  for (const Parameter &parameter : net.parameters)
    arguments.push_back({parameterType(parameter), "variable", parameter.name});
  func::FuncOp function = createFunction("gradient", arguments);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&function.getBody().front());
  GraphBuilder graph(builder, net, locations, GraphBuilder::Training, options.batch, element);
  setCountersToZero(graph);
  SmallVector<Value> probes = bind(graph, function, arguments);
  graph.build();
  Location loc = locations.at(net.range, net.name);
  Value total;
  for (auto [id, probe] : llvm::zip_equal(net.outputs, probes)) {
    Value product = cnn::MulOp::create(builder, loc, graph.tensor(id), probe);
    SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(shapeOf(product).size()));
    Value sum = cnn::ReduceSumOp::create(builder, loc, product, all);
    total = total ? cnn::AddOp::create(builder, loc, total, sum).getOutput() : sum;
  }
  finishGradient(graph, function, total, loc);
}

OwningOpRef<ModuleOp> ModuleBuilder::build() {
  OwningOpRef<ModuleOp> module =
      ModuleOp::create(locations.at(net.range, net.name), StringRef(net.name));
  builder.setInsertionPointToEnd(module->getBody());
  declareVariables();
  if (options.checks != CheckFunctions::None) {
    buildProbedForward();
    if (options.checks == CheckFunctions::Outputs)
      buildProbedGradient();
    return module;
  }
  if (options.forward)
    buildForward();
  if (net.train && options.trainStep)
    buildTrainStep();
  if (net.train && options.gradient)
    buildGradient();
  return module;
}

OwningOpRef<ModuleOp> cnnc::generateIR(MLIRContext &context, const TypedNet &net,
                                       const Sources &sources, const IRGenOptions &options) {
  return ModuleBuilder(context, net, sources, options).build();
}

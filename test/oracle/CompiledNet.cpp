//===- CompiledNet.cpp - A network through the compiler -------------------===//

#include "test/oracle/CompiledNet.h"

#include "compiler/IRGen/IRGen.h"
#include "compiler/IRGen/NetPrinter.h"
#include "compiler/Pipelines/Pipelines.h"
#include "runtime/embedded/Storage.h"
#include "test/oracle/RandomSchedules.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include <cstdlib>
#include <cstring>

using namespace cnnc;
using namespace cnnc::oracle;

llvm::Expected<CompiledNet> CompiledNet::compile(mlir::MLIRContext &context, const TypedNet &net,
                                                 const Sources &sources, Way way) {
  std::string complaint;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    complaint += diagnostic.str() + "\n";
    return mlir::success();
  });
  IRGenOptions irgen{.batch = net.train ? net.train->batch : net.batch.value_or(1),
                     .doublePrecision = way.doublePrecision};
  irgen.forward = way.forward;
  irgen.trainStep = way.trainStep;
  irgen.gradient = way.gradient && net.train;
  mlir::OwningOpRef<mlir::ModuleOp> module = generateIR(context, net, sources, irgen);
  mlir::PassManager passes(&context);
  PipelineOptions pipeline{
      .reference = way.reference, .prefix = "net", .machine = hostMachine(), .layout = way.layout};
  if (way.layout != "auto")
    pipeline.fewestChannels = 1;
  if (way.schedules) {
    mlir::OwningOpRef<mlir::ModuleOp> tiled = module->clone();
    mlir::PassManager untilTiling(&context);
    buildPipeline(untilTiling, Phase::Tiling, pipeline);
    if (failed(untilTiling.run(*tiled)))
      return llvm::createStringError("is not tiled: " + complaint);
    pipeline.schedules = {"drawn", randomSchedules(*tiled, *way.schedules)};
  }
  buildPipeline(passes, Phase::LLVM, pipeline);
  if (failed(mlir::verify(*module)) || failed(passes.run(*module)))
    return llvm::createStringError("does not compile: " + complaint);
  llvm::Expected<LoadedNetwork> loaded = LoadedNetwork::compile(*module, way.effort);
  if (!loaded)
    return loaded.takeError();
  CompiledNet compiled(net, std::move(*loaded));
  if (pipeline.schedules)
    compiled.drawnSchedules = uint64_t(llvm::count(pipeline.schedules->text, '\n'));
  return compiled;
}

llvm::Expected<std::string> CompiledNet::printGradient(mlir::MLIRContext &context,
                                                       const TypedNet &net,
                                                       const Sources &sources) {
  IRGenOptions irgen{.batch = net.train->batch};
  irgen.forward = irgen.trainStep = false;
  irgen.gradient = true;
  mlir::OwningOpRef<mlir::ModuleOp> module = generateIR(context, net, sources, irgen);
  mlir::PassManager passes(&context);
  buildPipeline(passes, Phase::Autodiff, {});
  if (failed(passes.run(*module)))
    return llvm::createStringError("is not differentiated");
  return cnnc::printGradient(*module, net, "random.cnn");
}

//===----------------------------------------------------------------------===//
// Memory as the interface asks for it
//===----------------------------------------------------------------------===//

namespace {

/// Aligned bytes. They start as a pattern that no result looks like, so that what a
/// function does not write is found.
struct Memory {
  explicit Memory(uint64_t bytes)
      : data(std::aligned_alloc(CNNC_ALIGNMENT, (bytes / CNNC_ALIGNMENT + 1) * CNNC_ALIGNMENT)) {
    constexpr int pattern = 0x7A;
    std::memset(data, pattern, (bytes / CNNC_ALIGNMENT + 1) * CNNC_ALIGNMENT);
  }
  Memory(Memory &&other) : data(std::exchange(other.data, nullptr)) {}
  ~Memory() { std::free(data); }
  char *at(uint64_t offset) const { return static_cast<char *>(data) + offset; }
  void *data;
};

/// Several buffers and the array of pointers to them.
struct Buffers {
  std::vector<Memory> memory;
  std::vector<void *> pointers;

  Memory &add(uint64_t bytes) {
    memory.emplace_back(bytes);
    pointers.push_back(memory.back().data);
    return memory.back();
  }
  const void *const *inputs() const { return const_cast<const void *const *>(pointers.data()); }
};

} // namespace

template <typename T> static void storeAs(const std::vector<double> &values, char *to) {
  for (size_t i = 0; i < values.size(); ++i) {
    T value = T(values[i]);
    std::memcpy(to + i * sizeof value, &value, sizeof value);
  }
}

static void store(const Array &array, uint32_t dtype, char *to) {
  if (dtype == CNNC_F64)
    storeAs<double>(array.values, to);
  else if (dtype == CNNC_I32)
    storeAs<int32_t>(array.values, to);
  else
    storeAs<float>(array.values, to);
}

static Array load(const Shape &shape, uint32_t dtype, const char *from) {
  Array array(shape);
  for (size_t i = 0; i < array.values.size(); ++i) {
    float narrow;
    std::memcpy(&narrow, from + i * sizeof narrow, sizeof narrow);
    array.values[i] = narrow;
    if (dtype == CNNC_F64)
      std::memcpy(&array.values[i], from + i * sizeof(double), sizeof(double));
  }
  return array;
}

static Buffers storeAll(const std::vector<Array> &arrays, const cnnc_tensor_info *infos) {
  Buffers buffers;
  for (size_t i = 0; i < arrays.size(); ++i)
    store(arrays[i], infos[i].dtype, buffers.add(infos[i].bytes).at(0));
  return buffers;
}

/// `params` of the network. Its table lists them as the net does.
static Memory storeParameters(const cnnc_model_info &info, const NetData &data) {
  Memory params(info.params_bytes);
  for (uint32_t i = 0; i < info.param_count; ++i) {
    Memory elements(info.params[i].bytes);
    store(data.parameters[i], info.params[i].dtype, elements.at(0));
    cnnc_store_tensor(&info.params[i], params.data, elements.data);
  }
  return params;
}

/// The state before the step that `data` names; the optimizer's slots are 0.
static Memory storeState(const cnnc_model_info &info, const NetData &data) {
  Memory state(info.state_bytes);
  std::memset(state.data, 0, info.state_bytes);
  for (uint32_t i = 0; i < info.state_count; ++i) {
    std::string_view name = info.state[i].name;
    if (name == "step" || name == "seed")
      std::memcpy(state.at(info.state[i].offset), name == "step" ? &data.step : &data.seed,
                  sizeof data.step);
  }
  return state;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

std::vector<Array> CompiledNet::infer(const NetData &data) {
  const cnnc_model_info &info = loaded.info();
  Memory params = storeParameters(info, data), workspace(info.workspace_bytes);
  Buffers inputs = storeAll(data.inputs, info.inputs), outputs;
  for (uint32_t i = 0; i < info.output_count; ++i)
    outputs.add(info.outputs[i].bytes);
  info.forward(params.data, inputs.inputs(), outputs.pointers.data(), workspace.data);
  std::vector<Array> result;
  for (uint32_t i = 0; i < info.output_count; ++i) {
    const cnnc_tensor_info &output = info.outputs[i];
    result.push_back(load(Shape(output.shape, output.shape + output.rank), output.dtype,
                          outputs.memory[i].at(0)));
  }
  return result;
}

CompiledGradients CompiledNet::gradients(const NetData &data) {
  const cnnc_model_info &info = loaded.info();
  Memory params = storeParameters(info, data), workspace(info.train_workspace_bytes);
  Memory state = storeState(info, data);
  Buffers inputs = storeAll(data.inputs, info.inputs),
          targets = storeAll(data.targets, info.targets), outputs;
  for (uint32_t i = 0; i < info.param_count; ++i)
    if (net.parameters[i].trainable)
      outputs.add(info.params[i].bytes);
  for (uint32_t i = 0; i < info.input_count; ++i)
    outputs.add(info.inputs[i].bytes);
  CompiledGradients result;
  result.loss = info.gradient(params.data, state.data, inputs.inputs(), targets.inputs(),
                              outputs.pointers.data(), workspace.data);
  size_t next = 0;
  for (uint32_t i = 0; i < info.param_count; ++i)
    result.parameters.push_back(
        net.parameters[i].trainable
            ? load(net.parameters[i].shape, info.params[i].dtype, outputs.memory[next++].at(0))
            : Array(Shape{0}));
  for (uint32_t i = 0; i < info.input_count; ++i)
    result.inputs.push_back(
        load(data.inputs[i].shape, info.inputs[i].dtype, outputs.memory[next++].at(0)));
  return result;
}

std::vector<Array> CompiledNet::step(const NetData &data, float rate) {
  NetData after = data;
  train(after, rate, 1);
  return after.parameters;
}

std::vector<double> CompiledNet::train(NetData &data, float rate, int64_t steps) {
  const cnnc_model_info &info = loaded.info();
  Memory params = storeParameters(info, data), workspace(info.train_workspace_bytes);
  Memory state = storeState(info, data);
  Buffers inputs = storeAll(data.inputs, info.inputs),
          targets = storeAll(data.targets, info.targets);
  std::vector<double> losses;
  for (int64_t i = 0; i < steps; ++i)
    losses.push_back(info.train_step(params.data, state.data, inputs.inputs(), targets.inputs(),
                                     rate, workspace.data));
  for (uint32_t i = 0; i < info.param_count; ++i) {
    Memory elements(info.params[i].bytes);
    cnnc_fetch_tensor(&info.params[i], params.data, elements.data);
    data.parameters[i] = load(net.parameters[i].shape, info.params[i].dtype, elements.at(0));
  }
  return losses;
}

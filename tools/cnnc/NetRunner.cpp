//===- NetRunner.cpp - A network compiled in some way, and its values -----===//

#include "tools/cnnc/NetRunner.h"
#include "compiler/InitAll.h"
#include "runtime/embedded/Storage.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <functional>
#include <numeric>

using namespace cnnc;

llvm::StringRef cnnc::entryName(Entry entry) {
  switch (entry) {
  case Entry::Forward:
    return "forward";
  case Entry::Gradient:
    return "gradient";
  case Entry::TrainStep:
    return "train_step";
  }
  return "";
}

size_t ComputedTensor::size() const {
  return size_t(std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>()));
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

namespace {

/// Takes text and keeps its hash only: the code of a large network is long.
class HashStream final : public llvm::raw_ostream {
public:
  ~HashStream() override { flush(); }
  std::string finish() {
    flush();
    auto digest = hash.final();
    return std::string(digest.begin(), digest.end());
  }

private:
  void write_impl(const char *text, size_t size) override {
    hash.update(llvm::StringRef(text, size));
    position += size;
  }
  uint64_t current_pos() const override { return position; }

  llvm::SHA256 hash;
  uint64_t position = 0;
};

} // namespace

Result<LoweredNet> LoweredNet::lower(const TypedNet &net, const Sources &sources,
                                     const IRGenOptions &irgen, const PipelineOptions &pipeline) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  LoweredNet lowered;
  lowered.context = std::make_unique<mlir::MLIRContext>(registry);
  std::string complaint;
  mlir::ScopedDiagnosticHandler handler(lowered.context.get(), [&](mlir::Diagnostic &diagnostic) {
    llvm::raw_string_ostream stream(complaint);
    stream << (complaint.empty() ? "" : "\n") << diagnostic.getLocation() << ": " << diagnostic;
    return mlir::success();
  });
  lowered.module = generateIR(*lowered.context, net, sources, irgen);
  mlir::PassManager passes(lowered.context.get());
  passes.enableVerifier(false); // the pipeline does it, once a phase
  PipelineOptions forHost(pipeline);
  forHost.machine = hostMachine();
  buildPipeline(passes, Phase::LLVM, forHost);
  if (failed(mlir::verify(*lowered.module)) || failed(passes.run(*lowered.module)))
    return fail(Exit::Internal, "internal error: {}", complaint);
  HashStream hash;
  lowered.module->print(hash);
  lowered.code = hash.finish();
  return lowered;
}

Result<RunnableNet> LoweredNet::generate(Effort effort, ObjectCache *cache) const {
  auto load = [&]() -> llvm::Expected<RunnableNet> {
    llvm::Expected<TargetInfo> target = findTarget("native");
    if (!target)
      return target.takeError();
    llvm::Expected<CompiledNetwork> compiled = compileNetwork(*module, *target, effort, cache);
    if (!compiled)
      return compiled.takeError();
    llvm::Expected<LoadedNetwork> loaded = LoadedNetwork::load(*compiled);
    if (!loaded)
      return loaded.takeError();
    return RunnableNet(std::move(compiled->model), std::move(*loaded));
  };
  llvm::Expected<RunnableNet> runnable = load();
  if (!runnable)
    return fail(Exit::Internal, "internal error: {}", llvm::toString(runnable.takeError()));
  return std::move(*runnable);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

namespace {

/// The memory of one call.
class Call {
public:
  Call(const cnnc_model_info &info, const ModelDescription &model, const TypedNet &net,
       const NetData &data)
      : info(info), model(model), net(net), data(data) {}

  Result<ComputedTensors> run(Entry entry);

private:
  /// Zeroed memory that lives as long as the call. After a failure `status` says why, and
  /// nothing runs.
  Buffer allocate(uint64_t bytes);
  void *keep(Buffer buffer) { return kept.emplace_back(std::move(buffer)).data(); }
  void *blob(const cnnc_tensor_info *table, uint32_t count, uint64_t bytes,
             const std::vector<NetData::Values> &values);
  std::vector<const void *> give(const cnnc_tensor_info *table, uint32_t count,
                                 const std::vector<NetData::Values> &values);
  void expect(ComputedTensor::Kind kind, std::string name, uint32_t number,
              const cnnc_tensor_info &like);
  void expectProbes(const std::vector<TensorDescription> &probes);
  std::vector<void *> destinations();

  void forward();
  void gradient();
  void trainStep();
  void takeOut(ComputedTensor::Kind kind, uint32_t number, const cnnc_tensor_info &tensor,
               const void *blob);
  void addLoss(std::string name, double loss, cnnc_dtype dtype);

  const cnnc_model_info &info;
  const ModelDescription &model;
  const TypedNet &net;
  const NetData &data;
  std::vector<Buffer> kept;
  ComputedTensors results;
  Status status;
};

Buffer Call::allocate(uint64_t bytes) {
  Result<Buffer> buffer = Buffer::allocate(bytes);
  if (buffer)
    return std::move(*buffer);
  status = buffer.status();
  return Buffer();
}

/// `params` or `state`.
void *Call::blob(const cnnc_tensor_info *table, uint32_t count, uint64_t bytes,
                 const std::vector<NetData::Values> &values) {
  void *memory = keep(allocate(bytes));
  for (uint32_t i = 0; memory && i < count && i < values.size(); ++i) {
    std::vector<char> elements(table[i].bytes);
    store(values[i], table[i].dtype, elements.data());
    cnnc_store_tensor(&table[i], memory, elements.data());
  }
  return memory;
}

std::vector<const void *> Call::give(const cnnc_tensor_info *table, uint32_t count,
                                     const std::vector<NetData::Values> &values) {
  std::vector<const void *> pointers;
  for (uint32_t i = 0; i < count; ++i) {
    void *memory = keep(allocate(table[i].bytes));
    if (memory)
      store(values[i], table[i].dtype, memory);
    pointers.push_back(memory);
  }
  return pointers;
}

void Call::expect(ComputedTensor::Kind kind, std::string name, uint32_t number,
                  const cnnc_tensor_info &like) {
  results.push_back({kind, std::move(name), number,
                     std::vector<int64_t>(like.shape, like.shape + like.rank), like.dtype,
                     allocate(like.bytes)});
}

void Call::expectProbes(const std::vector<TensorDescription> &probes) {
  uint32_t number = 0;
  for (const TensorDescription &probe : probes)
    results.push_back(
        {ComputedTensor::Probe, "", number++, probe.shape, probe.dtype, allocate(probe.bytes)});
}

std::vector<void *> Call::destinations() {
  std::vector<void *> pointers;
  for (ComputedTensor &tensor : results)
    pointers.push_back(tensor.values.data());
  return pointers;
}

/// In front: it comes before what is derived from it.
void Call::addLoss(std::string name, double loss, cnnc_dtype dtype) {
  ComputedTensor tensor{ComputedTensor::Loss, std::move(name), 0, {}, dtype, allocate(sizeof loss)};
  if (!status.ok())
    return;
  if (dtype == CNNC_F64)
    *tensor.values.as<double>() = loss;
  else
    *tensor.values.as<float>() = float(loss);
  results.insert(results.begin(), std::move(tensor));
}

void Call::forward() {
  for (uint32_t i = 0; i < info.output_count; ++i)
    expect(ComputedTensor::Output, std::string("output ") + info.outputs[i].name, i,
           info.outputs[i]);
  expectProbes(model.forwardProbes);
  void *params = blob(info.params, info.param_count, info.params_bytes, data.parameters);
  std::vector<const void *> inputs = give(info.inputs, info.input_count, data.inputs);
  void *workspace = keep(allocate(info.workspace_bytes));
  if (status.ok())
    info.forward(params, inputs.data(), destinations().data(), workspace);
}

void Call::gradient() {
  for (uint32_t i = 0; i < info.param_count; ++i)
    if (info.params[i].role == CNNC_ROLE_PARAMETER)
      expect(ComputedTensor::ParameterGradient, "gradient of " + net.parameters[i].name, i,
             info.params[i]);
  for (uint32_t i = 0; i < info.input_count; ++i)
    expect(ComputedTensor::InputGradient, std::string("gradient of ") + info.inputs[i].name, i,
           info.inputs[i]);
  expectProbes(model.gradientProbes);
  void *params = blob(info.params, info.param_count, info.params_bytes, data.parameters);
  void *state = blob(info.state, info.state_count, info.state_bytes, data.state);
  std::vector<const void *> inputs = give(info.inputs, info.input_count, data.inputs);
  std::vector<const void *> targets = give(info.targets, info.target_count, data.targets);
  void *workspace = keep(allocate(info.train_workspace_bytes));
  if (!status.ok())
    return;
  double loss =
      info.gradient(params, state, inputs.data(), targets.data(), destinations().data(), workspace);
  addLoss("loss", loss, info.inputs[0].dtype);
}

/// Copies a tensor of a blob.
void Call::takeOut(ComputedTensor::Kind kind, uint32_t number, const cnnc_tensor_info &tensor,
                   const void *blob) {
  expect(kind, tensor.name + std::string(" after a step"), number, tensor);
  if (status.ok())
    cnnc_fetch_tensor(&tensor, blob, results.back().values.data());
}

void Call::trainStep() {
  void *params = blob(info.params, info.param_count, info.params_bytes, data.parameters);
  void *state = blob(info.state, info.state_count, info.state_bytes, data.state);
  std::vector<const void *> inputs = give(info.inputs, info.input_count, data.inputs);
  std::vector<const void *> targets = give(info.targets, info.target_count, data.targets);
  void *workspace = keep(allocate(info.train_workspace_bytes));
  if (!status.ok())
    return;
  // A step that is as large as its gradient shows what the gradient was.
  constexpr float rate = 1;
  float loss = info.train_step(params, state, inputs.data(), targets.data(), rate, workspace);
  for (uint32_t i = 0; i < info.param_count; ++i) {
    takeOut(ComputedTensor::NewParameter, i, info.params[i], params);
    results.back().before = &data.parameters[i];
  }
  for (uint32_t i = 0; i < info.state_count; ++i)
    takeOut(ComputedTensor::NewSlot,
            parameterOfSlot(net, info.state[i].name).value_or(net.parameters.size()), info.state[i],
            state);
  addLoss("loss of a step", loss, CNNC_F32);
}

Result<ComputedTensors> Call::run(Entry entry) {
  switch (entry) {
  case Entry::Forward:
    forward();
    break;
  case Entry::Gradient:
    gradient();
    break;
  case Entry::TrainStep:
    trainStep();
    break;
  }
  if (!status.ok())
    return status;
  return std::move(results);
}

} // namespace

Result<ComputedTensors> RunnableNet::run(Entry entry, const TypedNet &net,
                                         const NetData &data) const {
  return Call(info(), model, net, data).run(entry);
}

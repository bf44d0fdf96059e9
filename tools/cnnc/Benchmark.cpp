//===- Benchmark.cpp - How long a network takes ---------------------------===//

#include "tools/cnnc/Benchmark.h"
#include "runtime/Buffer.h"
#include "tools/cnnc/NetData.h"
#include "tools/cnnc/NetRows.h"
#include "tools/cnnc/Threads.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

using namespace cnnc;

using Clock = std::chrono::steady_clock;

/// A median of fewer is noise; more time than this makes no better one.
static constexpr size_t kLeastRuns = 7, kWarmUpRuns = 2;
static constexpr double kSeconds = 2;
static constexpr uint64_t kSeed = 1;

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

static double medianOf(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

//===----------------------------------------------------------------------===//
// A network with memory and data
//===----------------------------------------------------------------------===//

namespace {

class BenchedNet {
public:
  static Result<std::unique_ptr<BenchedNet>> create(const ParsedNet &parsed, const BenchSpec &spec,
                                                    ThreadPool &pool);
  /// One inference or one step.
  void call();
  /// Calls until there are enough times; `afterEach` is called after each that counts.
  std::vector<double> time(llvm::function_ref<void()> afterEach);

  const ModelDescription &model() const { return code.model; }
  const LoadedNetwork &network() const { return loaded; }
  const BenchSpec &spec;
  double compileSeconds = 0;

private:
  BenchedNet(const BenchSpec &spec, CompiledNetwork code, LoadedNetwork loaded)
      : spec(spec), code(std::move(code)), loaded(std::move(loaded)) {}
  Status allocate(const TypedNet &net);
  /// Adds a buffer for each row, with `values` in it where they are given.
  Status give(const cnnc_tensor_info *table, uint32_t count,
              const std::vector<NetData::Values> &values, std::vector<void *> &pointers);

  CompiledNetwork code;
  LoadedNetwork loaded;
  Buffer params, state, workspace;
  std::vector<Buffer> buffers;
  std::vector<void *> inputs, targets, outputs;
};

} // namespace

Result<std::unique_ptr<BenchedNet>> BenchedNet::create(const ParsedNet &parsed,
                                                       const BenchSpec &spec, ThreadPool &pool) {
  Clock::time_point start = Clock::now();
  auto failed = [](llvm::Error error) {
    return fail(Exit::Internal, "internal error: {}", llvm::toString(std::move(error)));
  };
  Compilation compilation;
  IRGenOptions irgen{.batch = spec.batch, .forward = !spec.train, .trainStep = spec.train};
  Status refusal;
  int exit = 0;
  std::optional<CompiledNetwork> code = compilation.compile(
      parsed, irgen, spec.pipeline, spec.target, exit, [&](const ModelDescription &model) {
        if (spec.limit)
          refusal = checkMemory(*spec.limit, model, parsed, irgen, spec.pipeline.reference);
        return refusal.ok();
      });
  if (!code)
    return refusal.ok() ? fail(Exit(exit), "the network was not compiled") : refusal;
  llvm::Expected<LoadedNetwork> loaded = LoadedNetwork::load(*code);
  if (!loaded)
    return failed(loaded.takeError());
  std::unique_ptr<BenchedNet> net(new BenchedNet(spec, std::move(*code), std::move(*loaded)));
  net->compileSeconds = secondsSince(start);
  net->loaded.info().set_parallel(runOnPool, &pool);
  if (Status status = net->allocate(parsed.net); !status.ok())
    return status;
  return net;
}

Status BenchedNet::give(const cnnc_tensor_info *table, uint32_t count,
                        const std::vector<NetData::Values> &values, std::vector<void *> &pointers) {
  for (uint32_t i = 0; i < count; ++i) {
    Result<Buffer> buffer = Buffer::allocate(table[i].bytes);
    if (!buffer)
      return buffer.status();
    if (i < values.size())
      store(values[i], table[i].dtype, buffer->data());
    pointers.push_back(buffer->data());
    buffers.push_back(std::move(*buffer));
  }
  return Status();
}

Status BenchedNet::allocate(const TypedNet &net) {
  const cnnc_model_info &info = loaded.info();
  NetData data = randomData(net, spec.batch, kSeed);
  for (size_t i = 0; i < data.inputs.size(); ++i)
    if (int64_t classes = net.tensors[net.inputs[i]].classes)
      for (float &value : data.inputs[i])
        value = float(int64_t(std::abs(value) * float(classes)) % classes);
  for (auto [buffer, bytes] :
       {std::pair(&params, info.params_bytes),
        {&state, info.state_bytes},
        {&workspace, spec.train ? info.train_workspace_bytes : info.workspace_bytes}}) {
    Result<Buffer> memory = Buffer::allocate(bytes);
    if (!memory)
      return memory.status();
    *buffer = std::move(*memory);
  }
  loaded.init(params.data(), kSeed);
  Status status = give(info.inputs, info.input_count, data.inputs, inputs);
  if (status.ok())
    status = give(info.targets, info.target_count, data.targets, targets);
  if (status.ok())
    status = give(info.outputs, info.output_count, {}, outputs);
  return status;
}

void BenchedNet::call() {
  const cnnc_model_info &info = loaded.info();
  // All the work of a step, and parameters that stay: were they to grow or vanish, infinities and
  // numbers too small for the format would be timed.
  constexpr float rate = 0;
  if (spec.train)
    info.train_step(params.data(), state.data(), inputs.data(), targets.data(), rate,
                    workspace.data());
  else
    info.forward(params.data(), inputs.data(), outputs.data(), workspace.data());
}

std::vector<double> BenchedNet::time(llvm::function_ref<void()> afterEach) {
  for (size_t i = 0; i < kWarmUpRuns; ++i)
    call();
  std::vector<double> seconds;
  Clock::time_point start = Clock::now();
  while (seconds.size() < kLeastRuns || secondsSince(start) < kSeconds) {
    Clock::time_point before = Clock::now();
    call();
    seconds.push_back(secondsSince(before));
    afterEach();
  }
  return seconds;
}

//===----------------------------------------------------------------------===//
// The whole network
//===----------------------------------------------------------------------===//

bool cnnc::runsHere(const TargetInfo &target, llvm::StringRef verb) {
  if (!target.isHost)
    llvm::errs() << "cnnc " << verb << ": code for " << target.cpu
                 << " does not run on this processor, so it cannot be timed here\n";
  return target.isHost;
}

std::optional<BenchSpec> cnnc::benchSpec(const Arguments &arguments, const ParsedNet &parsed,
                                         const TargetInfo &target, int &exit) {
  BenchSpec spec;
  spec.target = target;
  spec.train = arguments.has("--train");
  if (spec.train && !parsed.net.train) {
    exit = reportRequest(parsed.sources.main().name() + ": net " + parsed.net.name +
                         " has no train section, so no training step");
    return std::nullopt;
  }
  std::optional<int64_t> batch = 1;
  if (spec.train || arguments.has("--batch") || parsed.net.batch)
    batch = batchOf(arguments, parsed.net);
  spec.limit = memoryLimit(arguments);
  if (!batch || !spec.limit) {
    exit = kUsage;
    return std::nullopt;
  }
  spec.batch = *batch;
  spec.pipeline = {.reference = arguments.has("--reference"),
                   .prefix = libraryPrefix(parsed),
                   .machine = target.machine};
  if (!readSchedules(arguments, spec.pipeline, exit))
    return std::nullopt;
  return spec;
}

double cnnc::operationsOf(const TypedNet &net, const BenchSpec &spec) {
  double passes = spec.train ? 3 : 1;
  return 2 * passes * double(spec.batch) * double(totalCost(netRows(net, std::nullopt)).macs);
}

Result<BenchTimes> cnnc::timeNetwork(const ParsedNet &parsed, const BenchSpec &spec,
                                     ThreadPool &pool) {
  Result<std::unique_ptr<BenchedNet>> net = BenchedNet::create(parsed, spec, pool);
  if (!net)
    return net.status();
  std::vector<double> seconds = (*net)->time([] {});
  const cnnc_model_info &info = (*net)->network().info();
  return BenchTimes{1e3 * *std::min_element(seconds.begin(), seconds.end()),
                    1e3 * medianOf(seconds), (*net)->compileSeconds,
                    spec.train ? info.train_workspace_bytes : info.workspace_bytes};
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

namespace {

/// Seconds of each call of a kernel, within one call of the network.
struct ProbeClock {
  explicit ProbeClock(size_t calls) : seconds(calls) {}

  static void probe(void *context, int64_t call, int32_t start) {
    auto &self = *static_cast<ProbeClock *>(context);
    if (start)
      self.started = Clock::now();
    else
      self.seconds[call] = secondsSince(self.started);
  }

  Clock::time_point started;
  std::vector<double> seconds;
};

/// Which row each call of a kernel belongs to, and the times of the rows.
class LayerRows {
public:
  LayerRows(const TypedNet &net, const BenchSpec &spec, const std::vector<CallDescription> &calls);
  /// Adds the times of one call of the network.
  void add(const std::vector<double> &seconds);
  /// The rows, and one for what lies between the kernels of calls that took `total`.
  std::vector<LayerTime> finish(const std::vector<double> &total);

private:
  std::vector<LayerTime> rows;
  std::vector<double> operations; ///< of each row
  std::vector<size_t> rowOfCall;
  std::vector<std::vector<double>> times; ///< of each row, one a call of the network
  std::vector<double> sums;               ///< of all rows, one a call of the network
};

} // namespace

LayerRows::LayerRows(const TypedNet &net, const BenchSpec &spec,
                     const std::vector<CallDescription> &calls) {
  std::map<std::string, std::pair<std::string, int64_t>> layers; // kind, multiply-adds
  for (const NetRow &row : netRows(net, std::nullopt))
    layers[row.last().name] = {row.last().keyword, row.cost.macs};
  std::map<std::pair<std::string, std::string>, size_t> found;
  for (const CallDescription &call : calls) {
    auto layer = layers.find(call.layer);
    bool isLayer = layer != layers.end();
    // The names that IRGen gives to what is no layer.
    bool isLoss = !isLayer && call.layer == "loss", isUpdate = !isLayer && call.layer == "train";
    std::string direction = !call.direction.empty() ? call.direction
                            : isUpdate              ? "update"
                            : isLayer || isLoss     ? "forward"
                                                    : "other";
    auto [at, isNew] = found.try_emplace({call.layer, direction}, rows.size());
    rowOfCall.push_back(at->second);
    if (!isNew)
      continue;
    std::string kind = isLayer    ? layer->second.first
                       : isLoss   ? "loss"
                       : isUpdate ? "optimizer"
                                  : "";
    rows.push_back({call.layer, kind, direction, 0, 0});
    operations.push_back(isLayer ? 2.0 * double(spec.batch) * double(layer->second.second) : 0);
  }
  times.resize(rows.size());
}

void LayerRows::add(const std::vector<double> &seconds) {
  double sum = 0;
  for (std::vector<double> &row : times)
    row.push_back(0);
  for (size_t i = 0; i < seconds.size(); ++i) {
    times[rowOfCall[i]].back() += seconds[i];
    sum += seconds[i];
  }
  sums.push_back(sum);
}

std::vector<LayerTime> LayerRows::finish(const std::vector<double> &total) {
  for (size_t i = 0; i < rows.size(); ++i) {
    double seconds = medianOf(times[i]);
    rows[i].ms = 1e3 * seconds;
    rows[i].gflops = seconds > 0 ? operations[i] / seconds * 1e-9 : 0;
  }
  std::vector<double> between;
  for (size_t i = 0; i < total.size(); ++i)
    between.push_back(total[i] - sums[i]);
  rows.push_back({"between kernels", "", "other", 1e3 * medianOf(between), 0});
  return std::move(rows);
}

Result<std::vector<LayerTime>> cnnc::timeLayers(const ParsedNet &parsed, const BenchSpec &spec,
                                                ThreadPool &pool) {
  BenchSpec profiled = spec;
  profiled.pipeline.profile = true;
  Result<std::unique_ptr<BenchedNet>> net = BenchedNet::create(parsed, profiled, pool);
  if (!net)
    return net.status();
  const std::vector<CallDescription> &calls = (*net)->model().calls;
  ProbeClock clock(calls.size());
  LayerRows rows(parsed.net, spec, calls);
  (*net)->network().setProbe(ProbeClock::probe, &clock);
  std::vector<double> total = (*net)->time([&] { rows.add(clock.seconds); });
  return rows.finish(total);
}

//===- Verification.cpp - Each phase against the reference pipeline -------===//

#include "tools/cnnc/Verification.h"
#include "tools/cnnc/FaultSearch.h"

#include <algorithm>
#include <array>
#include <optional>

using namespace cnnc;

namespace {

/// What each entry computes; empty for those that the network lacks.
using AllTensors = std::array<ComputedTensors, std::size(kEntries)>;

class Verification {
public:
  Verification(const TypedNet &net, const Sources &sources, const VerifyOptions &options)
      : net(net), sources(sources), options(options),
        tolerance(net, options.batch, options.doublePrecision, options.rtol),
        data(randomData(net, options.batch, options.seed)) {}

  Result<VerifyReport> run();

private:
  bool has(Entry entry) const { return entry == Entry::Forward || net.train; }
  Result<LoweredNet> lower(PipelineOptions pipeline, bool doublePrecision) const {
    IRGenOptions irgen = verifiedIR(options);
    irgen.doublePrecision = doublePrecision;
    return LoweredNet::lower(net, sources, irgen, pipeline);
  }
  /// Runs the reference pipeline: fills `expected`, the bounds, and the data's state.
  Status prepare();
  Status runReference(const RunnableNet &runnable);
  Status computeBounds();
  void chooseState(const cnnc_model_info &info, const ComputedTensors &gradients);
  /// Runs code and compares; appends a row.
  Status check(const LoweredNet &lowered, Effort effort, std::string phase);
  Status searchFault(const Suspect &suspect);

  const TypedNet &net;
  const Sources &sources;
  const VerifyOptions &options;
  Tolerance tolerance;
  NetData data;
  AllTensors expected;
  std::array<std::vector<double>, std::size(kEntries)> bounds;
  std::array<Comparison, std::size(kEntries)> latest; ///< of the last row, by entry
  std::string code;                                   ///< fingerprint of what ran last
  bool isGradientMoved = false;
  VerifyReport report;
};

} // namespace

static size_t indexOf(Entry entry) { return static_cast<size_t>(entry); }
static bool isAny(const ComputedTensor &) { return true; }

void Verification::chooseState(const cnnc_model_info &info, const ComputedTensors &gradients) {
  std::vector<double> sizes(net.parameters.size(), 0);
  double largest = 0;
  for (const ComputedTensor &tensor : gradients)
    if (tensor.kind == ComputedTensor::ParameterGradient)
      largest = std::max(largest, sizes[tensor.number] = sizeOf(tensor));
  // A gradient that is nothing but rounding must not decide the size of a step.
  constexpr double least = 1e-3;
  for (double &size : sizes)
    size = largest > 0 ? std::max(size, least * largest) : 1;
  fillState(net, info, sizes, options.seed, data);
}

Status Verification::runReference(const RunnableNet &runnable) {
  for (Entry entry : kEntries) {
    if (!has(entry))
      continue;
    if (entry == Entry::Gradient) // it reads the counters only
      chooseState(runnable.info(), {});
    Result<ComputedTensors> tensors = runnable.run(entry, net, data);
    if (!tensors)
      return tensors.status();
    if (entry == Entry::Gradient)
      chooseState(runnable.info(), *tensors);
    expected[indexOf(entry)] = std::move(*tensors);
  }
  return Status();
}

Status Verification::computeBounds() {
  AllTensors truth;
  if (tolerance.needsTruth()) {
    Result<LoweredNet> lowered = lower({.reference = true}, /*doublePrecision=*/true);
    if (!lowered)
      return lowered.status();
    Result<RunnableNet> runnable = lowered->generate(Effort::Quick, options.cache);
    if (!runnable)
      return runnable.status();
    for (Entry entry : kEntries) {
      if (!has(entry))
        continue;
      Result<ComputedTensors> tensors = runnable->run(entry, net, data);
      if (!tensors)
        return tensors.status();
      truth[indexOf(entry)] = std::move(*tensors);
    }
  }
  for (Entry entry : kEntries)
    bounds[indexOf(entry)] = tolerance.boundsOf(expected[indexOf(entry)], truth[indexOf(entry)]);
  return Status();
}

Status Verification::prepare() {
  Result<LoweredNet> lowered = lower({.reference = true}, options.doublePrecision);
  if (!lowered)
    return lowered.status();
  Result<RunnableNet> runnable = lowered->generate(Effort::Quick, options.cache);
  if (!runnable)
    return runnable.status();
  code = lowered->fingerprint().str();
  if (options.weights) {
    Status taken = takeParameters(runnable->info(), *options.weights, data);
    if (!taken.ok())
      return taken;
  }
  Status ran = runReference(*runnable);
  if (!ran.ok())
    return ran;
  Status bounded = computeBounds();
  // What a row shows that changes nothing.
  for (Entry entry : kEntries) {
    const ComputedTensors &same = expected[indexOf(entry)];
    if (bounded.ok())
      latest[indexOf(entry)] = compare(same, same, bounds[indexOf(entry)], isAny);
  }
  return bounded;
}

Status Verification::check(const LoweredNet &lowered, Effort effort, std::string phase) {
  PhaseResult result{.phase = std::move(phase)};
  result.isUnchanged = effort == Effort::Quick && code == lowered.fingerprint();
  code = lowered.fingerprint().str();
  std::optional<RunnableNet> runnable;
  if (!result.isUnchanged) {
    Result<RunnableNet> generated = lowered.generate(effort, options.cache);
    if (!generated)
      return generated.status();
    runnable.emplace(std::move(*generated));
  }
  result.entry = Entry::Forward;
  for (Entry entry : kEntries) {
    size_t i = indexOf(entry);
    if (!has(entry))
      continue;
    if (runnable) {
      Result<ComputedTensors> found = runnable->run(entry, net, data);
      if (!found)
        return found.status();
      latest[i] = compare(*found, expected[i], bounds[i], isAny);
      if (entry == Entry::Gradient)
        isGradientMoved = compare(*found, expected[i], bounds[i], [](const ComputedTensor &tensor) {
                            return tensor.kind != ComputedTensor::Loss;
                          }).worst.isMoved();
    }
    // The entry that is named is the first that moved, else the worst.
    bool isFirst = !result.comparison.worst.isMoved();
    if (isFirst && latest[i].worst.isWorseThan(result.comparison.worst))
      result.entry = entry;
    if (isFirst)
      result.comparison.add(latest[i]);
    else
      result.comparison.values += latest[i].values;
  }
  report.phases.push_back(std::move(result));
  return Status();
}

Status Verification::searchFault(const Suspect &suspect) {
  FaultSearch search(net, sources, options, data, tolerance, suspect);
  Result<Fault> fault =
      search.find(report.last().entry, report.last().comparison.worst, isGradientMoved);
  if (!fault)
    return fault.status();
  report.fault = std::move(*fault);
  return Status();
}

Result<VerifyReport> Verification::run() {
  report.rtol = tolerance.relative();
  Status status = prepare();
  Suspect suspect{{.afterPhase = options.afterPhase}, Effort::Quick};
  if (options.schedules)
    suspect.pipeline.schedules = {"schedules", *options.schedules, /*onlyFitting=*/true};
  std::optional<LoweredNet> lowered;
  for (Phase phase : optionalPhases()) {
    if (!status.ok())
      return status;
    suspect.pipeline.lastOptional = phase;
    Result<LoweredNet> next = lower(suspect.pipeline, options.doublePrecision);
    if (!next)
      return next.status();
    lowered.emplace(std::move(*next));
    status = check(*lowered, suspect.effort, phaseName(phase).str());
    if (status.ok() && report.last().comparison.worst.isMoved()) {
      status = searchFault(suspect);
      return status.ok() ? Result<VerifyReport>(std::move(report)) : status;
    }
  }
  suspect.effort = Effort::Full;
  if (status.ok())
    status = check(*lowered, suspect.effort, phaseName(Phase::LLVM).str());
  if (status.ok() && report.last().comparison.worst.isMoved())
    status = searchFault(suspect);
  return status.ok() ? Result<VerifyReport>(std::move(report)) : status;
}

/// Whether the images of a batch have a size that can be meant.
static Status checkBatch(const TypedNet &net, int64_t batch) {
  constexpr double most = 0x1p32;
  double bytes = 0;
  for (const Tensor &tensor : net.tensors) {
    double ofTensor = double(batch) * sizeof(float);
    for (int64_t size : tensor.shape)
      ofTensor *= double(size);
    bytes = std::max(bytes, ofTensor);
  }
  if (bytes > most)
    return fail(Exit::Limit, "a tensor of {} images has {:.0f} bytes, at most {:.0f} are possible",
                batch, bytes, most);
  return Status();
}

IRGenOptions cnnc::verifiedIR(const VerifyOptions &options) {
  return {.batch = options.batch, .doublePrecision = options.doublePrecision, .gradient = true};
}

Result<VerifyReport> cnnc::verify(const TypedNet &net, const Sources &sources,
                                  const VerifyOptions &options) {
  Status fits = checkBatch(net, options.batch);
  if (!fits.ok())
    return fits;
  return Verification(net, sources, options).run();
}

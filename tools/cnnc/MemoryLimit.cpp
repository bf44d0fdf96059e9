//===- MemoryLimit.cpp - What memory a network may take -------------------===//

#include "tools/cnnc/MemoryLimit.h"
#include "compiler/Codegen/ModelInfo.h"
#include "runtime/AvailableMemory.h"
#include "tools/cnnc/NetRows.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <limits>

using namespace cnnc;

std::optional<int64_t> cnnc::parseBytes(llvm::StringRef text) {
  constexpr llvm::StringLiteral units = "KMGT";
  unsigned shift = 0;
  if (!text.empty())
    if (size_t unit = units.find(llvm::toUpper(text.back())); unit != llvm::StringRef::npos) {
      shift = 10 * unsigned(unit + 1);
      text = text.drop_back();
    }
  int64_t number = 0;
  if (text.getAsInteger(10, number) || number < 1 ||
      number > std::numeric_limits<int64_t>::max() >> shift)
    return std::nullopt;
  return number << shift;
}

std::optional<MemoryLimit> cnnc::memoryLimit(const Arguments &arguments) {
  constexpr llvm::StringLiteral flag = "--max-memory";
  if (!arguments.has(flag)) {
    constexpr uint64_t most = std::numeric_limits<int64_t>::max();
    return MemoryLimit{int64_t(std::min(availableMemory().value_or(most), most)), false};
  }
  std::string text = arguments.get(flag);
  if (std::optional<int64_t> bytes = parseBytes(text))
    return MemoryLimit{*bytes, true};
  llvm::errs() << "cnnc: " << flag << " must be bytes as 512M, 1G or 4096, but is '"
               << llvm::StringRef(text).take_front(64) << "'\n";
  return std::nullopt;
}

namespace {

/// The largest batch whose plan stays within a limit, below one that does not.
class BatchSearch {
public:
  BatchSearch(const MemoryLimit &limit, const ParsedNet &parsed, const IRGenOptions &irgen,
              bool reference)
      : limit(limit), parsed(parsed), irgen(irgen), reference(reference) {}

  /// 0: not even one image fits. Nothing: the passes failed, and have said why.
  std::optional<int64_t> below(int64_t batch, int64_t bytes);
  int64_t bytesOfOne = 0; ///< image

private:
  std::optional<int64_t> bytesAt(int64_t batch) const {
    IRGenOptions options = irgen;
    options.batch = batch;
    std::optional<MemoryPlan> plan = planMemory(parsed, options, reference);
    return plan ? std::optional(plan->bytes()) : std::nullopt;
  }

  const MemoryLimit &limit;
  const ParsedNet &parsed;
  const IRGenOptions &irgen;
  bool reference;
};

std::optional<int64_t> BatchSearch::below(int64_t high, int64_t highBytes) {
  std::optional<int64_t> least = bytesAt(1);
  if (!least)
    return std::nullopt;
  bytesOfOne = *least;
  if (*least > limit.bytes)
    return 0;
  // Memory is nearly linear in the batch: two or three guesses on the line between the
  // neighbours find the place. Where layouts change with the batch it takes more.
  constexpr int mostPlans = 16;
  int64_t low = 1, lowBytes = *least;
  for (int plans = 0; plans < mostPlans && high - low > 1; ++plans) {
    double share =
        highBytes > lowBytes ? double(limit.bytes - lowBytes) / double(highBytes - lowBytes) : 0.5;
    int64_t guess = low + int64_t(share * double(high - low));
    guess = std::clamp(guess, low + 1, high - 1);
    std::optional<int64_t> bytes = bytesAt(guess);
    if (!bytes)
      return std::nullopt;
    bool fits = *bytes <= limit.bytes;
    (fits ? low : high) = guess;
    (fits ? lowBytes : highBytes) = *bytes;
  }
  return low;
}

} // namespace

/// What would help.
static std::string adviceFor(const MemoryLimit &limit, const MemoryPlan &plan,
                             const ParsedNet &parsed, const IRGenOptions &irgen, bool reference) {
  if (parsed.net.batch)
    return fmt::format("the net {} is for batches of {}", parsed.net.name, *parsed.net.batch);
  BatchSearch search(limit, parsed, irgen, reference);
  std::optional<int64_t> batch =
      plan.batch > 1 ? search.below(plan.batch, plan.bytes()) : std::optional<int64_t>(0);
  if (!batch)
    return "no smaller batch could be planned";
  if (*batch == 0 && plan.batch > 1)
    return fmt::format("a batch of 1 needs {}, too", grouped(search.bytesOfOne));
  if (*batch == 0)
    return "no batch is smaller";
  return fmt::format("the largest batch that fits is {}", *batch);
}

Status cnnc::checkMemory(const MemoryLimit &limit, const MemoryPlan &plan, const ParsedNet &parsed,
                         const IRGenOptions &irgen, bool reference) {
  if (plan.bytes() <= limit.bytes)
    return Status();
  const ArenaPlan &arena = plan.largest();
  std::string peak = "has no buffers", where = parsed.sources.main().name();
  if (!arena.steps.empty()) {
    const PlanPlace &place = arena.steps[peakOf(arena.liveBytes())];
    peak = fmt::format("is fullest at '{}'", place.layer);
    if (place.line > 0)
      where = fmt::format("{}:{}:{}", place.file, place.line, place.column);
  }
  return fail(Exit::Limit,
              "{}: {} at batch {} needs {} bytes (parameters {}, state {}, inputs and outputs {}, "
              "an arena of {} that {}), but {} {}; {}",
              where, arena.function == "forward" ? "inference" : "training", plan.batch,
              grouped(plan.bytes()), grouped(plan.paramsBytes), grouped(plan.stateBytes),
              grouped(plan.dataBytes), grouped(arena.bytes), peak,
              limit.isGiven ? "--max-memory allows" : "the machine has available",
              grouped(limit.bytes), adviceFor(limit, plan, parsed, irgen, reference));
}

Status cnnc::checkMemory(const MemoryLimit &limit, const ModelDescription &model,
                         const ParsedNet &parsed, const IRGenOptions &irgen, bool reference) {
  uint64_t bytes = model.paramsBytes + model.stateBytes + model.dataBytes() +
                   std::max(model.workspaceBytes, model.trainWorkspaceBytes);
  if (bytes <= uint64_t(limit.bytes))
    return Status();
  std::optional<MemoryPlan> plan = planMemory(parsed, irgen, reference);
  if (!plan)
    return fail(Exit::Internal, "internal error: the network cannot be planned");
  return checkMemory(limit, *plan, parsed, irgen, reference);
}

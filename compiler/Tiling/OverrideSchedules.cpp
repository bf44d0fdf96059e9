//===- OverrideSchedules.cpp - Schedules that the user has written --------===//
//
// A line of the text names a kernel by its layer and direction. The functions of a network share
// layers: forward and a training step both contain the convolution that a line names, fused with
// something else maybe, so a line may fit one and not the other.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/ScheduleCheck.h"
#include "compiler/Support/ScheduleFile.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringExtras.h"
#include <map>

namespace cnnc {
#define GEN_PASS_DEF_OVERRIDESCHEDULESPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

/// After so many the text is something else than schedules.
static constexpr unsigned kMostErrors = 20;

namespace {

/// The ops of a function that have schedules, by layer and direction, in their order.
struct Scheduled {
  std::string function;
  std::map<std::pair<std::string, std::string>, SmallVector<Operation *>> ops;
};

struct OverrideSchedulesPass final : cnnc::impl::OverrideSchedulesPassBase<OverrideSchedulesPass> {
  using Base::Base;

  void runOnOperation() override {
    collect();
    StringRef rest = schedules;
    for (unsigned number = 1; !rest.empty(); ++number) {
      if (errors == kMostErrors) {
        complain(number) << "too many errors";
        break;
      }
      StringRef text;
      std::tie(text, rest) = rest.split('\n');
      text = text.rtrim("\r");
      if (text.trim().empty() || text.trim().starts_with("#"))
        continue;
      std::string reason;
      std::optional<ScheduleLine> line = parseScheduleLine(text, &getContext(), reason);
      if (!line) {
        complain(number) << reason;
        continue;
      }
      line->number = number;
      apply(*line);
    }
    if (errors > 0)
      signalPassFailure();
  }

private:
  void collect() {
    functions.clear();
    lines.clear();
    errors = 0;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      Scheduled &found = functions.emplace_back();
      found.function = function.getName().str();
      function.walk([&](Operation *op) {
        // A later phase erases what nobody reads.
        if (!op->hasAttr(kScheduleAttr) || isOpTriviallyDead(op))
          return;
        OpPlace place = placeOf(op->getLoc());
        found.ops[{place.layer, place.direction}].push_back(op);
      });
    }
  }

  Location locationOf(unsigned line) {
    return NameLoc::get(StringAttr::get(&getContext(), kScheduleLines),
                        FileLineColLoc::get(&getContext(), name, line, 1));
  }

  InFlightDiagnostic complain(unsigned line) {
    ++errors;
    return emitError(locationOf(line));
  }

  void apply(const ScheduleLine &line) {
    auto [known, isNew] = lines.try_emplace(
        std::tuple(line.layer, line.direction, line.kernel.value_or(0)), line.number);
    if (!isNew) {
      complain(line.number) << line.name() << " has a schedule already, in line " << known->second;
      return;
    }
    bool isApplied = false;
    SmallVector<std::string> refusals;
    for (Scheduled &function : functions) {
      auto found = function.ops.find({line.layer, line.direction});
      if (found == function.ops.end())
        continue;
      std::string why = replace(line, found->second);
      if (why.empty())
        isApplied = true;
      else
        refusals.push_back(line.name() + " of @" + function.function + " " + why);
    }
    if (onlyFitting)
      return;
    if (!isApplied && refusals.empty())
      return complainAboutName(line);
    if (!isApplied)
      complain(line.number) << refusals.front();
    else
      for (const std::string &refusal : refusals)
        emitWarning(locationOf(line.number)) << refusal;
  }

  /// Gives the op of `ops` that the line means its schedule, or says why not.
  std::string replace(const ScheduleLine &line, ArrayRef<Operation *> ops) {
    if (!line.kernel && ops.size() > 1)
      return "is " + std::to_string(ops.size()) +
             " kernels: the number of one must stand behind the direction, from 0 to " +
             std::to_string(ops.size() - 1);
    size_t number = size_t(line.kernel.value_or(0));
    if (number >= ops.size())
      return "is no kernel: there " + (ops.size() == 1
                                           ? std::string("is one, with number 0")
                                           : "are " + std::to_string(ops.size()) + ", from 0 on");
    std::optional<LoopNest> nest = LoopNest::of(ops[number]);
    if (!nest || !nest->linearize())
      return "has no loops to schedule";
    std::string reason;
    std::optional<Schedule> schedule = Schedule::parse(line.schedule, nest->reductions, &reason);
    if (schedule)
      reason = obstacleTo(*nest, *schedule);
    if (!reason.empty())
      return "has " + std::to_string(nest->loops()) + " loops, of which " + reducing(*nest) +
             " reduce: " + reason;
    ops[number]->setAttr(kScheduleAttr, schedule->toAttribute(&getContext()));
    ++overridden;
    return "";
  }

  static std::string reducing(const LoopNest &nest) {
    SmallVector<std::string> numbers;
    for (auto [loop, reduces] : llvm::enumerate(nest.reductions))
      if (reduces)
        numbers.push_back(std::to_string(loop));
    return numbers.empty() ? "none" : llvm::join(numbers, ", ");
  }

  /// No function has the layer, or it has no kernel in this direction.
  void complainAboutName(const ScheduleLine &line) {
    SmallVector<std::string> directions;
    std::string nearest;
    // As on the command line: a third of the letters may be wrong.
    unsigned best = unsigned(line.layer.size() + 2) / 3 + 1;
    for (const Scheduled &function : functions)
      for (const auto &[key, ops] : function.ops) {
        const auto &[layer, direction] = key;
        std::string word = directionName(direction).str();
        if (layer == line.layer && !llvm::is_contained(directions, word))
          directions.push_back(word);
        unsigned distance = StringRef(line.layer).edit_distance(layer, true, best);
        if (distance < best) {
          best = distance;
          nearest = layer;
        }
      }
    std::string direction = directionName(line.direction).str();
    InFlightDiagnostic diagnostic = complain(line.number);
    if (!directions.empty())
      diagnostic << line.layer << " has no kernel with a schedule for " << direction
                 << ", only for " << llvm::join(directions, ", ");
    else
      diagnostic << "no kernel with a schedule is of a layer '" << line.layer << "'";
    if (directions.empty() && !nearest.empty())
      diagnostic << "; did you mean '" << nearest << "'?";
  }

  SmallVector<Scheduled> functions;
  std::map<std::tuple<std::string, std::string, int64_t>, unsigned> lines; ///< and their numbers
  unsigned errors = 0;
};

} // namespace

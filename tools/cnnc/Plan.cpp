//===- Plan.cpp - cnnc plan -----------------------------------------------===//

#include "runtime/Terminal.h"
#include "tools/cnnc/MemoryChart.h"
#include "tools/cnnc/MemoryLimit.h"
#include "tools/cnnc/NetRows.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace cnnc;
namespace json = llvm::json;

static std::string_view titleOf(const ArenaPlan &arena) {
  return arena.function == "forward" ? "inference" : "training";
}

//===----------------------------------------------------------------------===//
// For people
//===----------------------------------------------------------------------===//

static void printPlan(const MemoryPlan &plan, const ParsedNet &parsed) {
  auto row = [](std::string_view name, int64_t bytes, const std::string &more) {
    llvm::outs() << fmt::format("  {:<10}  {:>15} bytes{}{}\n", name, grouped(bytes),
                                more.empty() ? "" : ", ", more);
  };
  llvm::outs() << fmt::format("{}, batch {}\n", parsed.net.name, plan.batch);
  row("parameters", plan.paramsBytes, "");
  row("state", plan.stateBytes, "");
  row("data", plan.dataBytes, "inputs, targets and outputs of a call");
  for (const ArenaPlan &arena : plan.arenas) {
    std::vector<int64_t> live = arena.liveBytes();
    std::string more;
    if (!arena.buffers.empty()) {
      size_t peak = peakOf(live);
      const PlanPlace &place = arena.steps[peak];
      more =
          fmt::format("fullest at '{}' ({}:{}:{}), step {} of {}: {} live", place.layer, place.file,
                      place.line, place.column, peak + 1, arena.steps.size(), grouped(live[peak]));
    }
    row(titleOf(arena), arena.bytes, more);
  }
  ChartStyle style{.columns = columnsOf(stdout), .utf8 = usesUtf8(), .colour = wantsColour(stdout)};
  for (const ArenaPlan &arena : plan.arenas)
    llvm::outs() << '\n' << titleOf(arena) << '\n' << drawChart(arena, style);
}

//===----------------------------------------------------------------------===//
// For programs
//===----------------------------------------------------------------------===//

static void writePlace(json::OStream &json, const PlanPlace &place) {
  json.attribute("layer", place.layer);
  json.attribute("file", place.file);
  json.attribute("line", place.line);
  json.attribute("col", place.column);
}

static void writeArena(json::OStream &json, const ArenaPlan &arena) {
  std::vector<int64_t> live = arena.liveBytes();
  json.attribute("function", arena.function);
  json.attribute("bytes", arena.bytes);
  if (arena.steps.empty())
    json.attribute("peak", nullptr);
  else
    json.attributeObject("peak", [&] {
      size_t peak = peakOf(live);
      json.attribute("step", int64_t(peak));
      json.attribute("live_bytes", live[peak]);
      writePlace(json, arena.steps[peak]);
    });
  json.attributeArray("steps", [&] {
    for (size_t i = 0; i < live.size(); ++i)
      json.object([&] {
        json.attribute("live_bytes", live[i]);
        writePlace(json, arena.steps[i]);
      });
  });
  json.attributeArray("buffers", [&] {
    for (const PlannedBuffer &buffer : arena.buffers)
      json.object([&] {
        writePlace(json, buffer.place);
        json.attribute("bytes", buffer.bytes);
        json.attribute("offset", buffer.offset);
        json.attribute("first", buffer.first);
        json.attribute("last", buffer.last);
      });
  });
}

static void printJson(const MemoryPlan &plan, const ParsedNet &parsed) {
  json::OStream json(llvm::outs());
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("net", parsed.net.name);
    json.attribute("batch", plan.batch);
    json.attribute("params_bytes", plan.paramsBytes);
    json.attribute("state_bytes", plan.stateBytes);
    json.attribute("data_bytes", plan.dataBytes);
    json.attribute("bytes", plan.bytes());
    json.attributeArray("arenas", [&] {
      for (const ArenaPlan &arena : plan.arenas)
        json.object([&] { writeArena(json, arena); });
    });
  });
  llvm::outs() << '\n';
}

//===----------------------------------------------------------------------===//
// The verb
//===----------------------------------------------------------------------===//

int cnnc::planVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  if (arguments.has("--train") && !parsed->net.train)
    return reportRequest(fmt::format("{}: net {} has no train section: add train {} {{ … }}",
                                     parsed->sources.main().name(), parsed->net.name,
                                     parsed->net.name));
  std::optional<int64_t> batch = batchOf(arguments, parsed->net);
  std::optional<MemoryLimit> limit = memoryLimit(arguments);
  if (!batch || !limit)
    return kUsage;
  IRGenOptions irgen{.batch = *batch, .forward = !arguments.has("--train")};
  bool reference = arguments.has("--reference");
  std::optional<MemoryPlan> plan = planMemory(*parsed, irgen, reference);
  if (!plan)
    return static_cast<int>(Exit::Internal);
  if (arguments.has("--json"))
    printJson(*plan, *parsed);
  else
    printPlan(*plan, *parsed);
  Status status = checkMemory(*limit, *plan, *parsed, irgen, reference);
  if (status.ok())
    return 0;
  if (limit->isGiven)
    return report(status);
  // Nothing is allocated here: the plan may be for another machine.
  llvm::outs().flush();
  llvm::errs() << "cnnc: note: " << status.message() << '\n';
  return 0;
}

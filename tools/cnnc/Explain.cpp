//===- Explain.cpp - cnnc explain -----------------------------------------===//

#include "compiler/Codegen/MeasurePeak.h"
#include "compiler/Support/ScheduleFile.h"
#include "tools/cnnc/Benchmark.h"
#include "tools/cnnc/Explanation.h"
#include "tools/cnnc/NetRows.h"
#include "tools/cnnc/Threads.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace cnnc;
namespace json = llvm::json;

namespace {

/// What is printed.
struct Report {
  const ParsedNet &parsed;
  const BenchSpec &spec;
  const Explanation &explanation;

  llvm::StringRef mode() const { return spec.train ? "train" : "infer"; }
};

} // namespace

/// The line of the text that a layer comes from, without its indentation.
static std::string textAt(const Sources &sources, const OpPlace &place) {
  for (const std::unique_ptr<SourceFile> &file : sources.all()) {
    if (file->name() != place.file)
      continue;
    llvm::StringRef rest = file->text();
    for (int64_t line = 1; line < place.line; ++line)
      rest = rest.split('\n').second;
    return rest.split('\n').first.trim().str();
  }
  return "";
}

static std::string positionOf(const OpPlace &place) {
  return place.line > 0 ? fmt::format("{}:{}:{}", place.file, place.line, place.column) : "";
}

static llvm::StringRef boundText(StepCost::Bound bound) {
  switch (bound) {
  case StepCost::Bound::Sums:
    return "sums";
  case StepCost::Bound::Loads:
    return "loads";
  case StepCost::Bound::Latency:
    return "latency";
  }
  return "";
}

//===----------------------------------------------------------------------===//
// For people
//===----------------------------------------------------------------------===//

static std::string_view reasonOf(StepCost::Bound bound) {
  switch (bound) {
  case StepCost::Bound::Sums:
    return "the multiply-adds take longest";
  case StepCost::Bound::Loads:
    return "the loads take longest";
  case StepCost::Bound::Latency:
    return "too few sums at once to hide the latency of one";
  }
  return "";
}

static std::string counted(int64_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

static void printTile(const TileFacts &tile, int64_t tasks) {
  std::string blocks;
  for (const ReductionBlock &block : tile.blocks)
    blocks +=
        fmt::format(", blocks of {} of the {} terms of d{}", block.size, block.extent, block.loop);
  llvm::outs() << fmt::format(
      "      tile of {} x {}, {} lanes along d{} ({}{}){}, {}\n", counted(tile.rows, "row"),
      counted(tile.columns, "vector"), tile.lanes, tile.laneLoop, tile.laneExtent,
      tile.lanesReduce ? ", added up at the end" : "", blocks, counted(tasks, "task"));
  llvm::outs() << fmt::format(
      "      a step of {} and {} takes {:g} cycles: {}; model {:.0f} % of peak\n",
      counted(int64_t(tile.step.sums), "multiply-add"), counted(int64_t(tile.step.loads), "load"),
      tile.cycles, reasonOf(tile.bound), 100 * tile.shareOfPeak);
  if (double percent = 100 * tile.skipped; percent >= 0.05)
    llvm::outs() << fmt::format(
        "      without {:.1f} % of its products, which padding makes zero\n", percent);
}

static void printEdges(const ExplainedLayer &layer, const Report &report) {
  for (const FusionEdge &edge : report.explanation.edges) {
    bool isHere =
        edge.kernel.layer == layer.place.layer && edge.kernel.direction == layer.place.direction;
    if (!isHere || layer.kernels.empty() || edge.user == edge.kernel)
      continue;
    std::string user = fmt::format("{} {}", edge.user.layer, positionOf(edge.user));
    if (!edge.user.direction.empty())
      user = edge.user.direction + " of " + user;
    llvm::outs() << (edge.isFused ? fmt::format("      with {}, in registers\n", user)
                                  : fmt::format("      without {}: {}\n", user, edge.reason));
  }
}

static void printLayer(const ExplainedLayer &layer, const Report &report) {
  if (layer.kernels.empty() && layer.host) {
    llvm::outs() << fmt::format("    {}: in the kernel of {} {}\n", layer.direction,
                                layer.host->kernel.layer, positionOf(layer.host->kernel));
    return;
  }
  if (layer.kernels.empty())
    llvm::outs() << fmt::format(
        "    {}: no kernel of its own: its neighbours' do what is left of it\n", layer.direction);
  for (const KernelFacts &kernel : layer.kernels) {
    std::string line = fmt::format("    {}: {}, {}", layer.direction, kernel.kind, layer.layout);
    if (!kernel.tile)
      line += fmt::format(", {} bytes", grouped(kernel.bytes));
    else if (layer.measured)
      line += fmt::format(", measured {:.0f} % of peak", 100 * *layer.measured);
    llvm::outs() << line << '\n';
    if (kernel.tile)
      printTile(*kernel.tile, kernel.tasks);
  }
  printEdges(layer, report);
}

static void printTable(const Report &report) {
  const MachineModel &machine = report.spec.target.machine;
  llvm::outs() << fmt::format(
      "{}, {}, batch {}, for {}: {} registers of {} bits\n", report.parsed.net.name,
      report.spec.train ? "a training step" : "inference", report.spec.batch,
      report.spec.target.cpu, machine.registers, machine.vectorBits);
  const OpPlace *last = nullptr;
  for (const ExplainedLayer &layer : report.explanation.layers) {
    // Neighbours of one layer, as weights and data are, have one headline.
    if (!last || last->layer != layer.place.layer)
      llvm::outs() << fmt::format(
          "\n{} {}\n  {}\n", layer.place.layer.empty() ? "(no layer)" : layer.place.layer,
          positionOf(layer.place), textAt(report.parsed.sources, layer.place));
    last = &layer.place;
    printLayer(layer, report);
  }
}

//===----------------------------------------------------------------------===//
// As --schedules reads it
//===----------------------------------------------------------------------===//

/// `# conv1 net.cnn:3:5: direct convolution, loops of 2, 6, … of which 3, 4 reduce`, so that who
/// changes the line below knows what its numbers mean.
static std::string commentOn(const KernelFacts &kernel) {
  return fmt::format("# {} {}: {}, loops of {}, of which {} reduce\n", kernel.place.layer,
                     positionOf(kernel.place), kernel.kind, fmt::join(kernel.extents, ", "),
                     fmt::join(kernel.reducing, ", "));
}

static void printSchedules(const Report &report) {
  llvm::outs() << fmt::format(
      "# Schedules of {}, {}, batch {}, for {}: of contractions. What only passes over memory\n"
      "# gets its order of loops later.\n",
      report.parsed.net.name, report.spec.train ? "a training step" : "inference",
      report.spec.batch, report.spec.target.cpu);
  for (const ExplainedLayer &layer : report.explanation.layers) {
    auto hasSchedule = [](const KernelFacts &kernel) { return !kernel.schedule.empty(); };
    bool areSeveral = llvm::count_if(layer.kernels, hasSchedule) > 1;
    int64_t number = 0;
    for (const KernelFacts &kernel : llvm::make_filter_range(layer.kernels, hasSchedule)) {
      // Without a layer a kernel has no name.
      std::string name = layer.place.layer.empty() ? "#" : layer.place.layer;
      name += " " + directionName(layer.place.direction).str();
      if (areSeveral)
        name += fmt::format(" {}", number++);
      llvm::outs() << '\n' << commentOn(kernel) << name << ": " << kernel.schedule << '\n';
    }
  }
}

//===----------------------------------------------------------------------===//
// For programs
//===----------------------------------------------------------------------===//

static void writePlace(json::OStream &json, const OpPlace &place) {
  json.attribute("file", place.file);
  json.attribute("line", place.line);
  json.attribute("col", place.column);
}

static void writeTile(json::OStream &json, const TileFacts &tile) {
  json.attribute("lanes", tile.lanes);
  json.attribute("lane_loop", int64_t(tile.laneLoop));
  json.attribute("lane_extent", tile.laneExtent);
  json.attribute("lanes_reduce", tile.lanesReduce);
  json.attribute("rows", tile.rows);
  json.attribute("columns", tile.columns);
  json.attributeArray("blocks", [&] {
    for (const ReductionBlock &block : tile.blocks)
      json.object([&] {
        json.attribute("loop", int64_t(block.loop));
        json.attribute("size", block.size);
        json.attribute("extent", block.extent);
      });
  });
  json.attribute("sums", tile.step.sums);
  json.attribute("loads", tile.step.loads);
  json.attribute("cycles", tile.cycles);
  json.attribute("bound", boundText(tile.bound));
  json.attribute("share_of_peak", tile.shareOfPeak);
  json.attribute("skipped", tile.skipped);
}

static void writeLayer(json::OStream &json, const ExplainedLayer &layer, const Report &report) {
  json.attribute("name", layer.place.layer);
  json.attribute("kind", layer.kind);
  json.attribute("direction", layer.direction);
  writePlace(json, layer.place);
  json.attribute("text", textAt(report.parsed.sources, layer.place));
  json.attribute("layout", layer.layout);
  json.attribute("host", layer.host ? json::Value(layer.host->kernel.layer) : json::Value(nullptr));
  json.attribute("measured_share_of_peak",
                 layer.measured ? json::Value(*layer.measured) : json::Value(nullptr));
  json.attributeArray("kernels", [&] {
    for (const KernelFacts &kernel : layer.kernels)
      json.object([&] {
        json.attribute("kind", kernel.kind);
        json.attribute("bytes", kernel.bytes);
        json.attribute("tasks", kernel.tasks);
        if (kernel.tile)
          json.attributeObject("tile", [&] { writeTile(json, *kernel.tile); });
        else
          json.attribute("tile", nullptr);
      });
  });
}

static void writeEdge(json::OStream &json, const FusionEdge &edge) {
  auto end = [&](const char *name, const OpPlace &place) {
    json.attributeObject(name, [&] {
      json.attribute("name", place.layer);
      json.attribute("direction", place.direction.empty() ? "forward" : place.direction);
      writePlace(json, place);
    });
  };
  end("kernel", edge.kernel);
  end("user", edge.user);
  json.attribute("fused", edge.isFused);
  json.attribute("reason", edge.isFused ? json::Value(nullptr) : json::Value(edge.reason));
}

/// The form that programs outside read: a key may come, none may go or change. What is unknown
/// is null.
static void printJson(const Report &report) {
  json::OStream json(llvm::outs());
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("net", report.parsed.net.name);
    json.attribute("mode", report.mode());
    json.attribute("batch", report.spec.batch);
    json.attribute("cpu", report.spec.target.cpu);
    json.attributeArray("layers", [&] {
      for (const ExplainedLayer &layer : report.explanation.layers)
        json.object([&] { writeLayer(json, layer, report); });
    });
    json.attributeArray("edges", [&] {
      for (const FusionEdge &edge : report.explanation.edges)
        json.object([&] { writeEdge(json, edge); });
    });
  });
  llvm::outs() << '\n';
}

//===----------------------------------------------------------------------===//
// The verb
//===----------------------------------------------------------------------===//

/// Times the layers, and says what of the peak they reach.
static Status measure(const ParsedNet &parsed, const BenchSpec &spec, int threads,
                      Explanation &explanation) {
  ThreadPool pool(threads);
  Result<std::vector<LayerTime>> times = timeLayers(parsed, spec, pool);
  if (!times)
    return times.status();
  llvm::Expected<double> peak = measurePeakGflops(spec.target, runOnPool, &pool, threads);
  if (!peak)
    return fail(Exit::Internal, "internal error: {}", llvm::toString(peak.takeError()));
  for (ExplainedLayer &layer : explanation.layers)
    for (const LayerTime &time : *times)
      if (time.name == layer.place.layer && time.direction == layer.direction && time.gflops > 0)
        layer.measured = time.gflops / *peak;
  return Status();
}

int cnnc::explainVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  bool isMeasured = arguments.has("--measure");
  bool printsSchedules = arguments.has("--print-schedules");
  if (printsSchedules && (isMeasured || arguments.has("--json"))) {
    llvm::errs() << "cnnc explain: --print-schedules prints nothing else, so not with --measure or "
                    "--json\n";
    return kUsage;
  }
  if (arguments.has("--threads") && !isMeasured) {
    llvm::errs() << "cnnc explain: --threads is for --measure\n";
    return kUsage;
  }
  llvm::Expected<TargetInfo> target = findTarget(arguments.get("--target", "native"));
  if (!target)
    return reportRequest(llvm::toString(target.takeError()));
  if (isMeasured && !runsHere(*target, "explain"))
    return kUsage;
  std::optional<BenchSpec> spec = benchSpec(arguments, *parsed, *target, exit);
  if (!spec)
    return exit;
  std::optional<int> threads = threadsOf(arguments);
  if (!threads)
    return kUsage;
  IRGenOptions irgen{.batch = spec->batch, .forward = !spec->train, .trainStep = spec->train};
  std::optional<Explanation> explanation = Explanation::of(*parsed, irgen, spec->pipeline, exit);
  if (!explanation)
    return exit;
  if (isMeasured) {
    Status status = measure(*parsed, *spec, *threads, *explanation);
    if (!status.ok())
      return report(status);
  }
  Report result{*parsed, *spec, *explanation};
  if (printsSchedules)
    printSchedules(result);
  else if (arguments.has("--json"))
    printJson(result);
  else
    printTable(result);
  return 0;
}

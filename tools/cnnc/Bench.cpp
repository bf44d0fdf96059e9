//===- Bench.cpp - cnnc bench ---------------------------------------------===//

#include "compiler/Codegen/MeasurePeak.h"
#include "tools/cnnc/Benchmark.h"
#include "tools/cnnc/Threads.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace cnnc;
namespace json = llvm::json;

namespace {

/// What is printed.
struct Report {
  const TypedNet &net;
  const BenchSpec &spec;
  int threads;
  BenchTimes times = {};
  double peak = 0; ///< GFLOP/s, measured
  std::vector<LayerTime> layers;

  double gflops() const { return operationsOf(net, spec) / times.msMedian * 1e-6; }
  double imagesPerSecond() const { return 1e3 * double(spec.batch) / times.msMedian; }
};

} // namespace

/// The form that programs outside read: a key may come, none may go or change.
static void printJson(const Report &report) {
  json::OStream json(llvm::outs());
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("net", report.net.name);
    json.attribute("mode", report.spec.train ? "train" : "infer");
    json.attribute("batch", report.spec.batch);
    json.attribute("threads", report.threads);
    json.attribute("cpu", report.spec.target.cpu);
    json.attribute("ms_min", report.times.msMin);
    json.attribute("ms_median", report.times.msMedian);
    json.attribute("images_per_s", report.imagesPerSecond());
    json.attribute("gflops", report.gflops());
    json.attribute("peak_gflops", report.peak);
    json.attribute("compile_s", report.times.compileSeconds);
    json.attribute("arena_bytes", int64_t(report.times.arenaBytes));
    json.attributeArray("layers", [&] {
      for (const LayerTime &layer : report.layers)
        json.object([&] {
          json.attribute("name", layer.name);
          json.attribute("kind", layer.kind);
          json.attribute("direction", layer.direction);
          json.attribute("ms", layer.ms);
          json.attribute("gflops", layer.gflops);
          json.attribute("share_of_peak", layer.gflops / report.peak);
        });
    });
  });
  llvm::outs() << '\n';
}

static void printLayers(const Report &report) {
  size_t name = 0, kind = 0;
  for (const LayerTime &layer : report.layers) {
    name = std::max(name, layer.name.size());
    kind = std::max(kind, layer.kind.size());
  }
  llvm::outs() << fmt::format("\n  {:<{}}  {:<{}}  {:<9}  {:>9}  {:>9}  {:>7}\n", "layer", name,
                              "kind", kind, "direction", "ms", "GFLOP/s", "of peak");
  for (const LayerTime &layer : report.layers) {
    std::string speed;
    if (layer.gflops > 0)
      speed = fmt::format("  {:>9.2f}  {:>5.1f} %", layer.gflops, 100 * layer.gflops / report.peak);
    llvm::outs() << fmt::format("  {:<{}}  {:<{}}  {:<9}  {:>9.4f}{}\n", layer.name, name,
                                layer.kind, kind, layer.direction, layer.ms, speed);
  }
}

static void printTable(const Report &report) {
  llvm::outs() << fmt::format(
      "{}, {}, batch {}, {} thread{} of {}\n"
      "  {:.4g} ms (least {:.4g}), {:.1f} images/s, {:.2f} GFLOP/s: {:.1f} % of {:.1f}\n"
      "  compiled in {:.2f} s, arena of {} bytes\n",
      report.net.name, report.spec.train ? "a training step" : "inference", report.spec.batch,
      report.threads, report.threads == 1 ? "" : "s", report.spec.target.cpu, report.times.msMedian,
      report.times.msMin, report.imagesPerSecond(), report.gflops(),
      100 * report.gflops() / report.peak, report.peak, report.times.compileSeconds,
      report.times.arenaBytes);
  if (!report.layers.empty())
    printLayers(report);
}

/// Measures everything that `report` lacks.
static Status measure(const ParsedNet &parsed, bool wantsLayers, Report &report) {
  ThreadPool pool(report.threads);
  Result<BenchTimes> times = timeNetwork(parsed, report.spec, pool);
  if (!times)
    return times.status();
  report.times = *times;
  // After the network: the processor is as warm as it was.
  llvm::Expected<double> peak =
      measurePeakGflops(report.spec.target, runOnPool, &pool, report.threads);
  if (!peak)
    return fail(Exit::Internal, "internal error: {}", llvm::toString(peak.takeError()));
  report.peak = *peak;
  if (!wantsLayers)
    return Status();
  Result<std::vector<LayerTime>> layers = timeLayers(parsed, report.spec, pool);
  if (!layers)
    return layers.status();
  report.layers = std::move(*layers);
  return Status();
}

int cnnc::benchVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  llvm::Expected<TargetInfo> target = findTarget(arguments.get("--target", "native"));
  if (!target)
    return reportRequest(llvm::toString(target.takeError()));
  if (!runsHere(*target, "bench"))
    return kUsage;
  std::optional<BenchSpec> spec = benchSpec(arguments, *parsed, *target, exit);
  if (!spec)
    return exit;
  std::optional<int> threads = threadsOf(arguments);
  if (!threads)
    return kUsage;
  Report result{parsed->net, *spec, *threads, {}, 0, {}};
  Status status = measure(*parsed, arguments.has("--layers"), result);
  if (!status.ok())
    return report(status);
  if (arguments.has("--json"))
    printJson(result);
  else
    printTable(result);
  return 0;
}

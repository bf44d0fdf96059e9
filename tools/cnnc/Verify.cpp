//===- Verify.cpp - cnnc verify -------------------------------------------===//

#include "tools/cnnc/NetRows.h"
#include "tools/cnnc/Verbs.h"
#include "tools/cnnc/Verification.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace cnnc;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// For people
//===----------------------------------------------------------------------===//

static std::string elementText(const Difference &difference) {
  if (difference.index.empty())
    return difference.tensor;
  return fmt::format("{}[{}]", difference.tensor, fmt::join(difference.index, ", "));
}

static void printRows(const VerifyReport &report) {
  using Cells = std::array<std::string, 6>;
  std::vector<Cells> rows{{"phase", "values", "worst error", "bound", "", "of"}};
  for (const PhaseResult &phase : report.phases) {
    const Difference &worst = phase.comparison.worst;
    std::string verdict = worst.isMoved() ? "moved" : phase.isUnchanged ? "unchanged" : "ok";
    rows.push_back({phase.phase, grouped(int64_t(phase.comparison.values)),
                    fmt::format("{:.1e}", worst.error), fmt::format("{:.1e}", worst.bound),
                    std::move(verdict), worst.tensor});
  }
  std::array<size_t, std::tuple_size_v<Cells>> widths{};
  for (const Cells &cells : rows)
    for (size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], cells[i].size());
  for (const Cells &cells : rows) {
    std::string line = fmt::format("{:<{}}  {:>{}}  {:>{}}  {:>{}}  {:<{}}  {}", cells[0],
                                   widths[0], cells[1], widths[1], cells[2], widths[2], cells[3],
                                   widths[3], cells[4], widths[4], cells[5]);
    llvm::outs() << llvm::StringRef(line).rtrim() << '\n';
  }
}

static void printNotes(const VerifyReport &report) {
  if (uint64_t count = report.last().comparison.notFinite)
    llvm::outs() << "note: " << grouped(int64_t(count))
                 << " values are not finite in the reference; they are compared as they are\n";
  if (!report.fault)
    llvm::outs() << fmt::format("ok: {} phases, no value beyond its bound\n", report.phases.size());
}

static std::string_view partText(const Fault &fault) {
  switch (fault.part) {
  case Fault::ForwardPass:
    return fault.entry == Entry::Forward ? "in inference" : "in the forward pass of training";
  case Fault::Loss:
    return "in training";
  case Fault::BackwardPass:
    return "in the backward pass";
  case Fault::Step:
    return "in the training step";
  }
  return "";
}

static std::string_view partName(Fault::Part part) {
  static constexpr std::string_view names[] = {"forward", "loss", "backward", "step"};
  return names[part];
}

static void printFault(const VerifyReport &report, const Sources &sources) {
  const Fault &fault = *report.fault;
  const Difference &difference = fault.difference;
  const SourceFile &file = sources.fileOf(fault.range.begin);
  LineColumn at = file.lineColumn(fault.range.begin);
  std::string what = fault.part == Fault::Loss ? "the loss"
                     : fault.layer.empty()     ? "the state"
                                               : fmt::format("'{}'", fault.layer);
  llvm::errs() << fmt::format(
      "{}:{}:{}: error: the phase {} moves {} {}: {} is {:.9g}, expected {:.9g} (off by {:.2g}, "
      "bound {:.2g})\n",
      file.name(), at.line, at.column, report.last().phase, what, partText(fault),
      elementText(difference), difference.found, difference.expected, difference.error,
      difference.bound);
}

//===----------------------------------------------------------------------===//
// For programs
//===----------------------------------------------------------------------===//

/// JSON has no numbers that are not finite.
static json::Value number(double value) {
  if (std::isfinite(value))
    return value;
  return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

static void writeDifference(json::OStream &json, const Difference &difference) {
  json.attribute("tensor", difference.tensor);
  json.attribute("index", json::Array(difference.index));
  json.attribute("error", number(difference.error));
  json.attribute("bound", number(difference.bound));
  json.attribute("expected", number(difference.expected));
  json.attribute("found", number(difference.found));
}

static void writeFault(json::OStream &json, const VerifyReport &report, const Sources &sources) {
  if (!report.fault) {
    json.attribute("moved", nullptr);
    return;
  }
  const Fault &fault = *report.fault;
  json.attributeObject("moved", [&] {
    LineColumn at = sources.lineColumn(fault.range.begin);
    json.attribute("phase", report.last().phase);
    json.attribute("function", entryName(fault.entry));
    json.attribute("part", std::string(partName(fault.part)));
    json.attribute("layer", fault.layer.empty() ? json::Value(nullptr) : json::Value(fault.layer));
    json.attribute("file", sources.fileOf(fault.range.begin).name());
    json.attribute("line", at.line);
    json.attribute("col", at.column);
    writeDifference(json, fault.difference);
  });
}

static void printJson(const VerifyReport &report, const ParsedNet &parsed,
                      const VerifyOptions &options) {
  json::OStream json(llvm::outs());
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("net", parsed.net.name);
    json.attribute("batch", options.batch);
    json.attribute("precision", options.doublePrecision ? "f64" : "f32");
    json.attribute("seed", int64_t(options.seed));
    json.attribute("rtol", report.rtol);
    json.attribute("ok", !report.fault);
    json.attributeArray("phases", [&] {
      for (const PhaseResult &phase : report.phases)
        json.object([&] {
          json.attribute("phase", phase.phase);
          json.attribute("changed", !phase.isUnchanged);
          json.attribute("ok", !phase.comparison.worst.isMoved());
          json.attribute("values", int64_t(phase.comparison.values));
          json.attribute("not_finite", int64_t(phase.comparison.notFinite));
          json.attributeObject("worst", [&] {
            json.attribute("function", entryName(phase.entry));
            writeDifference(json, phase.comparison.worst);
          });
        });
    });
    writeFault(json, report, parsed.sources);
  });
  llvm::outs() << '\n';
}

//===----------------------------------------------------------------------===//
// The verb
//===----------------------------------------------------------------------===//

/// --rtol, or nothing; an exit code where it is no tolerance.
static std::optional<int> readTolerance(const Arguments &arguments, VerifyOptions &options) {
  if (!arguments.has("--rtol"))
    return std::nullopt;
  double value;
  std::string given = arguments.get("--rtol");
  llvm::StringRef text = given;
  if (!text.getAsDouble(value) && std::isfinite(value) && value >= 0) {
    options.rtol = value;
    return std::nullopt;
  }
  llvm::errs() << "cnnc verify: --rtol must be a number from 0, but is '" << text.take_front(64)
               << "'\n";
  return kUsage;
}

/// Takes --schedules, whose lines must be right for the network. Prints what is wrong with one.
static bool takeSchedules(const Arguments &arguments, const ParsedNet &parsed,
                          VerifyOptions &options, int &exit) {
  PipelineOptions pipeline{.machine = hostMachine()};
  if (!readSchedules(arguments, pipeline, exit))
    return false;
  if (!pipeline.schedules)
    return true;
  options.schedules = pipeline.schedules->text;
  Compilation compilation;
  if (compilation.run(parsed, verifiedIR(options), Phase::Tiling, pipeline))
    return true;
  exit = static_cast<int>(compilation.exit());
  return false;
}

int cnnc::verifyVerb(const Arguments &arguments) {
  VerifyOptions options{.doublePrecision = arguments.has("--f64")};
  if (std::optional<int> usage = readTolerance(arguments, options))
    return *usage;
  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  std::optional<int64_t> batch = batchOf(arguments, parsed->net);
  int64_t ownSeed = parsed->net.train ? int64_t(parsed->net.train->seed) : 0;
  std::optional<int64_t> seed =
      integerFlag(arguments, "--seed", ownSeed, 0, std::numeric_limits<int64_t>::max());
  if (!batch || !seed)
    return kUsage;
  options.batch = *batch;
  options.seed = uint64_t(*seed);
  options.cache = parsed->cache.get();
  if (!takeSchedules(arguments, *parsed, options, exit))
    return exit;
  std::optional<SafetensorsFile> weights;
  if (arguments.has("--weights")) {
    Result<SafetensorsFile> file = SafetensorsFile::read(arguments.get("--weights"));
    if (!file)
      return report(file.status());
    options.weights = &weights.emplace(std::move(*file));
  }
  Result<VerifyReport> found = verify(parsed->net, parsed->sources, options);
  if (!found)
    return report(found.status());
  if (arguments.has("--json")) {
    printJson(*found, *parsed, options);
  } else {
    llvm::outs() << fmt::format("{}: {}, batch {}, {}, seed {}\n", parsed->sources.main().name(),
                                parsed->net.name, options.batch,
                                options.doublePrecision ? "f64" : "f32", options.seed);
    printRows(*found);
    printNotes(*found);
  }
  llvm::outs().flush();
  if (!found->fault)
    return 0;
  printFault(*found, parsed->sources);
  return static_cast<int>(Exit::Request);
}

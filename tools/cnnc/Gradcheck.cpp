//===- Gradcheck.cpp - cnnc gradcheck -------------------------------------===//

#include "tools/cnnc/Certificate.h"
#include "tools/cnnc/Verbs.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <limits>

using namespace cnnc;

/// line:col, with the file's name where the text is imported.
static std::string placeOf(const Sources &sources, SourceRange range) {
  const SourceFile &file = sources.fileOf(range.begin);
  LineColumn at = file.lineColumn(range.begin);
  std::string place = fmt::format("{}:{}", at.line, at.column);
  return &file == &sources.main() ? place : file.name() + ":" + place;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

namespace {

/// Prints each layer when it has been checked; the widths are known before.
class TablePrinter {
public:
  explicit TablePrinter(const ParsedNet &parsed) : sources(parsed.sources) {
    for (const Layer &layer : parsed.net.layers) {
      nameWidth = std::max(nameWidth, layer.name.size());
      kindWidth = std::max(kindWidth, layer.keyword.size());
      widen(layer.range);
    }
    if (parsed.net.train) {
      widen(parsed.net.train->range);
      for (const LossTerm &term : parsed.net.train->loss)
        widen(term.range);
    }
    printLine("layer", "kind", "at", "check", "towards", "numbers", "worst", "");
  }

  void print(const LayerReport &report) {
    std::string place = placeOf(sources, report.range);
    for (const CheckRow &row : report.rows) {
      std::string worst = row.worst == 0 ? "0" : fmt::format("{:.1e}", row.worst);
      printLine(report.name, report.kind, place, report.check, row.towards, numbersOf(row), worst,
                row.passed ? "ok" : "FAILED");
    }
    llvm::outs().flush();
  }

private:
  void widen(SourceRange range) {
    placeWidth = std::max(placeWidth, placeOf(sources, range).size());
  }
  /// How many coordinates, and along how many directions.
  static std::string numbersOf(const CheckRow &row) {
    if (row.directions == 0)
      return fmt::format("{}", row.numbers);
    return row.numbers == 0 ? fmt::format("{}d", row.directions)
                            : fmt::format("{}+{}d", row.numbers, row.directions);
  }
  void printLine(llvm::StringRef name, llvm::StringRef kind, llvm::StringRef place,
                 llvm::StringRef check, llvm::StringRef towards, llvm::StringRef numbers,
                 llvm::StringRef worst, llvm::StringRef result) {
    std::string line =
        fmt::format("{:<{}}  {:<{}}  {:<{}}  {:<11}  {:<10}  {:>9}  {:>7}  {}", name.str(),
                    nameWidth, kind.str(), kindWidth, place.str(), placeWidth, check.str(),
                    towards.str(), numbers.str(), worst.str(), result.str());
    llvm::outs() << llvm::StringRef(line).rtrim() << '\n';
  }

  const Sources &sources;
  size_t nameWidth = 5, kindWidth = 7, placeWidth = 2;
};

} // namespace

static void printTotals(const TypedNet &net, const NetReport &report) {
  size_t gradients = 0, exact = 0;
  double worst = 0;
  for (const std::vector<LayerReport> *reports : {&report.layers, &report.loss})
    for (const LayerReport &one : *reports) {
      gradients += one.rows.size();
      exact += one.check == "exact" ? one.rows.size() : 0;
      if (one.check != "exact")
        worst = std::max(worst, one.worst());
    }
  if (!net.train)
    llvm::outs() << "net " << net.name
                 << " has no train section: checked layer by layer, not as a whole\n";
  llvm::outs() << fmt::format(
      "{}: {} layer{}, {} gradients, {} of them exact, the others to {:.1e}; {} failed\n", net.name,
      report.layers.size(), report.layers.size() == 1 ? "" : "s", gradients, exact, worst,
      report.failures());
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static void writeReports(llvm::json::OStream &json, const Sources &sources,
                         const std::vector<LayerReport> &reports) {
  // What is not finite has no number in JSON.
  auto finite = [](double value) { return std::min(value, std::numeric_limits<double>::max()); };
  for (const LayerReport &report : reports)
    json.object([&] {
      const SourceFile &file = sources.fileOf(report.range.begin);
      LineColumn at = file.lineColumn(report.range.begin);
      json.attribute("name", report.name);
      json.attribute("kind", report.kind);
      if (&file != &sources.main())
        json.attribute("file", file.name());
      json.attribute("line", at.line);
      json.attribute("col", at.column);
      json.attribute("check", report.check);
      json.attribute("worst", finite(report.worst()));
      json.attribute("passed", report.passed());
      json.attributeArray("gradients", [&] {
        for (const CheckRow &row : report.rows)
          json.object([&] {
            json.attribute("towards", row.towards);
            json.attribute("numbers", row.numbers);
            json.attribute("directions", row.directions);
            json.attribute("worst", finite(row.worst));
            json.attribute("passed", row.passed);
          });
      });
    });
}

static void printJson(const ParsedNet &parsed, const NetReport &report, int64_t batch) {
  llvm::json::OStream json(llvm::outs(), /*IndentSize=*/2);
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("net", parsed.net.name);
    json.attribute("batch", batch);
    json.attributeArray("layers", [&] { writeReports(json, parsed.sources, report.layers); });
    json.attributeArray("loss", [&] { writeReports(json, parsed.sources, report.loss); });
    json.attribute("passed", report.failures() == 0);
  });
  llvm::outs() << '\n';
}

//===----------------------------------------------------------------------===//
// The verb
//===----------------------------------------------------------------------===//

/// Names the first layer whose gradient is wrong.
static int reportFailure(const Arguments &arguments, const ParsedNet &parsed,
                         const LayerReport &report) {
  const CheckRow &row =
      *std::find_if(report.rows.begin(), report.rows.end(), [](auto &r) { return !r.passed; });
  const SourceFile &file = parsed.sources.fileOf(report.range.begin);
  LineColumn at = file.lineColumn(report.range.begin);
  std::string message =
      fmt::format("{}:{}:{}: the gradient of {} '{}' towards {} fails its check: {}", file.name(),
                  at.line, at.column, report.kind, report.name, row.towards, row.reason);
  if (arguments.has("--cert"))
    message += fmt::format("; {} is not written", arguments.get("--cert"));
  return reportRequest(message);
}

int cnnc::gradcheckVerb(const Arguments &arguments) {
  if (arguments.has("--cert") && arguments.has("--reference")) {
    llvm::errs() << "cnnc gradcheck: --cert certifies the code that compile writes, not that of "
                    "--reference\n";
    return kUsage;
  }
  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  constexpr int64_t mostImages = 1 << 10;
  std::optional<int64_t> batch = integerFlag(arguments, "--batch", 2, 1, mostImages);
  if (!batch)
    return kUsage;
  int64_t textSeed = int64_t(parsed->net.train ? parsed->net.train->seed >> 1 : 0);
  std::optional<int64_t> seed = integerFlag(arguments, "--seed", textSeed, 0, INT64_MAX);
  if (!seed)
    return kUsage;

  CheckCompiler compiler(parsed->sources, {.batch = *batch,
                                           .reference = arguments.has("--reference"),
                                           .cache = parsed->cache.get(),
                                           .tamper = {}});
  std::optional<TablePrinter> table;
  if (!arguments.has("--json"))
    table.emplace(*parsed);
  Result<NetReport> report =
      checkNet(compiler, parsed->net, uint64_t(*seed), [&](const LayerReport &layer) {
        if (table)
          table->print(layer);
      });
  if (!report)
    return cnnc::report(report.status());
  if (table)
    printTotals(parsed->net, *report);
  else
    printJson(*parsed, *report, *batch);
  llvm::outs().flush(); // before what goes to stderr
  if (const LayerReport *failure = report->firstFailure())
    return reportFailure(arguments, *parsed, *failure);
  if (!arguments.has("--cert"))
    return 0;
  return writeOutput(arguments.get("--cert"), certificateText(parsed->net, *report));
}

//===- gradient-table.cpp - Every layer's gradients in many sizes ---------===//
//
// One line for each layer, join and loss: how many variants of size, stride, padding, dilation
// and groups there are, the worst error of a gradient against central differences, and the worst
// error of a value against plain loops. It fails where a layer of the language has fewer
// variants than it must have.
//
//===----------------------------------------------------------------------===//

#include "compiler/Frontend/LayerTable.h"
#include "compiler/Frontend/SemaTrain.h"
#include "test/oracle/VariantChecker.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>
#include <set>

using namespace llvm;
using namespace cnnc;
using namespace cnnc::oracle;

static cl::opt<std::string> only("only", cl::value_desc("keyword"),
                                 cl::desc("the rows of one layer or loss"));
static cl::opt<unsigned> atLeast("at-least", cl::init(20), cl::value_desc("n"),
                                 cl::desc("how many variants each row must have"));
static cl::opt<unsigned> referenceEvery("reference-every", cl::init(1), cl::value_desc("n"),
                                        cl::desc("run the reference pipeline on each n-th row"));
static cl::opt<bool> isCorrupted("corrupt",
                                 cl::desc("make all gradients a little wrong: rows must fail"));
static cl::opt<std::string> hidden("hide", cl::value_desc("keyword"),
                                   cl::desc("leave a layer out: the table must fail"));

/// The name that the table of layers uses for a layer and its aliases; losses have no aliases.
static std::string canonical(const std::string &name) {
  const LayerSpec *layer = findLayer(name);
  return layer ? std::string(layer->keyword) : name;
}

/// Rows with too few variants, layers and losses without a row.
static std::vector<std::string> findGaps(const std::vector<VariantRow> &rows) {
  std::vector<std::string> gaps;
  std::set<std::string> covered;
  for (const VariantRow &row : rows) {
    covered.insert(row.keyword);
    std::set<std::string> distinct(row.variants.begin(), row.variants.end());
    if (distinct.size() < atLeast || distinct.size() < row.variants.size())
      gaps.push_back(fmt::format("{} has {} different variants of {} or more", row.label,
                                 distinct.size(), std::max<size_t>(atLeast, row.variants.size())));
    for (const std::string &variant : row.variants)
      if (!StringRef(variant).split("-> ").second.starts_with(row.keyword))
        gaps.push_back(fmt::format("{} is no variant of {}", variant, row.keyword));
  }
  for (const std::vector<std::string> &names : {layerNames(), lossNames()})
    for (const std::string &name : names)
      if (!covered.count(canonical(name)))
        gaps.push_back(name + " has no variants");
  return gaps;
}

/// Prints what one row gives. Returns whether it failed.
static bool printRow(const VariantRow &row, const RowResult &result) {
  bool failed = !result.failures.empty();
  outs() << fmt::format("{:<20} {:>8} {:>8} {:>10.1e} {:>10.1e}{}\n", row.label,
                        row.variants.size(), result.values, result.worstGradient,
                        result.worstForward, failed ? "  FAILED" : "");
  for (const std::string &failure : result.failures)
    outs() << "  " << failure << '\n';
  outs().flush(); // a later row may end the process
  return failed;
}

int main(int argc, char **argv) {
  sys::PrintStackTraceOnErrorSignal(argv[0]);
  cl::ParseCommandLineOptions(argc, argv, "gradients of every layer against differences\n");
  std::vector<VariantRow> rows = variantRows();
  erase_if(rows, [](const VariantRow &row) { return row.keyword == hidden; });
  std::vector<std::string> gaps = findGaps(rows);
  for (const std::string &gap : gaps)
    outs() << gap << '\n';
  if (!gaps.empty())
    return 1;
  if (!only.empty())
    erase_if(rows, [](const VariantRow &row) { return row.keyword != only; });
  VariantChecker checker(isCorrupted);
  size_t variants = 0, failures = 0;
  outs() << fmt::format("{:<20} {:>8} {:>8} {:>10} {:>10}\n", "layer", "variants", "values",
                        "gradient", "forward");
  for (const auto &[i, row] : enumerate(rows)) {
    PrettyStackTraceFormat place("the row %s", row.label.c_str());
    failures += printRow(row, checker.check(row, i % referenceEvery == 0));
    variants += row.variants.size();
  }
  outs() << rows.size() << " rows, " << variants << " variants, " << failures << " failed\n";
  return failures > 0 || rows.empty();
}

//===- random-nets.cpp - Random networks against the oracle ---------------===//
//
// Generates networks from seeds, compiles and runs them, and compares with plain loops.
// What fails is reduced and printed. docs/Testing.md says how to repeat one seed.
//
//===----------------------------------------------------------------------===//

#include "test/oracle/Generator.h"
#include "test/oracle/NetChecker.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace cnnc;
using namespace cnnc::oracle;

static cl::opt<Numbers>
    kind("numbers", cl::desc("what the nets compute with"), cl::init(Numbers::Integer),
         cl::values(clEnumValN(Numbers::Integer, "integer", "whole numbers in f32, equal"),
                    clEnumValN(Numbers::Real, "real", "f64, relative error 1e-9")));
static cl::opt<uint64_t> firstSeed("seed", cl::desc("the first seed"), cl::init(0));
static cl::opt<uint64_t> netCount("count", cl::desc("how many seeds"), cl::init(1));
static cl::opt<unsigned> referenceEvery("reference-every", cl::init(1), cl::value_desc("n"),
                                        cl::desc("run the reference pipeline on each n-th seed"));
static cl::opt<unsigned> fullEvery("full-every", cl::init(1), cl::value_desc("n"),
                                   cl::desc("let LLVM optimize each n-th seed fully"));
static cl::opt<unsigned> printedEvery("printed-every", cl::init(1), cl::value_desc("n"),
                                      cl::desc("compile the printed gradient of each n-th seed"));
static cl::opt<unsigned> schedulesEvery("schedules-every", cl::init(1), cl::value_desc("n"),
                                        cl::desc("draw schedules, too, for each n-th seed"));
static cl::opt<std::string> layout("layout", cl::init("auto"),
                                   cl::desc("auto, channels, images, plain, or each: in turn"));
static cl::opt<bool> onlyPrint("print", cl::desc("print the nets and do nothing else"));
static cl::opt<bool> isMisled("mislead", cl::desc("give the oracle other inputs: nets must fail"));
static cl::opt<std::string> file("file", cl::value_desc("net.cnn"),
                                 cl::desc("check this text instead, with data of --seed"));

/// So many failures are reduced; each takes a while.
static constexpr unsigned mostReductions = 3;

static void reportFailure(uint64_t seed, const Verdict &verdict) {
  outs() << "seed " << seed << ": "
         << (verdict.kind == Verdict::Refused ? "the frontend refuses the net\n" : "")
         << verdict.reason << '\n';
}

static void printReduced(NetChecker &checker, const NetText &net, uint64_t seed,
                         NetChecker::Options options) {
  std::string text = reduce(net, [&](const std::string &candidate) {
                       return checker.check(candidate, seed, options).kind == Verdict::Wrong;
                     }).print();
  outs() << "reduced:\n" << text << checker.check(text, seed, options).reason << "\n\n";
}

/// The layout for one net.
static std::string layoutOf(uint64_t seed) {
  static constexpr const char *all[] = {"auto", "channels", "images", "channels", "plain"};
  return layout == "each" ? all[seed % std::size(all)] : layout.getValue();
}

static int checkFile() {
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(file);
  if (!buffer) {
    errs() << file << ": " << buffer.getError().message() << '\n';
    return 1;
  }
  Verdict verdict = NetChecker(kind, isMisled)
                        .check((*buffer)->getBuffer().str(), firstSeed,
                               {.layout = layoutOf(firstSeed), .schedules = true});
  outs() << (verdict.kind == Verdict::Equal ? "equal" : verdict.reason) << '\n';
  return verdict.kind != Verdict::Equal;
}

static int checkSeeds() {
  unsigned failures = 0, equal = 0, unusable = 0, references = 0;
  NetChecker checker(kind, isMisled);
  for (uint64_t seed = firstSeed; seed < firstSeed + netCount; ++seed) {
    PrettyStackTraceFormat place("the net of --seed=%llu", (unsigned long long)seed);
    NetChecker::Options options;
    options.reference = seed % referenceEvery == 0;
    options.effort = seed % fullEvery == 0 ? Effort::Full : Effort::Quick;
    options.printed = seed % printedEvery == 0;
    options.layout = layoutOf(seed);
    options.schedules = seed % schedulesEvery == 0;
    NetText net = generateNet(seed, kind);
    Verdict verdict = checker.check(net.print(), seed, options);
    equal += verdict.kind == Verdict::Equal;
    references += options.reference && verdict.kind == Verdict::Equal;
    unusable += verdict.kind == Verdict::Unusable;
    if (verdict.kind == Verdict::Equal || verdict.kind == Verdict::Unusable)
      continue;
    reportFailure(seed, verdict);
    // A text that the generator should not have written is shown as it is.
    if (verdict.kind == Verdict::Refused)
      outs() << net.print() << '\n';
    else if (failures < mostReductions)
      printReduced(checker, net, seed, options);
    outs().flush(); // a later net may end the process
    ++failures;
  }
  outs() << netCount << " nets: " << equal << " equal (" << references
         << " of them by the reference pipeline, too), " << checker.drawnSchedules
         << " kernels by drawn schedules, " << unusable << " without usable data, " << failures
         << " failures\n";
  // Few nets have no usable data; were there many, the test would say little.
  constexpr uint64_t mostUnusable = 10; // of 100
  bool isVacuous = equal == 0 || unusable * 100 > netCount * mostUnusable;
  if (isVacuous)
    outs() << "too few nets were compared\n";
  return failures > 0 || isVacuous;
}

int main(int argc, char **argv) {
  sys::PrintStackTraceOnErrorSignal(argv[0]);
  cl::ParseCommandLineOptions(argc, argv, "random networks against plain loops\n");
  if (!file.empty())
    return checkFile();
  if (!onlyPrint)
    return checkSeeds();
  for (uint64_t seed = firstSeed; seed < firstSeed + netCount; ++seed)
    outs() << generateNet(seed, kind).print() << '\n';
  return 0;
}

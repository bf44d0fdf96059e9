//===- cnnc.cpp - The command line ----------------------------------------===//

#include "tools/cnnc/Threads.h"
#include "tools/cnnc/Verbs.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/raw_ostream.h"
#include <new>
#include <unistd.h>

using namespace llvm;
using namespace cnnc;

static constexpr Flag kWeights{"--weights", "FILE", "parameters, as safetensors"};
static constexpr Flag kData{"--data", "SPEC",
                            "digits(), digits(N), idx(DIR), cifar(DIR), folder(DIR), npy(X, Y): "
                            "instead of the text's data"};
static constexpr Flag kSeed{"--seed", "S", "of the random numbers (default: the text's)"};
static constexpr Flag kInput{"--input", "[NAME=]FILE", "an array (.npy) or a picture (.png, .jpg)",
                             true};

static constexpr Flag kTargetFlag{"--target", "CPU",
                                  "native, x86-64-v3, znver4, aarch64, … (default: native)"};

static constexpr Flag kCheckFlags[] = {
    {"--fix", "", "apply the first fix of each message to the text"}};
static constexpr Flag kFormatFlags[] = {
    {"-i", "", "write the files where their text changes (default: print it)"},
    {"--check", "", "change nothing; name the files that would change and exit with 1"},
    kDiagnosticsFlag};
static constexpr Flag kSummaryFlags[] = {
    {"--depth", "N", "fold blocks nested deeper; 1: blocks and the layers outside of them"},
    {"--json", "", "for programs: all layers"},
    {"--graph", "", "draw a picture (needs the package graphviz)"},
    {"-o", "FILE", "of --graph: NET.svg (default) or, for Graphviz, NET.dot"}};
static constexpr Flag kCompileFlags[] = {
    {"--emit", "STAGE", "stop after a phase and print (see docs/Architecture.md)"},
    {"-o", "FILE", "where to write (default: NET.o and NET.h; stages: standard output)"},
    kTargetFlag,
    kBatchFlag,
    kReferenceFlag,
    kSchedulesFlag,
    kCacheFlag,
    {"--gradient", "", "the function that `cnnc grad` runs, too"},
    {"--f64", "", "double precision"},
    {"--require-cert", "FILE", "write nothing unless this certificate of gradcheck fits"},
    {"--locations", "", "print the source position of every op"}};
static constexpr Flag kInitFlags[] = {
    {"-o", "FILE", "default: NET.safetensors"}, kSeed, kCacheFlag};
static constexpr Flag kGradFlags[] = {
    {"--weights", "FILE", "parameters, as safetensors: then the gradients' values"},
    kInput,
    {"-o", "FILE", "the text (default: standard output), or the values, as safetensors"},
    {"--batch", "N", "of the text: images a call (default: the text's batch)"},
    {"--f64", "", "double precision"},
    kThreadsFlag,
    kMaxMemoryFlag,
    kReferenceFlag,
    kSchedulesFlag,
    kCacheFlag};
static constexpr Flag kGradcheckFlags[] = {
    {"--cert", "FILE", "where to write the certificate if all checks pass"},
    {"--json", "", "for programs"},
    kSeed,
    {"--batch", "N", "images of each check (default: 2)"},
    kReferenceFlag,
    kCacheFlag};
static constexpr Flag kTrainFlags[] = {
    kData,
    kBatchFlag,
    {"--epochs", "N", "how often to see all images (default: the text's)"},
    kSeed,
    {"--out", "DIR", "where checkpoints go (default: NET-run, NET-run-2, …)"},
    {"--resume", "DIR", "go on from the newest checkpoint of DIR"},
    {"--weights", "FILE", "start from these parameters"},
    {"--log-json", "FILE", "the lines of metrics.jsonl here, too; - is standard output"},
    {"--log-loss", "FILE", "each step's loss as a hexadecimal float, one a line"},
    kThreadsFlag,
    kMaxMemoryFlag,
    kReferenceFlag,
    kSchedulesFlag,
    kCacheFlag};
static constexpr Flag kEvalFlags[] = {kWeights,
                                      kData,
                                      kBatchFlag,
                                      {"--split", "test|train", "which images (default: test)"},
                                      {"--json", "", "for programs"},
                                      kThreadsFlag,
                                      kMaxMemoryFlag,
                                      kReferenceFlag,
                                      kSchedulesFlag,
                                      kCacheFlag};
static constexpr Flag kRunFlags[] = {kWeights,
                                     kInput,
                                     {"-o", "FILE", "first output as .npy, all of them as .npz"},
                                     {"--top", "K", "print the K highest outputs (default: 5)"},
                                     kThreadsFlag,
                                     kMaxMemoryFlag,
                                     kReferenceFlag,
                                     kSchedulesFlag,
                                     kCacheFlag};
static constexpr Flag kPlanFlags[] = {
    {"--train", "", "of training alone (default: of inference, too)"},
    kBatchFlag,
    {"--json", "", "for programs: all buffers"},
    kMaxMemoryFlag,
    kReferenceFlag};
static constexpr Flag kBenchFlags[] = {
    {"--train", "", "a step of training instead of inference"},
    {"--batch", "N", "images a call (default: 1; with --train the text's batch)"},
    kTargetFlag,
    kThreadsFlag,
    {"--layers", "", "the time of each layer in each direction, too"},
    kMaxMemoryFlag,
    {"--json", "", "for programs"},
    kReferenceFlag,
    kSchedulesFlag,
    kCacheFlag};

static constexpr Flag kVerifyFlags[] = {
    {"--weights", "FILE", "these parameters (default: random ones)"},
    kBatchFlag,
    kSeed,
    {"--rtol", "R", "bound of a tensor's error, by its largest value (default: from the sums)"},
    {"--f64", "", "double precision: errors of rounding go, those of a phase stay"},
    kSchedulesFlag,
    kCacheFlag,
    {"--json", "", "for programs"}};

static constexpr Flag kExplainFlags[] = {
    {"--train", "", "a step of training instead of inference"},
    {"--batch", "N", "images a call (default: 1; with --train the text's batch)"},
    kTargetFlag,
    {"--measure", "", "the share of peak that each layer reaches, too"},
    {"--threads", "N", "of --measure: threads that compute (default: all processors)"},
    kSchedulesFlag,
    {"--print-schedules", "", "the schedules alone, as --schedules reads them"},
    {"--json", "", "for programs"}};
static constexpr Flag kDoctorFlags[] = {kTargetFlag, {"--json", "", "for programs"}};

static int versionVerb(const Arguments &) {
  outs() << "cnnc " CNNC_VERSION " (LLVM " CNNC_LLVM_VERSION ")\n";
  return 0;
}

static constexpr Verb kVerbs[] = {
    {"check", "NET.cnn [--fix]", "Reads a network and checks names, sizes and arguments.",
     "cnnc check lenet5.cnn", kCheckFlags, 1, checkVerb},
    {"fmt", "[-i] [--check] NET.cnn…",
     "Prints a text in the one formatting; names, numbers and comments stay as they are.",
     "cnnc fmt -i lenet5.cnn", kFormatFlags, 1, formatVerb, /*readsTextOnly=*/true},
    {"summary", "NET.cnn [--depth N] [--json | --graph [-o FILE]]",
     "Lists layers: output sizes, parameters, multiply-adds, receptive fields; or draws them.",
     "cnnc summary --graph lenet5.cnn -o lenet5.svg", kSummaryFlags, 1, summaryVerb},
    {"compile", "NET.cnn [--emit STAGE] [-o FILE]",
     "Writes a C library that infers and trains, or prints a stage of the compilation.",
     "cnnc compile lenet5.cnn --batch 1 -o lenet.o", kCompileFlags, 1, compileVerb},
    {"init", "NET.cnn [--seed S] [-o FILE]", "Writes initial parameters.",
     "cnnc init lenet5.cnn --seed 7 -o start.safetensors", kInitFlags, 1, initVerb},
    {"grad", "NET.cnn [-o FILE] [--weights FILE --input NAME=FILE…]",
     "Prints the backward pass as a network's text; with weights and data, writes its values.",
     "cnnc grad lenet5.cnn -o lenet5-gradient.cnn", kGradFlags, 1, gradVerb},
    {"gradcheck", "NET.cnn [--cert FILE] [--json]",
     "Checks the gradients of the compiled code, layer by layer and as a whole.",
     "cnnc gradcheck lenet5.cnn --cert lenet5-cert.json", kGradcheckFlags, 1, gradcheckVerb},
    {"train", "NET.cnn [--data SPEC] [--epochs N] [--out DIR]", "Trains a network.",
     "cnnc train lenet5.cnn --data 'idx(mnist)' --epochs 5", kTrainFlags, 1, trainVerb},
    {"eval", "NET.cnn --weights FILE [--data SPEC]", "Measures loss and metrics on a split.",
     "cnnc eval lenet5.cnn --weights lenet5-run/best.safetensors --json", kEvalFlags, 1, evalVerb},
    {"run", "NET.cnn --weights FILE --input FILE [-o FILE]",
     "Runs a network on arrays or pictures.",
     "cnnc run lenet5.cnn --weights w.safetensors --input digit.png --top 3", kRunFlags, 1,
     runVerb},
    {"plan", "NET.cnn [--train] [--batch N] [--json]",
     "Shows what memory a network needs, and which layer's buffers live when.",
     "cnnc plan lenet5.cnn --train --batch 64", kPlanFlags, 1, planVerb},
    {"verify", "NET.cnn [--weights FILE] [--rtol R] [--f64] [--json]",
     "Runs a network after each phase and names the first that moves a value.",
     "cnnc verify lenet5.cnn --batch 4", kVerifyFlags, 1, verifyVerb},
    {"bench", "NET.cnn [--train] [--batch N] [--target CPU] [--threads N] [--layers] [--json]",
     "Measures time and speed, beside what the processor can do.",
     "cnnc bench lenet5.cnn --train --layers", kBenchFlags, 1, benchVerb},
    {"explain",
     "NET.cnn [--train] [--batch N] [--target CPU] [--measure] [--json | --print-schedules]",
     "Says which kernels a network becomes, what they take in, and why.",
     "cnnc explain lenet5.cnn --train", kExplainFlags, 1, explainVerb},
    {"doctor", "[--target CPU] [--json]",
     "Shows what the compiler knows of the processor, what it reaches, and what slows it.",
     "cnnc doctor", kDoctorFlags, 0, doctorVerb},
    {"version", "", "Prints the version.", "cnnc version", {}, 0, versionVerb},
    {"help",
     "[VERB]",
     "Lists the verbs, or says what one does.",
     "cnnc help train",
     {},
     0,
     nullptr},
};

static void printOverview() {
  outs() << "cnnc compiles convolutional networks.\n\nUsage: cnnc VERB …\n\n";
  for (const Verb &verb : kVerbs)
    outs() << "  " << left_justify(verb.name, 9) << ' ' << verb.summary << '\n';
  outs() << "\n'cnnc help VERB' says more. Exit codes: 0 fine; 1 the network or the request is "
            "wrong;\n2 usage; 3 unreadable or malformed file; 4 a limit was passed; 5 not a finite "
            "number;\n70 internal error; 130, 143 stopped by a signal, everything saved.\n";
}

static const Verb *findVerb(StringRef name) {
  const Verb *found = find_if(kVerbs, [&](const Verb &verb) { return verb.name == name; });
  if (found != std::end(kVerbs))
    return found;
  std::vector<std::string> names;
  for (const Verb &verb : kVerbs)
    names.push_back(verb.name.str());
  errs() << "cnnc: unknown verb '" << name.take_front(64) << "'";
  if (auto match = nearest(name, names))
    errs() << "; did you mean '" << *match << "'?";
  errs() << "\nTry 'cnnc help'.\n";
  return nullptr;
}

static int run(ArrayRef<const char *> words) {
  if (words.empty()) {
    printOverview();
    return kUsage;
  }
  StringRef first = words[0];
  if (first == "--version")
    return versionVerb({});
  bool wantsHelp = first == "help" || first == "--help" || first == "-h";
  if (wantsHelp && words.size() == 1) {
    printOverview();
    return 0;
  }
  const Verb *verb = findVerb(wantsHelp ? words[1] : words[0]);
  if (!verb)
    return kUsage;
  if (wantsHelp) {
    printHelp(*verb);
    return 0;
  }
  std::optional<Arguments> arguments = parseArguments(*verb, words.drop_front());
  if (!arguments)
    return kUsage;
  if (arguments->has("--help")) {
    printHelp(*verb);
    return 0;
  }
  return verb->run(*arguments);
}

/// What did not reach standard output is an error, unless there is one already. LLVM would end the
/// program.
static int checkOutput(int exit) {
  outs().flush();
  if (!outs().has_error())
    return exit;
  std::string why = outs().error().message();
  outs().clear_error();
  int failed = report(fail(Exit::File, "standard output: cannot write: {}", why));
  return exit == 0 ? failed : exit;
}

/// A batch may be too large for what the system gives, whatever was planned: a limit, no crash.
static void stopForMemory() {
  static constexpr StringLiteral text = "cnnc: error: the system gives no more memory\n";
  // Nothing that allocates, and no destructors.
  [[maybe_unused]] ssize_t done = write(STDERR_FILENO, text.data(), text.size());
  _exit(static_cast<int>(Exit::Limit));
}

int main(int argc, char **argv) {
  std::set_new_handler(stopForMemory);
  install_bad_alloc_error_handler([](void *, const char *, bool) { stopForMemory(); });
  setBugReportMsg(
      "cnnc crashed. Please report the command, the network's text and the lines below.\n");
  return checkOutput(run(ArrayRef<const char *>(argv + 1, argc > 0 ? argc - 1 : 0)));
}

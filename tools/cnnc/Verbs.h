//===- Verbs.h - The commands, and what several of them do ------------------===//
#ifndef CNNC_TOOLS_VERBS_H
#define CNNC_TOOLS_VERBS_H

#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/JIT.h"
#include "compiler/Codegen/ObjectCache.h"
#include "compiler/Frontend/Frontend.h"
#include "compiler/IRGen/IRGen.h"
#include "compiler/Pipelines/Pipelines.h"
#include "mlir/IR/MLIRContext.h"
#include "runtime/Status.h"
#include "tools/cnnc/Options.h"
#include <functional>

namespace cnnc {

/// Exit codes that Status.h does not have.
inline constexpr int kUsage = 2;

int checkVerb(const Arguments &arguments);
int formatVerb(const Arguments &arguments);
int summaryVerb(const Arguments &arguments);
/// `summary --graph`: with `depth`, blocks nested deeper are one box.
int graphVerb(const Arguments &arguments, std::optional<int64_t> depth);
int compileVerb(const Arguments &arguments);
int initVerb(const Arguments &arguments);
int gradVerb(const Arguments &arguments);
int gradcheckVerb(const Arguments &arguments);
int trainVerb(const Arguments &arguments);
int evalVerb(const Arguments &arguments);
int runVerb(const Arguments &arguments);
int verifyVerb(const Arguments &arguments);
int benchVerb(const Arguments &arguments);
int planVerb(const Arguments &arguments);
int doctorVerb(const Arguments &arguments);
int explainVerb(const Arguments &arguments);

/// Prints "cnnc: error: message" and gives the exit code.
int report(const Status &status);
int reportRequest(llvm::StringRef message);

/// Writes text or bytes to a file, `-` being standard output. The exit code.
int writeOutput(const std::string &path, llvm::StringRef content);

/// The text of a file, `-` being standard input.
Result<Sources> readSource(llvm::StringRef path);

/// A network that a command line names, with the text it came from.
struct ParsedNet {
  Sources sources;
  TypedNet net;
  std::unique_ptr<ObjectCache> cache = nullptr; ///< of --cache
};

/// Reads and checks the network of the command line and opens its cache; prints what is wrong.
/// Without a value, `exit` says how the process ends.
std::optional<ParsedNet> parseNet(const Arguments &arguments, int &exit);

/// All networks of a text.
struct ParsedFile {
  Sources sources;
  std::vector<TypedNet> nets;
};

/// The same for all networks of the file, or the one that --net names.
std::optional<ParsedFile> parseAllNets(const Arguments &arguments, int &exit);
/// Prints as --diagnostics says. True if the errors (or, with --werror, warnings) stop.
bool printDiagnostics(const Arguments &arguments, const DiagnosticEngine &diagnostics);
/// How a process ends that these have stopped: 4 if nothing but limits was passed, else 1.
int exitOf(const DiagnosticEngine &diagnostics);
FrontendOptions frontendOptions(const Arguments &arguments);

/// Flags of verbs that generate code, beside the target.
inline constexpr Flag kReferenceFlag{"--reference", "",
                                     "plain loops: the reference pipeline, without fusion"};
inline constexpr Flag kCacheFlag{"--cache", "DIR",
                                 "keep compiled code in this folder and take it from there"};
inline constexpr Flag kSchedulesFlag{
    "--schedules", "FILE", "schedules of kernels, as 'cnnc explain --print-schedules' prints them"};
inline constexpr Flag kBatchFlag{"--batch", "N", "images a call (default: the text's batch)"};
inline constexpr Flag kMaxMemoryFlag{
    "--max-memory", "SIZE", "stop if the net needs more: 512M, 1G, … (default: what is available)"};

/// Whether a network may be compiled, once its sizes are known. Who says no says why.
using ModelCheck = std::function<bool(const ModelDescription &)>;

/// Runs the phases up to `last` on a network. Prints what is wrong.
class Compilation {
public:
  Compilation();
  ~Compilation();
  mlir::MLIRContext &mlirContext() { return *context; }
  /// How the process ends after a failure: with 1 where only lines of --schedules were wrong.
  Exit exit() const { return isRefused ? Exit::Request : Exit::Internal; }
  /// The module after phase `last`, or null.
  mlir::ModuleOp run(const ParsedNet &parsed, const IRGenOptions &irgen, Phase last,
                     const PipelineOptions &pipeline);

  /// Code for `target` of all phases, or as the cache of `parsed` has it. Prints what is wrong;
  /// without a value, `exit` says how the process ends. What `check` refuses gets no machine code.
  std::optional<CompiledNetwork> compile(const ParsedNet &parsed, const IRGenOptions &irgen,
                                         const PipelineOptions &pipeline, const TargetInfo &target,
                                         int &exit, ModelCheck check = nullptr);

private:
  bool runPasses(Phase last, const PipelineOptions &pipeline);

  bool isRefused = false; ///< by the user's own schedules
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// Compiles for this machine and loads the code, unless its memory passes the limit. Prints
/// what is wrong; without a value, `exit` says how the process ends.
std::optional<LoadedNetwork> loadNetwork(const ParsedNet &parsed, const IRGenOptions &irgen,
                                         const Arguments &arguments, int &exit);

/// Start of the library's public names: the file's stem as a C identifier, lower case.
std::string libraryPrefix(const ParsedNet &parsed);
/// Reads what --schedules names into `pipeline`, which must be complete otherwise. Prints what is
/// wrong, and gives false; `exit` says how the process ends.
bool readSchedules(const Arguments &arguments, PipelineOptions &pipeline, int &exit);
/// --batch, or the train section's, or 1. Prints what is wrong.
std::optional<int64_t> batchOf(const Arguments &arguments, const TypedNet &net);
/// The text's directory, where its relative paths start.
std::string directoryOf(const ParsedNet &parsed);

} // namespace cnnc

#endif // CNNC_TOOLS_VERBS_H

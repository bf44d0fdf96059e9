//===- Weights.cpp - cnnc init, and loading parameters --------------------===//

#include "tools/cnnc/Weights.h"
#include "runtime/Safetensors.h"
#include "tools/cnnc/Threads.h"

#include "llvm/Support/raw_ostream.h"

using namespace cnnc;

std::optional<Program> cnnc::loadProgram(const ParsedNet &parsed, const IRGenOptions &irgen,
                                         const Arguments &arguments, int &exit) {
  if (!arguments.has("--weights")) {
    llvm::errs() << "cnnc: --weights FILE.safetensors is required; 'cnnc init' or 'cnnc train' "
                    "writes one\n";
    exit = kUsage;
    return std::nullopt;
  }
  std::optional<int> threads = threadsOf(arguments);
  if (!threads) {
    exit = kUsage;
    return std::nullopt;
  }
  auto stop = [&](const Status &status) {
    exit = report(status);
    return std::nullopt;
  };
  // The file is read first: it fails in less time than compiling takes.
  Result<SafetensorsFile> weights = SafetensorsFile::read(arguments.get("--weights"));
  if (!weights)
    return stop(weights.status());
  std::optional<LoadedNetwork> network = loadNetwork(parsed, irgen, arguments, exit);
  if (!network)
    return std::nullopt;
  const cnnc_model_info &info = network->info();
  uint64_t scratch = std::max(info.workspace_bytes, info.train_workspace_bytes);
  Result<Buffer> params = Buffer::allocate(info.params_bytes);
  if (!params)
    return stop(params.status());
  Result<Buffer> workspace = Buffer::allocate(scratch);
  if (!workspace)
    return stop(workspace.status());
  // A checkpoint carries the optimizer's state too, which is of no use here.
  Status loaded = loadParameters(info, params->data(), *weights, "state.");
  if (!loaded.ok())
    return stop(loaded);
  std::unique_ptr<ThreadPool> pool = lendThreads(info, *threads);
  return Program{std::move(*network), std::move(*params), std::move(*workspace), std::move(pool)};
}

int cnnc::initVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  uint64_t seed = parsed->net.train ? parsed->net.train->seed : 0;
  if (arguments.has("--seed") && llvm::StringRef(arguments.get("--seed")).getAsInteger(10, seed)) {
    llvm::errs() << "cnnc init: --seed must be an integer, but is '" << arguments.get("--seed")
                 << "'\n";
    return kUsage;
  }
  // The table of variables is all it takes, but a network has a function at least.
  IRGenOptions irgen{.batch = 1, .trainStep = false};
  std::optional<LoadedNetwork> network = loadNetwork(*parsed, irgen, arguments, exit);
  if (!network)
    return exit;
  Result<Buffer> params = Buffer::allocate(network->info().params_bytes);
  if (!params)
    return report(params.status());
  network->init(params->data(), seed);
  std::string path = arguments.get("-o", libraryPrefix(*parsed) + ".safetensors");
  Status saved = saveParameters(network->info(), params->data(), path);
  return saved.ok() ? 0 : report(saved);
}

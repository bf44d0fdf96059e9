//===- Check.cpp - cnnc check ---------------------------------------------===//

#include "tools/cnnc/NetRows.h"
#include "tools/cnnc/Verbs.h"

#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace cnnc;

int cnnc::checkVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedFile> parsed = parseAllNets(arguments, exit);
  if (!parsed)
    return exit;
  std::vector<std::string> parts;
  for (const TypedNet &net : parsed->nets) {
    int64_t parameters = 0;
    for (const Layer &layer : net.layers)
      parameters += trainedParameters(net, layer);
    parts.push_back(fmt::format("{}: {} parameters", net.name, grouped(parameters)));
  }
  llvm::outs() << fmt::format("{}: ok ({})\n", parsed->sources.main().name(),
                              fmt::join(parts, ", "));
  return 0;
}

//===- Check.cpp - cnnc check ---------------------------------------------===//

#include "tools/cnnc/Verbs.h"

#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace cnnc;

/// 61706 -> 61,706
static std::string grouped(int64_t number) {
  std::string digits = std::to_string(number);
  for (int64_t at = int64_t(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(at, ",");
  return digits;
}

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
  llvm::outs() << fmt::format("{}: ok ({})\n", parsed->sources.main().name(), fmt::join(parts, ", "));
  return 0;
}

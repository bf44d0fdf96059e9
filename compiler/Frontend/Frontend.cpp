//===- Frontend.cpp - Text in, typed nets out -------------------------------===//

#include "compiler/Frontend/Frontend.h"

#include "compiler/Frontend/Sema.h"
#include "compiler/Frontend/VerifyFixes.h"
#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

namespace {
/// The nets of a file and those that are trained, in the order of the text.
struct NetNames {
  std::vector<std::string> all, trained;
  SourceRange first;
};
} // namespace

static NetNames namesOf(const ast::File &file) {
  NetNames names;
  for (const ast::Item &item : file.items) {
    if (auto *net = std::get_if<ast::NetItem>(&item.node)) {
      if (names.all.empty())
        names.first = net->name.range;
      names.all.push_back(net->name.text);
    } else if (auto *train = std::get_if<ast::TrainItem>(&item.node)) {
      names.trained.push_back(train->net.text);
    }
  }
  return names;
}

/// E102 where --net names none.
static bool checkNetName(const NetNames &names, const std::string &wanted,
                         DiagnosticEngine &diags) {
  if (wanted.empty() || std::find(names.all.begin(), names.all.end(), wanted) != names.all.end())
    return true;
  diags.error("E102", names.first,
              fmt::format("no net {}{}", quoted(wanted), didYouMean(wanted, names.all)));
  return false;
}

/// The nets of one name, or of all; the fixes of what is wrong are verified.
static std::vector<TypedNet> analyzeVerified(Sources &sources, const ModuleGraph &graph,
                                             const std::string &netName,
                                             const FrontendOptions &options,
                                             DiagnosticEngine &diags) {
  std::vector<TypedNet> nets = analyze(graph, {netName, options.params}, diags);
  FrontendOptions same = options;
  same.netName = netName;
  verifyFixes(sources, same, diags);
  return nets;
}

std::vector<TypedNet> cnnc::compileAllNets(Sources &sources, const FrontendOptions &options,
                                           DiagnosticEngine &diags) {
  ModuleGraph graph = loadModules(sources, options.readImport, diags);
  if (!graph.main().tree.broken &&
      !checkNetName(namesOf(graph.main().tree), options.netName, diags))
    return {};
  return analyzeVerified(sources, graph, options.netName, options, diags);
}

std::optional<TypedNet> cnnc::compileText(Sources &sources, const FrontendOptions &options,
                                          DiagnosticEngine &diags) {
  ModuleGraph graph = loadModules(sources, options.readImport, diags);
  NetNames names = namesOf(graph.main().tree);
  std::string wanted = options.netName;
  if (wanted.empty())
    wanted = names.all.size() == 1       ? names.all.front()
             : names.trained.size() == 1 ? names.trained.front()
                                         : "";
  if (!graph.main().tree.broken) {
    if (!checkNetName(names, options.netName, diags))
      return std::nullopt;
    if (names.all.empty() && !diags.hasErrors())
      diags.error("E102", names.first, "the file has no net");
    else if (wanted.empty() && !diags.hasErrors())
      diags.error("E102", names.first,
                  fmt::format("the file has several nets: {}; choose one with --net",
                              fmt::join(names.all, ", ")));
  }
  if (wanted.empty() && !diags.hasErrors())
    return std::nullopt;
  std::vector<TypedNet> nets = analyzeVerified(sources, graph, wanted, options, diags);
  if (nets.empty() || diags.hasErrors())
    return std::nullopt;
  return std::move(nets.front());
}

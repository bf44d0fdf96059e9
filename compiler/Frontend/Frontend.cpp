//===- Frontend.cpp - Text in, typed nets out -------------------------------===//

#include "compiler/Frontend/Frontend.h"

#include "compiler/Frontend/Parser.h"
#include "compiler/Frontend/Sema.h"
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

std::vector<TypedNet> cnnc::compileAllNets(Sources &sources, const FrontendOptions &options,
                                           DiagnosticEngine &diags) {
  ast::File tree = parse(sources.main(), diags);
  if (tree.broken || !checkNetName(namesOf(tree), options.netName, diags))
    return {};
  return analyze(tree, {options.netName, options.params}, diags);
}

std::optional<TypedNet> cnnc::compileText(Sources &sources, const FrontendOptions &options,
                                          DiagnosticEngine &diags) {
  ast::File tree = parse(sources.main(), diags);
  if (tree.broken)
    return std::nullopt;
  NetNames names = namesOf(tree);
  if (!checkNetName(names, options.netName, diags))
    return std::nullopt;
  if (names.all.empty()) {
    if (!diags.hasErrors())
      diags.error("E102", names.first, "the file has no net");
    return std::nullopt;
  }
  std::string wanted = options.netName;
  if (wanted.empty())
    wanted = names.all.size() == 1       ? names.all.front()
             : names.trained.size() == 1 ? names.trained.front()
                                         : "";
  if (wanted.empty()) {
    diags.error("E102", names.first,
                fmt::format("the file has several nets: {}; choose one with --net",
                            fmt::join(names.all, ", ")));
    return std::nullopt;
  }
  std::vector<TypedNet> nets = analyze(tree, {wanted, options.params}, diags);
  if (nets.empty() || diags.hasErrors())
    return std::nullopt;
  return std::move(nets.front());
}

//===- Sema.cpp - Files, nets and their parameters --------------------------===//

#include "compiler/Frontend/Sema.h"

#include "compiler/Frontend/Parser.h"
#include "compiler/Frontend/SemaExpand.h"
#include "compiler/Frontend/SemaLint.h"
#include "compiler/Frontend/SemaTrain.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

namespace {

/// A module's names: its own and those that its imports define stand in `direct`; what
/// these import in turn in `indirect`, where a nearer name hides it.
struct ModuleNames {
  Scope indirect{nullptr, /*closed=*/false};
  Scope direct{&indirect, /*closed=*/false};
  Defaults defaults; ///< those before the statement at hand
  std::deque<BlockDefinition> blocks;
  bool isReady = false;
};

class FileAnalyzer {
public:
  FileAnalyzer(const ModuleGraph &graph, const SemaOptions &options, DiagnosticEngine &diags)
      : graph(graph), options(options), context(diags), evaluator(context) {
    context.namesAreIncomplete = !graph.isComplete;
  }
  std::vector<TypedNet> run();

private:
  ModuleNames &namesOf(const Module &module);
  void importNames(const Module &module, ModuleNames &names);
  void defineItem(const ast::Item &item, ModuleNames &names);
  void collectNet(const ast::NetItem &net);
  void collectTrains();
  void checkParamOptions();
  void checkOtherBlocks();
  std::optional<TypedNet> analyzeNet(const ast::NetItem &net, SourceRange range);
  void bindParams(const ast::NetItem &net, Scope &scope);
  std::optional<Value> paramValue(const ast::NetItem &net, const ast::Param &param, Scope &scope);
  std::optional<Value> givenValue(const ast::Param &param, const std::string &text);
  void addOutputs(const ast::NetItem &net, const Scope &scope, TypedNet &typed);
  bool areNamesSure(const ast::NetItem &net) const;

  const ModuleGraph &graph;
  const SemaOptions &options;
  SemaContext context;
  Evaluator evaluator;
  std::map<const Module *, ModuleNames> modules;
  ModuleNames *own = nullptr; ///< of the main text
  std::set<const ast::BlockItem *> used;
  std::vector<std::string> netNames;
  std::map<std::string, const ast::NetItem *, std::less<>> nets;
  std::map<std::string, const ast::TrainItem *, std::less<>> trains;
};

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

/// `import` brings consts and blocks. E107 where two imports define one name.
void FileAnalyzer::importNames(const Module &module, ModuleNames &names) {
  for (const auto &[item, imported] : module.imports) {
    ModuleNames &theirs = namesOf(*imported);
    SourceRange range = std::get<ast::ImportItem>(item->node).range;
    // A name takes about a microsecond, more than a step.
    constexpr uint64_t stepsPerName = 4;
    for (const auto &[name, binding] : theirs.direct.own()) {
      if (!context.spend(range, stepsPerName))
        return;
      const Binding *earlier = names.direct.findConflict(name);
      if (!earlier)
        names.direct.define(name, binding);
      else if (earlier->range.begin != binding.range.begin)
        context
            .error("E107", range, fmt::format("the name {} of this import is taken", quoted(name)))
            .note("first used", earlier->range)
            .note("used again", binding.range);
    }
    if (!context.spend(range, stepsPerName * theirs.indirect.size()))
      return;
    for (const auto &[name, binding] : theirs.indirect.own())
      names.indirect.define(name, binding);
  }
}

void FileAnalyzer::defineItem(const ast::Item &item, ModuleNames &names) {
  if (auto *stmt = std::get_if<ast::ConstStmt>(&item.node)) {
    if (!item.broken)
      defineConst(context, evaluator, *stmt, names.direct);
    return;
  }
  if (auto *stmt = std::get_if<ast::DefaultStmt>(&item.node)) {
    if (!item.broken)
      addDefault(context, evaluator, names.direct, *stmt, names.defaults);
    return;
  }
  auto *block = std::get_if<ast::BlockItem>(&item.node);
  if (!block || block->name.text.empty())
    return;
  Binding binding{Failed{}, block->name.range};
  // The copies stay: memory is dearer than time.
  constexpr uint64_t stepsPerDefault = 8;
  if (!item.broken && context.spend(item.range, stepsPerDefault * sizeOf(names.defaults))) {
    names.blocks.push_back({block, &names.direct, names.defaults});
    binding.what = &names.blocks.back();
  }
  declare(context, names.direct, block->name, std::move(binding), NameOf::Block);
}

ModuleNames &FileAnalyzer::namesOf(const Module &module) {
  ModuleNames &names = modules[&module];
  if (names.isReady)
    return names;
  names.isReady = true;
  importNames(module, names);
  for (const ast::Item &item : module.tree.items)
    defineItem(item, names);
  return names;
}

//===----------------------------------------------------------------------===//
// Items
//===----------------------------------------------------------------------===//

void FileAnalyzer::collectNet(const ast::NetItem &net) {
  auto [place, isNew] = nets.try_emplace(net.name.text, &net);
  if (!isNew)
    context
        .error("E107", net.name.range,
               fmt::format("the net {} is there twice", quoted(net.name.text)))
        .note("first defined", place->second->name.range);
  else
    netNames.push_back(net.name.text);
}

void FileAnalyzer::collectTrains() {
  for (const ast::Item &item : graph.main().tree.items) {
    auto *train = std::get_if<ast::TrainItem>(&item.node);
    if (!train || train->net.text.empty())
      continue;
    if (!nets.contains(train->net.text)) {
      context.unknownName("E102", train->net.range,
                          fmt::format("unknown net {}", quoted(train->net.text)), train->net.text,
                          netNames);
      continue;
    }
    auto [place, isNew] = trains.try_emplace(train->net.text, item.broken ? nullptr : train);
    if (!isNew)
      context.error("E107", train->net.range,
                    fmt::format("the net {} has two train sections", quoted(train->net.text)));
  }
}

/// --param must name a parameter of one of the nets that are looked at.
void FileAnalyzer::checkParamOptions() {
  for (const auto &[name, text] : options.params) {
    std::vector<std::string> known;
    SourceRange place;
    for (const auto &[netName, net] : nets) {
      if (!options.netName.empty() && netName != options.netName)
        continue;
      place = net->name.range;
      for (const ast::Param &param : net->params)
        known.push_back(param.name.text);
    }
    if (std::find(known.begin(), known.end(), name) == known.end())
      context.error("E103", place,
                    fmt::format("--param: the net has no parameter {}{}", quoted(name),
                                didYouMean(name, known)));
  }
}

std::vector<TypedNet> FileAnalyzer::run() {
  const ast::File &file = graph.main().tree;
  // Names first: a net may stand before the blocks that it uses. Defaults hold from
  // their places on, so they are gone through again with the nets.
  own = &namesOf(graph.main());
  for (const ast::Item &item : file.items)
    if (auto *net = std::get_if<ast::NetItem>(&item.node))
      collectNet(*net);
  collectTrains();
  checkParamOptions();
  own->defaults.clear();
  std::vector<TypedNet> result;
  for (const ast::Item &item : file.items) {
    if (context.diags.isFull())
      break;
    if (std::holds_alternative<ast::DefaultStmt>(item.node)) {
      defineItem(item, *own);
      continue;
    }
    auto *net = std::get_if<ast::NetItem>(&item.node);
    if (!net || item.broken || (!options.netName.empty() && net->name.text != options.netName))
      continue;
    if (std::optional<TypedNet> typed = analyzeNet(*net, item.range))
      result.push_back(std::move(*typed));
  }
  if (options.netName.empty())
    checkOtherBlocks();
  return result;
}

/// The blocks of the main text that no net has used.
void FileAnalyzer::checkOtherBlocks() {
  TypedNet nothing;
  NetExpander expander(context, evaluator, nothing, {});
  for (const BlockDefinition &block : own->blocks)
    if (!used.contains(block.item) && !context.diags.isFull())
      expander.checkUnusedBlock(block);
}

//===----------------------------------------------------------------------===//
// Parameters of a net
//===----------------------------------------------------------------------===//

/// The value of --param NAME=VALUE.
std::optional<Value> FileAnalyzer::givenValue(const ast::Param &param, const std::string &text) {
  Sources sources("--param", text);
  DiagnosticEngine silent(sources);
  SemaContext silentContext(silent);
  Evaluator silentEvaluator(silentContext);
  std::optional<ast::Expr> expr = parseExpression(sources.main(), silent);
  Scope empty;
  std::optional<Value> value =
      expr ? silentEvaluator.evaluate(*expr, empty) : std::optional<Value>();
  if (!value)
    context.error("E120", param.range,
                  fmt::format("--param {}: {} is not a value", param.name.text, quoted(text)));
  return value;
}

std::optional<Value> FileAnalyzer::paramValue(const ast::NetItem &net, const ast::Param &param,
                                              Scope &scope) {
  std::optional<Value> value;
  // The type is the one that is written, or the default's.
  std::string inferred;
  auto convert = [&](Value from) {
    return param.type
               ? convertTo(context, *param.type, param.name.text, param.range, std::move(from))
               : convertTo(context, inferred, param.name.text, param.range, std::move(from));
  };
  if (param.defaultValue) {
    value = evaluator.evaluate(*param.defaultValue, scope);
    if (!value)
      return std::nullopt;
    inferred = value->typeName();
    value = convert(std::move(*value));
    if (!value)
      return std::nullopt;
  }
  const std::string *given = nullptr;
  for (const auto &option : options.params)
    if (option.first == param.name.text)
      given = &option.second;
  if (!given) {
    if (!value)
      context.error(
          "E104", param.range,
          fmt::format("parameter {} of {} has no value; give it a default or --param {}=…",
                      quoted(param.name.text), net.name.text, param.name.text));
    return value;
  }
  value = givenValue(param, *given);
  if (!value || (inferred.empty() && !param.type))
    return value;
  return convert(std::move(*value));
}

void FileAnalyzer::bindParams(const ast::NetItem &net, Scope &scope) {
  for (const ast::Param &param : net.params) {
    Binding binding{Failed{}, param.name.range};
    if (std::optional<Value> value = paramValue(net, param, scope))
      binding.what = std::move(*value);
    declare(context, scope, param.name, std::move(binding), NameOf::Value);
  }
}

//===----------------------------------------------------------------------===//
// Nets
//===----------------------------------------------------------------------===//

void FileAnalyzer::addOutputs(const ast::NetItem &net, const Scope &scope, TypedNet &typed) {
  bool hasOutput = false;
  for (const ast::Stmt &stmt : net.body) {
    auto *output = std::get_if<ast::OutputStmt>(&stmt.node);
    if (!output)
      continue;
    hasOutput = true;
    for (const ast::Name &name : output->names) {
      if (context.diags.isFull())
        return;
      const Binding *binding = scope.find(name.text);
      if (binding && binding->failed())
        continue;
      if (!binding || !binding->tensor()) {
        std::vector<std::string> tensors;
        for (const std::string &known : scope.names())
          if (scope.find(known)->tensor())
            tensors.push_back(known);
        context.unknownName("E103", name.range, fmt::format("unknown tensor {}", quoted(name.text)),
                            name.text, tensors);
        continue;
      }
      auto &names = typed.outputNames;
      if (std::find(names.begin(), names.end(), name.text) != names.end()) {
        context.error("E107", name.range,
                      fmt::format("{} is an output already", quoted(name.text)));
        continue;
      }
      typed.outputs.push_back(*binding->tensor());
      names.push_back(name.text);
    }
  }
  if (hasOutput)
    return;
  Diagnostic &diagnostic = context.error(
      "E306", net.name.range,
      fmt::format("the net {} has no output; add output name", quoted(net.name.text)));
  // The last tensor that has a name is the result.
  for (const ast::Stmt &stmt : llvm::reverse(net.body))
    if (auto *let = std::get_if<ast::LetStmt>(&stmt.node); let && !let->pattern.isTuple) {
      std::string text = fmt::format("output {}", let->pattern.names[0].text);
      diagnostic.fix(text, {{{stmt.range.end, stmt.range.end}, "\n  " + text}});
      return;
    }
}

/// A wrong name leaves the right one unused: that is the same mistake.
bool FileAnalyzer::areNamesSure(const ast::NetItem &net) const {
  static constexpr std::string_view nameErrors[] = {"E005", "E100", "E103", "E107", "E108",
                                                    "E110", "E123", "E306", "E310", "E314",
                                                    "E404", "E405", "E406"};
  auto train = trains.find(net.name.text);
  bool isTrainKnown = train == trains.end() || train->second;
  return isTrainKnown && !context.namesAreIncomplete &&
         std::none_of(std::begin(nameErrors), std::end(nameErrors),
                      [&](auto code) { return context.diags.hasCode(code); });
}

std::optional<TypedNet> FileAnalyzer::analyzeNet(const ast::NetItem &net, SourceRange range) {
  unsigned errorsBefore = context.diags.errorCount();
  TypedNet typed;
  typed.name = net.name.text;
  typed.range = range;
  evaluator.setTensors(&typed.tensors);
  Scope scope(&own->direct);
  bindParams(net, scope);
  if (!context.spend(net.name.range, sizeOf(own->defaults)))
    return std::nullopt;
  NetExpander expander(context, evaluator, typed, own->defaults);
  bool hasInput = false;
  for (const ast::Stmt &stmt : net.body) {
    if (context.diags.isFull())
      return std::nullopt;
    hasInput |= std::holds_alternative<ast::InputStmt>(stmt.node);
    expander.walkStmt(stmt, scope);
  }
  if (!hasInput) {
    if (context.diags.errorCount() == errorsBefore)
      context.error("E110", net.name.range,
                    fmt::format("the net {} has no input", quoted(net.name.text)));
    return std::nullopt;
  }
  addOutputs(net, scope, typed);

  auto train = trains.find(net.name.text);
  bool hasTrain = train != trains.end() && train->second;
  if (hasTrain)
    analyzeTrain(context, evaluator, scope, *train->second, typed);
  used.insert(expander.usedBlocks().begin(), expander.usedBlocks().end());
  if (areNamesSure(net)) {
    checkUnused(context, net, hasTrain ? train->second : nullptr, expander.hasFailed());
    for (const ast::BlockItem *block : expander.usedBlocks())
      checkUnused(context, *block, expander.hasFailed());
  }
  evaluator.setTensors(nullptr);
  if (context.diags.errorCount() != errorsBefore || expander.hasFailed())
    return std::nullopt;
  warnAboutLayers(context, typed);
  return typed;
}

} // namespace

std::vector<TypedNet> cnnc::analyze(const ModuleGraph &graph, const SemaOptions &options,
                                    DiagnosticEngine &diags) {
  if (graph.main().tree.broken)
    return {};
  return FileAnalyzer(graph, options, diags).run();
}

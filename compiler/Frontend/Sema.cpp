//===- Sema.cpp - Files, nets and their parameters --------------------------===//

#include "compiler/Frontend/Sema.h"

#include "compiler/Frontend/Parser.h"
#include "compiler/Frontend/SemaExpand.h"
#include "compiler/Frontend/SemaLint.h"
#include "compiler/Frontend/SemaTrain.h"
#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

namespace {

class FileAnalyzer {
public:
  FileAnalyzer(const ast::File &file, const SemaOptions &options, DiagnosticEngine &diags)
      : file(file), options(options), context(diags), evaluator(context) {}
  std::vector<TypedNet> run();

private:
  bool collectItems();
  void collectNet(const ast::NetItem &net);
  void collectTrains();
  void defineConst(const ast::ConstStmt &stmt, Scope &scope);
  void checkParamOptions();
  std::optional<TypedNet> analyzeNet(const ast::NetItem &net, SourceRange range);
  void bindParams(const ast::NetItem &net, Scope &scope);
  std::optional<Value> paramValue(const ast::NetItem &net, const ast::Param &param, Scope &scope);
  std::optional<Value> givenValue(const ast::Param &param, const std::string &text);
  std::optional<Value> convert(const ast::Param &param, Value value, std::string_view type);
  void analyzeStmt(const ast::Stmt &stmt, NetExpander &expander, Scope &scope);
  void analyzeLet(const ast::LetStmt &let, NetExpander &expander, Scope &scope, TypedNet &net);
  void analyzeAssert(const ast::AssertStmt &assertion, SourceRange range, const Scope &scope);
  void addOutputs(const ast::NetItem &net, const Scope &scope, TypedNet &typed);

  const ast::File &file;
  const SemaOptions &options;
  SemaContext context;
  Evaluator evaluator;
  Scope fileScope{nullptr, /*closed=*/false};
  Defaults fileDefaults;
  llvm::StringSet<> blocks;
  std::vector<std::string> netNames;
  std::map<std::string, const ast::NetItem *, std::less<>> nets;
  std::map<std::string, const ast::TrainItem *, std::less<>> trains;
};

//===----------------------------------------------------------------------===//
// Items
//===----------------------------------------------------------------------===//

void FileAnalyzer::defineConst(const ast::ConstStmt &stmt, Scope &scope) {
  std::optional<Value> value = evaluator.evaluate(stmt.value, scope);
  Binding binding{Failed{}, stmt.name.range};
  if (value)
    binding.what = std::move(*value);
  declare(context, scope, stmt.name, std::move(binding), /*isTensor=*/false);
}

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
  for (const ast::Item &item : file.items) {
    auto *train = std::get_if<ast::TrainItem>(&item.node);
    if (!train || train->net.text.empty())
      continue;
    if (!nets.contains(train->net.text)) {
      context.error("E102", train->net.range,
                    fmt::format("unknown net {}{}", quoted(train->net.text),
                                didYouMean(train->net.text, netNames)));
      continue;
    }
    auto [place, isNew] = trains.try_emplace(train->net.text, item.broken ? nullptr : train);
    if (!isNew)
      context.error("E107", train->net.range,
                    fmt::format("the net {} has two train sections", quoted(train->net.text)));
  }
}

/// Names of the whole file. False where the nets cannot be understood without
/// something that this version refuses.
bool FileAnalyzer::collectItems() {
  bool isComplete = true;
  for (const ast::Item &item : file.items) {
    if (std::holds_alternative<ast::ImportItem>(item.node) && !item.broken) {
      context.unsupported(item.range, "import");
      isComplete = false;
    } else if (auto *block = std::get_if<ast::BlockItem>(&item.node)) {
      context.unsupported(block->name.range, "block");
      blocks.insert(block->name.text);
    } else if (auto *stmt = std::get_if<ast::ConstStmt>(&item.node)) {
      defineConst(*stmt, fileScope);
    } else if (auto *net = std::get_if<ast::NetItem>(&item.node)) {
      collectNet(*net);
    }
  }
  collectTrains();
  return isComplete;
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
  std::vector<TypedNet> result;
  if (!collectItems())
    return result;
  checkParamOptions();
  for (const ast::Item &item : file.items) {
    if (context.diags.isFull())
      break;
    if (auto *stmt = std::get_if<ast::DefaultStmt>(&item.node)) {
      addDefault(context, evaluator, fileScope, *stmt, fileDefaults);
      continue;
    }
    auto *net = std::get_if<ast::NetItem>(&item.node);
    if (!net || item.broken || (!options.netName.empty() && net->name.text != options.netName))
      continue;
    if (std::optional<TypedNet> typed = analyzeNet(*net, item.range))
      result.push_back(std::move(*typed));
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Parameters of a net
//===----------------------------------------------------------------------===//

std::optional<Value> FileAnalyzer::convert(const ast::Param &param, Value value,
                                           std::string_view type) {
  if (value.typeName() == type)
    return value;
  if (type == "float" && value.isNumber())
    return Value{*value.number()};
  context.error("E120", param.range,
                fmt::format("parameter {} is {}, but its value is {}", quoted(param.name.text),
                            withArticle(type), toText(value)));
  return std::nullopt;
}

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
  static const std::vector<std::string> types = {"int", "float", "bool", "string", "list"};
  std::string type = param.type ? param.type->text : "";
  if (param.type && std::find(types.begin(), types.end(), type) == types.end()) {
    context.error("E120", param.type->range,
                  fmt::format("unknown type {}{}", quoted(type), didYouMean(type, types)));
    return std::nullopt;
  }
  std::optional<Value> value;
  if (param.defaultValue) {
    value = evaluator.evaluate(*param.defaultValue, scope);
    if (!value)
      return std::nullopt;
    if (type.empty())
      type = value->typeName();
    value = convert(param, std::move(*value), type);
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
  if (!value || type.empty())
    return value;
  return convert(param, std::move(*value), type);
}

void FileAnalyzer::bindParams(const ast::NetItem &net, Scope &scope) {
  for (const ast::Param &param : net.params) {
    Binding binding{Failed{}, param.name.range};
    if (std::optional<Value> value = paramValue(net, param, scope))
      binding.what = std::move(*value);
    declare(context, scope, param.name, std::move(binding), /*isTensor=*/false);
  }
}

//===----------------------------------------------------------------------===//
// Nets
//===----------------------------------------------------------------------===//

void FileAnalyzer::analyzeLet(const ast::LetStmt &let, NetExpander &expander, Scope &scope,
                              TypedNet &net) {
  if (let.pattern.isTuple) {
    context.unsupported(let.pattern.range, "let (a, b) = …");
    for (const ast::Name &name : let.pattern.names)
      declare(context, scope, name, {Failed{}, name.range}, /*isTensor=*/true);
    return;
  }
  const ast::Name &name = let.pattern.names[0];
  Binding binding{Failed{}, name.range};
  if (std::optional<TensorId> tensor = expander.walkChain(let.chain, scope, std::nullopt)) {
    binding.what = *tensor;
    if (net.tensors[*tensor].name.empty())
      net.tensors[*tensor].name = name.text;
  }
  declare(context, scope, name, std::move(binding), /*isTensor=*/true);
}

void FileAnalyzer::analyzeAssert(const ast::AssertStmt &assertion, SourceRange range,
                                 const Scope &scope) {
  std::optional<bool> holds = evaluator.evaluateBool(assertion.condition, scope);
  if (holds && !*holds)
    context.error("E124", range,
                  assertion.message ? fmt::format("assertion failed: {}", *assertion.message)
                                    : std::string("assertion failed"));
}

void FileAnalyzer::analyzeStmt(const ast::Stmt &stmt, NetExpander &expander, Scope &scope) {
  if (auto *input = std::get_if<ast::InputStmt>(&stmt.node)) {
    expander.addInput(*input, stmt.range, scope);
  } else if (auto *constant = std::get_if<ast::ConstStmt>(&stmt.node)) {
    defineConst(*constant, scope);
  } else if (auto *defaults = std::get_if<ast::DefaultStmt>(&stmt.node)) {
    addDefault(context, evaluator, scope, *defaults, expander.defaults);
  } else if (auto *layer = std::get_if<ast::LayerStmt>(&stmt.node)) {
    context.unsupported(stmt.range, "layer … = …");
    declare(context, scope, layer->name, {Failed{}, layer->name.range}, /*isTensor=*/true);
  } else if (auto *assertion = std::get_if<ast::AssertStmt>(&stmt.node)) {
    analyzeAssert(*assertion, stmt.range, scope);
  } else if (auto *chain = std::get_if<ast::ChainStmt>(&stmt.node)) {
    if (!chain->chain.terms.back().tap)
      context.error("E305", stmt.range, "the result of this chain is not used; write let name = …");
    else
      expander.walkChain(chain->chain, scope, std::nullopt);
  }
}

void FileAnalyzer::addOutputs(const ast::NetItem &net, const Scope &scope, TypedNet &typed) {
  bool hasOutput = false;
  for (const ast::Stmt &stmt : net.body) {
    auto *output = std::get_if<ast::OutputStmt>(&stmt.node);
    if (!output)
      continue;
    hasOutput = true;
    for (const ast::Name &name : output->names) {
      const Binding *binding = scope.find(name.text);
      if (binding && binding->failed())
        continue;
      if (!binding || !binding->tensor()) {
        context.error("E103", name.range,
                      fmt::format("unknown tensor {}{}", quoted(name.text),
                                  didYouMean(name.text, scope.names())));
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
  if (!hasOutput)
    context.error("E306", net.name.range,
                  fmt::format("the net {} has no output; add output name", quoted(net.name.text)));
}

std::optional<TypedNet> FileAnalyzer::analyzeNet(const ast::NetItem &net, SourceRange range) {
  unsigned errorsBefore = context.diags.errorCount();
  TypedNet typed;
  typed.name = net.name.text;
  typed.range = range;
  evaluator.setTensors(&typed.tensors);
  Scope scope(&fileScope);
  bindParams(net, scope);
  NetExpander expander(context, evaluator, typed, blocks);
  expander.defaults = fileDefaults;
  bool hasInput = false;
  for (const ast::Stmt &stmt : net.body) {
    if (context.diags.isFull())
      return std::nullopt;
    hasInput |= std::holds_alternative<ast::InputStmt>(stmt.node);
    if (auto *let = std::get_if<ast::LetStmt>(&stmt.node))
      analyzeLet(*let, expander, scope, typed);
    else
      analyzeStmt(stmt, expander, scope);
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
  // A wrong name leaves the right one unused: that is the same mistake.
  static constexpr std::string_view nameErrors[] = {"E100", "E103", "E107", "E108", "E109",
                                                    "E110", "E306", "E310", "E314"};
  bool isTrainKnown = train == trains.end() || train->second;
  bool namesAreSure =
      isTrainKnown && std::none_of(std::begin(nameErrors), std::end(nameErrors),
                                   [&](auto code) { return context.diags.hasCode(code); });
  if (namesAreSure)
    checkUnused(context, net, hasTrain ? train->second : nullptr);
  evaluator.setTensors(nullptr);
  if (context.diags.errorCount() != errorsBefore)
    return std::nullopt;
  warnAboutLayers(context, typed);
  return typed;
}

} // namespace

std::vector<TypedNet> cnnc::analyze(const ast::File &file, const SemaOptions &options,
                                    DiagnosticEngine &diags) {
  return FileAnalyzer(file, options, diags).run();
}

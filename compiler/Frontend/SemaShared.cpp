//===- SemaShared.cpp - Names, annotations and shared layers ----------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <cmath>
#include <fmt/format.h>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// Names of layers
//===----------------------------------------------------------------------===//

/// A number behind a digit would read as one: F7_1.
static std::string numbered(std::string_view name, int64_t number) {
  bool endsInDigit = name.back() >= '0' && name.back() <= '9';
  return fmt::format("{}{}{}", name, endsInDigit ? "_" : "", number);
}

/// Bytes of all names of layers and blocks: each is copied some ten times, into the names
/// of parameters too, and grows with the depth of blocks.
static constexpr size_t nameBytesLimit = size_t(16) << 20;

std::optional<std::string> NetExpander::takeName(std::string_view kind, SourceRange range) {
  Instance &instance = instances.back();
  std::string name;
  if (!givenName.empty()) {
    name = std::exchange(givenName, {});
  } else {
    // A layer with a name of its own takes its number too: naming one layer does not
    // rename the ones behind it.
    int64_t index = ++instance.counts[std::string(kind)];
    if (!traits.name) {
      name = instance.path + numbered(kind, index);
    } else {
      std::string_view given =
          std::get<ast::NameExpr>(traits.name->arguments.list[0].value.node).name;
      name = instance.path + (instance.repeats > 0
                                  ? numbered(given, ++instance.counts[fmt::format("@{}", given)])
                                  : std::string(given));
    }
  }
  traits.name = nullptr;
  if (isReusing)
    return name;
  nameBytes += name.size();
  if (nameBytes > nameBytesLimit) {
    context.error("E402", range,
                  fmt::format("the names of the net's layers have more than {} bytes together",
                              nameBytesLimit));
    return std::nullopt;
  }
  auto [place, isNew] = layerPlaces.try_emplace(name, range);
  if (isNew)
    return name;
  context.error("E107", range, fmt::format("the layer name {} is taken", quoted(name)))
      .note("first used", place->second);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Annotations
//===----------------------------------------------------------------------===//

bool NetExpander::applyAnnotations(const std::vector<ast::Annotation> &annotations,
                                   const Scope &scope) {
  for (const ast::Annotation &annotation : annotations) {
    for (const ast::Annotation &earlier : annotations)
      if (&earlier < &annotation && earlier.name.text == annotation.name.text) {
        context
            .error("E105", annotation.range,
                   fmt::format("@{} is given twice", annotation.name.text))
            .note("first given", earlier.range)
            .fix("remove it", {{annotation.range, ""}});
        return false;
      }
    if (!applyAnnotation(annotation, scope))
      return false;
  }
  return true;
}

bool NetExpander::applyAnnotation(const ast::Annotation &annotation, const Scope &scope) {
  static const std::vector<std::string> known = {"@name", "@lr", "@frozen", "@init"};
  const std::string &name = annotation.name.text;
  std::string written = "@" + name;
  if (std::find(known.begin(), known.end(), written) == known.end()) {
    context.unknownName("E101", annotation.name.range,
                        fmt::format("unknown annotation {}", quoted(written)), written, known,
                        SourceRange{annotation.range.begin, annotation.name.range.end});
    return false;
  }
  size_t wanted = name == "frozen" ? 0 : 1, given = annotation.arguments.list.size();
  if (given != wanted) {
    context.error(given > wanted ? "E106" : "E104", annotation.range,
                  fmt::format("@{} takes {}", name,
                              wanted == 0      ? "no argument"
                              : name == "name" ? "one argument, a name"
                              : name == "lr"   ? "one argument, a factor of the learning rate"
                                               : "one argument, such as he or normal(0.01)"));
    return false;
  }
  traits.isOwn = true;
  if (name == "frozen") {
    traits.isFrozen = true;
    return true;
  }
  if (const std::optional<ast::Name> &given = annotation.arguments.list[0].name) {
    uint32_t end = annotation.arguments.list[0].value.range.begin;
    context
        .error("E101", given->range,
               fmt::format("{} has no argument {}", written, quoted(given->text)))
        .fix("remove the name", {{{given->range.begin, end}, ""}});
    return false;
  }
  const ast::Expr &value = annotation.arguments.list[0].value;
  if (name == "name") {
    if (std::holds_alternative<ast::NameExpr>(value.node)) {
      traits.name = &annotation;
      return true;
    }
    context.error("E120", value.range, "@name takes a name: @name(stem)");
    return false;
  }
  if (name == "init") {
    traits.init = &annotation;
    traits.initScope = &scope;
    return true;
  }
  std::optional<Value> rate = evaluator.evaluate(value, scope);
  if (!rate)
    return false;
  if (!rate->number()) {
    context.error("E120", value.range,
                  fmt::format("@lr takes a number, but this is {}", withArticle(rate->typeName())));
    return false;
  }
  if (!(*rate->number() >= 0)) {
    context.error(
        "E205", value.range,
        fmt::format("the factor of @lr must not be negative, but is {}", toText(*rate->number())));
    return false;
  }
  traits.rate *= *rate->number();
  return true;
}

/// @init(he), xavier, uniform(a), normal(s), zeros, const(v): of a layer's weight.
/// he: He et al. 2015, xavier: Glorot and Bengio 2010, both uniform.
std::optional<Initializer> NetExpander::readInit(int64_t fanIn, int64_t fanOut) {
  static const std::vector<std::string> known = {"he",     "xavier", "uniform",
                                                 "normal", "zeros",  "const"};
  const ast::Expr &expr = traits.init->arguments.list[0].value;
  auto *call = std::get_if<ast::CallExpr>(&expr.node);
  auto *bare = std::get_if<ast::NameExpr>(&expr.node);
  std::string name = call ? call->callee.text : bare ? bare->name : "";
  SourceRange place = call ? call->callee.range : expr.range;
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    if (name.empty())
      context.error("E312", place,
                    "expected an initializer: he, xavier, uniform(a), normal(s), zeros, const(v)");
    else
      context.unknownName("E312", place, fmt::format("unknown initializer {}", quoted(name)), name,
                          known);
    return std::nullopt;
  }
  bool takesValue = name == "uniform" || name == "normal" || name == "const";
  static constexpr ArgumentSpec uniformArguments[] = {{"a", true, true}};
  static constexpr ArgumentSpec normalArguments[] = {{"s", true, true}};
  static constexpr ArgumentSpec constArguments[] = {{"v", true, true}};
  std::span<const ArgumentSpec> specs;
  if (takesValue)
    specs = name == "uniform"  ? uniformArguments
            : name == "normal" ? normalArguments
                               : constArguments;
  BoundArguments bound;
  if (!bindArguments(context, evaluator, *traits.initScope, name, specs,
                     call ? std::span<const ast::Argument>(call->arguments)
                          : std::span<const ast::Argument>(),
                     bound) ||
      !requireArguments(context, name, expr.range, specs, bound))
    return std::nullopt;
  if (!takesValue) {
    double fan = name == "he" ? double(fanIn) : double(fanIn) + double(fanOut);
    return name == "zeros" ? Initializer{} : Initializer{Initializer::Uniform, std::sqrt(6 / fan)};
  }
  ArgumentReader reader(context, name, bound);
  double value = reader.number(specs[0].name, 0);
  if (!reader.failed && name != "const" && !(value > 0))
    reader.error(
        "E205", expr.range,
        fmt::format("'{}' of {} must be positive, but is {}", specs[0].name, name, toText(value)));
  if (reader.failed)
    return std::nullopt;
  return Initializer{name == "uniform"  ? Initializer::Uniform
                     : name == "normal" ? Initializer::Normal
                                        : Initializer::Constant,
                     value};
}

std::optional<Initializer> NetExpander::initOr(Initializer otherwise, int64_t fanIn,
                                               int64_t fanOut) {
  return traits.init ? readInit(fanIn, fanOut) : otherwise;
}

//===----------------------------------------------------------------------===//
// Shared layers
//===----------------------------------------------------------------------===//

MaybeFlow NetExpander::useShared(SharedLayer &shared, const ast::NamedUnit &unit, SourceRange range,
                                 Flow incoming) {
  const std::string &name = unit.name.text;
  if (unit.arguments.written) {
    context
        .error("E106", unit.arguments.range,
               fmt::format("{} is a layer that was made with its arguments and takes none",
                           quoted(name)))
        .note("it is defined", shared.statement->name.range)
        .fix("remove them", {{unit.arguments.range, ""}});
    return std::nullopt;
  }
  if (traits.name) {
    context.error("E101", traits.name->range,
                  fmt::format("the shared layer {} has its name already", quoted(name)));
    return std::nullopt;
  }
  if (shared.isActive) {
    context.error("E404", range, fmt::format("the shared layer {} uses itself", quoted(name)))
        .note("it is defined", shared.statement->name.range);
    return std::nullopt;
  }
  std::vector<Shape> inputs;
  for (TensorId id : incoming.tensors)
    inputs.push_back(shapeOf(id));
  if (shared.isMade && inputs != shared.inputs) {
    auto text = [](const std::vector<Shape> &shapes) {
      std::vector<std::string> texts;
      for (const Shape &shape : shapes)
        texts.push_back(toText(shape));
      return fmt::format("{}", fmt::join(texts, ", "));
    };
    context
        .error("E304", range,
               fmt::format("the shared layer {} was made for {}, but gets {}", quoted(name),
                           text(shared.inputs), text(inputs)))
        .note("its first use is", shared.firstUse)
        .note("this size is made", net.tensors[incoming.tensors.front()].range);
    return std::nullopt;
  }
  if (shared.isMade && traits.isOwn) {
    context
        .error("E101", range,
               fmt::format("the shared layer {} is made: annotations stand at its first use",
                           quoted(name)))
        .note("its first use is", shared.firstUse);
    return std::nullopt;
  }
  bool wasReusing = isReusing;
  isReusing |= shared.isMade;
  if (!shared.isMade) {
    shared.inputs = std::move(inputs);
    shared.firstUse = range;
  }
  shared.isMade = true;
  const ast::Unit *what = &shared.statement->unit;
  MaybeFlow result;
  while (auto *conditional = std::get_if<ast::ConditionalUnit>(&what->node)) {
    std::optional<bool> condition = evaluator.evaluateBool(conditional->condition, *shared.scope);
    what = !condition   ? nullptr
           : *condition ? conditional->thenUnit.get()
                        : conditional->elseUnit.get();
    if (!what)
      break;
  }
  if (what) {
    bool isNamed = std::holds_alternative<ast::NamedUnit>(what->node);
    instances.push_back({isNamed ? instances.back().path : shared.path + ".", shared.defaults});
    if (isNamed)
      givenName = shared.path;
    Scope inner(shared.scope);
    shared.isActive = true;
    result = walkUnit(*what, inner, std::move(incoming), /*mayStart=*/false);
    shared.isActive = false;
    givenName.clear();
    instances.pop_back();
  }
  isReusing = wasReusing;
  return result;
}

//===- Arguments.cpp - Arguments to their places ----------------------------===//

#include "compiler/Frontend/Arguments.h"

#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

/// No size of a tensor may pass the limit on its elements.
static constexpr int64_t sizeLimit = int64_t(1) << 31;

static const ArgumentSpec *findSpec(std::span<const ArgumentSpec> specs, std::string_view name) {
  auto found = std::find_if(specs.begin(), specs.end(),
                            [&](const ArgumentSpec &spec) { return spec.name == name; });
  return found == specs.end() ? nullptr : &*found;
}

static void refuseArgument(SemaContext &context, std::string_view callee,
                           std::span<const ArgumentSpec> specs, const ast::Name &name) {
  std::vector<std::string> names;
  for (const ArgumentSpec &spec : specs)
    names.emplace_back(spec.name);
  context.unknownName("E101", name.range,
                      fmt::format("{} has no argument {}", callee, quoted(name.text)), name.text,
                      names);
}

/// An argument with the comma that parts it from its neighbour.
static SourceRange withSeparator(std::span<const ast::Argument> arguments,
                                 const ast::Argument &argument) {
  if (&argument != &arguments.front())
    return {(&argument - 1)->range.end, argument.range.end};
  bool isOnly = arguments.size() == 1;
  return {argument.range.begin, isOnly ? argument.range.end : arguments[1].range.begin};
}

/// The place of the next unnamed argument, or null after an error.
static const ArgumentSpec *nextPositional(SemaContext &context, std::string_view callee,
                                          std::span<const ArgumentSpec> specs, size_t &next,
                                          const ast::Argument &argument) {
  if (next < specs.size() && specs[next].positional)
    return &specs[next++];
  std::string hint =
      next < specs.size() ? fmt::format("; name it: {}=…", specs[next].name) : std::string();
  Diagnostic &diagnostic = context.error(
      "E106", argument.range,
      next == 0 && specs.empty() ? fmt::format("{} takes no arguments", callee)
                                 : fmt::format("{} takes at most {} unnamed argument{}{}", callee,
                                               next, next == 1 ? "" : "s", hint));
  if (next < specs.size())
    diagnostic.silentFix(
        fmt::format("name it {}", specs[next].name),
        {{{argument.range.begin, argument.range.begin}, fmt::format("{}=", specs[next].name)}});
  return nullptr;
}

std::optional<std::vector<PlacedArgument>>
cnnc::placeArguments(SemaContext &context, std::string_view callee,
                     std::span<const ArgumentSpec> specs,
                     std::span<const ast::Argument> arguments) {
  std::vector<PlacedArgument> placed;
  size_t next = 0;
  for (const ast::Argument &argument : arguments) {
    const ArgumentSpec *spec = nullptr;
    if (!argument.name) {
      spec = nextPositional(context, callee, specs, next, argument);
    } else {
      spec = findSpec(specs, argument.name->text);
      if (!spec)
        refuseArgument(context, callee, specs, *argument.name);
    }
    if (!spec)
      return std::nullopt;
    for (const PlacedArgument &earlier : placed)
      if (earlier.spec == spec) {
        context
            .error("E105", argument.range,
                   fmt::format("argument '{}' of {} is given twice", spec->name, callee))
            .note("first given", earlier.argument->range)
            .fix("remove it", {{withSeparator(arguments, argument), ""}});
        return std::nullopt;
      }
    placed.push_back({spec, &argument});
  }
  return placed;
}

bool cnnc::bindArguments(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                         std::string_view callee, std::span<const ArgumentSpec> specs,
                         std::span<const ast::Argument> arguments, BoundArguments &bound) {
  auto placed = placeArguments(context, callee, specs, arguments);
  if (!placed)
    return false;
  for (const PlacedArgument &entry : *placed) {
    const ast::Expr &expr = entry.argument->value;
    std::optional<Value> value = evaluator.evaluate(expr, scope, entry.spec->symbols);
    if (!value)
      return false;
    bound.insert_or_assign(std::string(entry.spec->name),
                           BoundArgument{std::move(*value), expr.range, entry.argument->range});
  }
  return true;
}

bool cnnc::requireArguments(SemaContext &context, std::string_view callee, SourceRange range,
                            std::span<const ArgumentSpec> specs, const BoundArguments &bound) {
  std::vector<std::string> missing;
  for (const ArgumentSpec &spec : specs)
    if (spec.required && !bound.contains(spec.name))
      missing.push_back(fmt::format("'{}'", spec.name));
  if (missing.empty())
    return true;
  if (context.brokenDefaults.contains(callee))
    return false;
  context.error("E104", range,
                fmt::format("{} needs its argument{} {}", callee, missing.size() == 1 ? "" : "s",
                            fmt::join(missing, " and ")));
  return false;
}

std::optional<Value> cnnc::convertTo(SemaContext &context, std::string_view type,
                                     std::string_view name, SourceRange range, Value value) {
  if (value.typeName() == type)
    return value;
  if (type == "float" && value.isNumber())
    return Value{*value.number()};
  context.error("E120", range,
                fmt::format("parameter {} is {}, but its value is {}", quoted(name),
                            withArticle(type), toText(value)));
  return std::nullopt;
}

std::optional<Value> cnnc::convertTo(SemaContext &context, const ast::Name &type,
                                     std::string_view name, SourceRange range, Value value) {
  static const std::vector<std::string> types = {"int", "float", "bool", "string", "list"};
  if (std::find(types.begin(), types.end(), type.text) != types.end())
    return convertTo(context, std::string_view(type.text), name, range, std::move(value));
  context.unknownName("E120", type.range, fmt::format("unknown type {}", quoted(type.text)),
                      type.text, types);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// ArgumentReader
//===----------------------------------------------------------------------===//

void ArgumentReader::error(std::string_view code, SourceRange range, std::string message) {
  if (!failed)
    context.error(code, range, std::move(message));
  failed = true;
}

const BoundArgument *ArgumentReader::find(std::string_view name) const {
  auto found = bound.find(name);
  return found == bound.end() ? nullptr : &found->second;
}

int64_t ArgumentReader::integerOf(const Value &value, std::string_view name, SourceRange range,
                                  int64_t minimum) {
  const int64_t *integer = value.integer();
  if (!integer) {
    if (!failed)
      proposeFloor(context.error(value.isNumber() ? "E122" : "E120", range,
                                 fmt::format("'{}' of {} must be a whole number, but is {}", name,
                                             callee, toText(value))),
                   range, context.diags.text(range));
    failed = true;
    return minimum;
  }
  if (*integer < minimum) {
    bool isPad = name == "pad";
    error("E205", range,
          fmt::format("'{}' of {} must {}, but is {}{}", name, callee,
                      minimum > 0 ? "be positive" : "not be negative", *integer,
                      isPad ? "; to take rows away, use crop" : ""));
    return minimum;
  }
  if (*integer > sizeLimit) {
    error("E400", range,
          fmt::format("'{}' of {} is {}, more than {}", name, callee, *integer, sizeLimit));
    return minimum;
  }
  return *integer;
}

int64_t ArgumentReader::integer(std::string_view name, int64_t fallback, int64_t minimum) {
  const BoundArgument *argument = find(name);
  return argument ? integerOf(argument->value, name, argument->range, minimum) : fallback;
}

std::array<int64_t, 2> ArgumentReader::pair(std::string_view name, std::array<int64_t, 2> fallback,
                                            int64_t minimum) {
  const BoundArgument *argument = find(name);
  if (!argument)
    return fallback;
  const ListValue *list = argument->value.list();
  if (!list) {
    int64_t both = integerOf(argument->value, name, argument->range, minimum);
    return {both, both};
  }
  if (list->items.size() != 2) {
    error("E120", argument->range,
          fmt::format("'{}' of {} is a number or (h, w), but has {} entries", name, callee,
                      list->items.size()));
    return fallback;
  }
  return {integerOf(list->items[0], name, argument->range, minimum),
          integerOf(list->items[1], name, argument->range, minimum)};
}

double ArgumentReader::number(std::string_view name, double fallback) {
  const BoundArgument *argument = find(name);
  if (!argument)
    return fallback;
  if (std::optional<double> number = argument->value.number())
    return *number;
  error("E120", argument->range,
        fmt::format("'{}' of {} must be a number, but is {}", name, callee,
                    withArticle(argument->value.typeName())));
  return fallback;
}

bool ArgumentReader::boolean(std::string_view name, bool fallback) {
  const BoundArgument *argument = find(name);
  if (!argument)
    return fallback;
  if (const bool *boolean = argument->value.boolean())
    return *boolean;
  error("E120", argument->range,
        fmt::format("'{}' of {} must be true or false, but is {}", name, callee,
                    withArticle(argument->value.typeName())));
  return fallback;
}

std::string ArgumentReader::symbol(std::string_view name, std::string_view fallback,
                                   std::span<const std::string_view> symbols) {
  const BoundArgument *argument = find(name);
  if (!argument)
    return std::string(fallback);
  const std::string *string = argument->value.string();
  if (string && std::find(symbols.begin(), symbols.end(), *string) != symbols.end())
    return *string;
  error("E120", argument->range,
        fmt::format("'{}' of {} must be one of {}, but is {}", name, callee,
                    fmt::join(symbols, ", "), toText(argument->value)));
  return std::string(fallback);
}

std::optional<Labels> cnnc::readLabels(SemaContext &context, SourceRange range,
                                       const BoundArguments &bound) {
  bool isDense = bound.contains("h");
  if (isDense != bound.contains("w")) {
    context.error("E104", range,
                  fmt::format("class(K, h, w) needs its argument '{}'", isDense ? "w" : "h"));
    return std::nullopt;
  }
  ArgumentReader reader(context, "class", bound);
  Labels labels{reader.integer("k", 1, 1), {}};
  if (isDense)
    labels.shape = {reader.integer("h", 1, 1), reader.integer("w", 1, 1)};
  return reader.failed ? std::nullopt : std::optional(std::move(labels));
}

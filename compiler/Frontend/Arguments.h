//===- Arguments.h - Arguments to their places ------------------------------===//
#ifndef CNNC_FRONTEND_ARGUMENTS_H
#define CNNC_FRONTEND_ARGUMENTS_H

#include "compiler/Frontend/Evaluator.h"
#include "compiler/Frontend/LayerTable.h"
#include <array>
#include <map>

namespace cnnc {

struct BoundArgument {
  Value value;
  SourceRange range;    ///< of the value
  SourceRange argument; ///< with its name
  bool written = true;  ///< at the call itself, not by a `default`
};
using BoundArguments = std::map<std::string, BoundArgument, std::less<>>;

/// An argument still unevaluated: losses take tensors.
struct PlacedArgument {
  const ArgumentSpec *spec;
  const ast::Argument *argument;
};

/// Finds the place of each argument: E101, E105, E106.
std::optional<std::vector<PlacedArgument>> placeArguments(SemaContext &context,
                                                          std::string_view callee,
                                                          std::span<const ArgumentSpec> specs,
                                                          std::span<const ast::Argument> arguments);

/// Places and evaluates. What `bound` holds already is overridden.
bool bindArguments(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                   std::string_view callee, std::span<const ArgumentSpec> specs,
                   std::span<const ast::Argument> arguments, BoundArguments &bound);

/// E104 for required arguments that are not there.
bool requireArguments(SemaContext &context, std::string_view callee, SourceRange range,
                      std::span<const ArgumentSpec> specs, const BoundArguments &bound);

/// A parameter's value as its written type asks: an int is a float too. E120.
std::optional<Value> convertTo(SemaContext &context, std::string_view type, std::string_view name,
                               SourceRange range, Value value);
/// The same for a type as the text names it.
std::optional<Value> convertTo(SemaContext &context, const ast::Name &type, std::string_view name,
                               SourceRange range, Value value);

/// Reads typed values out of bound arguments. After an error `failed` is set and
/// the fallbacks are returned.
class ArgumentReader {
public:
  ArgumentReader(SemaContext &context, std::string_view callee, const BoundArguments &bound)
      : context(context), callee(callee), bound(bound) {}

  const BoundArgument *find(std::string_view name) const;
  /// At least `minimum` (E205) and at most 2^31 (E400).
  int64_t integer(std::string_view name, int64_t fallback, int64_t minimum);
  /// A number, or (h, w).
  std::array<int64_t, 2> pair(std::string_view name, std::array<int64_t, 2> fallback,
                              int64_t minimum);
  double number(std::string_view name, double fallback);
  bool boolean(std::string_view name, bool fallback);
  /// One of the symbols of the argument.
  std::string symbol(std::string_view name, std::string_view fallback,
                     std::span<const std::string_view> symbols);
  int64_t integerOf(const Value &value, std::string_view name, SourceRange range, int64_t minimum);
  void error(std::string_view code, SourceRange range, std::string message);

  bool failed = false;

private:
  SemaContext &context;
  std::string_view callee;
  const BoundArguments &bound;
};

/// class(K), class(K, h, w): what an input of labels, or a target, holds.
inline constexpr ArgumentSpec classArguments[] = {{"k", true, true}, {"h", true}, {"w", true}};
struct Labels {
  int64_t classes;
  Shape shape; ///< [] or [h, w]
};
/// Reads bound arguments of `class`; nothing after an error.
std::optional<Labels> readLabels(SemaContext &context, SourceRange range,
                                 const BoundArguments &bound);

} // namespace cnnc

#endif // CNNC_FRONTEND_ARGUMENTS_H

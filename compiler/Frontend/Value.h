//===- Value.h - What expressions evaluate to, and names in scope -----------===//
#ifndef CNNC_FRONTEND_VALUE_H
#define CNNC_FRONTEND_VALUE_H

#include "compiler/Frontend/TypedAST.h"
#include "llvm/ADT/StringMap.h"
#include <memory>

namespace cnnc {

struct Value;

/// Shared, because a constant may stand in many lists: copies must stay cheap.
struct ListValue {
  std::vector<Value> items;
  bool isTuple = false;
  unsigned depth = 1; ///< of lists in lists
};

struct Value {
  std::variant<int64_t, double, bool, std::string, std::shared_ptr<const ListValue>> data;

  const int64_t *integer() const { return std::get_if<int64_t>(&data); }
  const bool *boolean() const { return std::get_if<bool>(&data); }
  const std::string *string() const { return std::get_if<std::string>(&data); }
  const ListValue *list() const {
    auto *pointer = std::get_if<std::shared_ptr<const ListValue>>(&data);
    return pointer ? pointer->get() : nullptr;
  }
  bool isNumber() const { return data.index() < 2; }
  /// An integer or a float as a float.
  std::optional<double> number() const;
  /// int, float, bool, string, list.
  std::string_view typeName() const;
};

/// "an int", "a list".
std::string withArticle(std::string_view typeName);

/// As a person writes it; cut where it is long.
std::string toText(const Value &value);
std::string toText(const Shape &shape);
/// A float without trailing zeros.
std::string toText(double number);

struct BlockDefinition;
struct SharedLayer;

/// A name stands for a value, a tensor, several tensors (`in` of a block with several
/// inputs), a block, a shared layer, or for something that could not be made: that has
/// been reported, and its users keep silent.
struct Failed {};
using TensorTuple = std::vector<TensorId>;
struct Binding {
  std::variant<Failed, Value, TensorId, TensorTuple, const BlockDefinition *, SharedLayer *> what;
  SourceRange range;

  const Value *value() const { return std::get_if<Value>(&what); }
  const TensorId *tensor() const { return std::get_if<TensorId>(&what); }
  const TensorTuple *tuple() const { return std::get_if<TensorTuple>(&what); }
  const BlockDefinition *block() const {
    auto *pointer = std::get_if<const BlockDefinition *>(&what);
    return pointer ? *pointer : nullptr;
  }
  SharedLayer *sharedLayer() const {
    auto *pointer = std::get_if<SharedLayer *>(&what);
    return pointer ? *pointer : nullptr;
  }
  bool failed() const { return std::holds_alternative<Failed>(what); }
  /// "a tensor", "a block", "an int".
  std::string description() const;
};

/// The names of a file, a net or an iteration; the parent's are visible too.
class Scope {
public:
  /// A `closed` scope forbids its descendants to reuse its names.
  explicit Scope(const Scope *parent = nullptr, bool closed = true)
      : parent(parent), closed(closed) {}

  const Binding *find(std::string_view name) const;
  /// The earlier use of a name that forbids to declare it here.
  const Binding *findConflict(std::string_view name) const;
  void define(std::string_view name, Binding binding);
  /// How many names this scope alone has.
  size_t size() const { return bindings.size(); }
  /// The names of this scope alone, sorted.
  std::vector<std::pair<std::string, Binding>> own() const;
  /// All names in sight, sorted.
  std::vector<std::string> names() const;

private:
  const Scope *parent;
  bool closed;
  llvm::StringMap<Binding> bindings;
};

} // namespace cnnc

#endif // CNNC_FRONTEND_VALUE_H

//===- Value.cpp - What expressions evaluate to, and names in scope ---------===//

#include "compiler/Frontend/Value.h"

#include "compiler/Frontend/Diagnostics.h"
#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

/// A message shows no more of a value than this.
static constexpr size_t shownBytes = 64;

std::optional<double> Value::number() const {
  if (const int64_t *whole = integer())
    return static_cast<double>(*whole);
  if (const double *real = std::get_if<double>(&data))
    return *real;
  return std::nullopt;
}

std::string_view Value::typeName() const {
  static constexpr std::string_view names[] = {"int", "float", "bool", "string", "list"};
  return names[data.index()];
}

std::string cnnc::withArticle(std::string_view typeName) {
  return fmt::format("{} {}", typeName == "int" ? "an" : "a", typeName);
}

std::string cnnc::toText(double number) { return fmt::format("{:.6g}", number); }

static void append(std::string &text, const Value &value) {
  if (text.size() > shownBytes)
    return;
  if (const ListValue *list = value.list()) {
    text += list->isTuple ? "(" : "[";
    for (size_t i = 0; i < list->items.size() && text.size() <= shownBytes; ++i) {
      text += i ? ", " : "";
      append(text, list->items[i]);
    }
    text += list->isTuple ? ")" : "]";
  } else if (const std::string *string = value.string()) {
    text += quoted(*string);
  } else if (const bool *boolean = value.boolean()) {
    text += *boolean ? "true" : "false";
  } else if (const int64_t *integer = value.integer()) {
    text += fmt::format("{}", *integer);
  } else {
    std::string number = toText(*value.number());
    text += number;
    // 3.0 is no whole number to the language: it must not look like one.
    if (number.find_first_not_of("-0123456789") == std::string::npos)
      text += ".0";
  }
}

std::string cnnc::toText(const Value &value) {
  std::string text;
  append(text, value);
  return text.size() > shownBytes && value.list() ? text.substr(0, shownBytes) + "…" : text;
}

std::string Binding::description() const {
  if (const Value *known = value())
    return withArticle(known->typeName());
  if (block())
    return "a block";
  if (sharedLayer())
    return "a shared layer";
  return tuple() ? "a tuple of tensors" : "a tensor";
}

std::string cnnc::toText(const Shape &shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

const Binding *Scope::find(std::string_view name) const {
  for (const Scope *scope = this; scope; scope = scope->parent) {
    auto found = scope->bindings.find(llvm::StringRef(name.data(), name.size()));
    if (found != scope->bindings.end())
      return &found->second;
  }
  return nullptr;
}

const Binding *Scope::findConflict(std::string_view name) const {
  for (const Scope *scope = this; scope; scope = scope->parent) {
    if (scope != this && !scope->closed)
      return nullptr;
    auto found = scope->bindings.find(llvm::StringRef(name.data(), name.size()));
    if (found != scope->bindings.end())
      return &found->second;
  }
  return nullptr;
}

void Scope::define(std::string_view name, Binding binding) {
  bindings.insert_or_assign(llvm::StringRef(name.data(), name.size()), std::move(binding));
}

std::vector<std::string> Scope::names() const {
  std::vector<std::string> result;
  for (const Scope *scope = this; scope; scope = scope->parent)
    for (const auto &entry : scope->bindings)
      result.push_back(entry.first().str());
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::pair<std::string, Binding>> Scope::own() const {
  std::vector<std::pair<std::string, Binding>> result;
  for (const auto &entry : bindings)
    result.emplace_back(entry.first().str(), entry.second);
  std::sort(result.begin(), result.end(),
            [](const auto &a, const auto &b) { return a.first < b.first; });
  return result;
}

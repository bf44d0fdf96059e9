//===- Evaluator.h - Expressions to values ----------------------------------===//
//
// Integers are exact and checked for overflow; `/` gives a float, `//` floors.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_EVALUATOR_H
#define CNNC_FRONTEND_EVALUATOR_H

#include "compiler/Frontend/AST.h"
#include "compiler/Frontend/Diagnostics.h"
#include "compiler/Frontend/Value.h"

namespace cnnc {

/// What the analysis is inside of: one pass through a repeated group, or a use of a block.
struct Surrounding {
  SourceRange place;      ///< the group, or the use
  int64_t index, count;   ///< the pass, from 1, of how many
  std::string_view block; ///< the block's name; empty for a pass
};

/// What all of Sema shares while it works on a file.
class SemaContext {
public:
  explicit SemaContext(DiagnosticEngine &diags) : diags(diags) {}

  /// An error that names the iterations and the uses of blocks that it happened in.
  Diagnostic &error(std::string_view code, SourceRange range, std::string message);
  Diagnostic &warning(std::string_view code, SourceRange range, std::string message);
  /// An error of a name that nobody knows: the message goes on with the nearest of the
  /// candidates, and the fix writes it in place of the name (or of `written`).
  Diagnostic &unknownName(std::string_view code, SourceRange range, std::string_view message,
                          std::string_view name, std::span<const std::string> candidates,
                          std::optional<SourceRange> written = std::nullopt);
  /// Counts steps of evaluation or expansion; false once there were too many, or too many
  /// errors, so that no text keeps the compiler busy for long.
  bool spend(SourceRange range, uint64_t count = 1);

  DiagnosticEngine &diags;
  std::vector<Surrounding> surroundings;
  /// An import failed: unknown names may be its own.
  bool namesAreIncomplete = false;
  /// Layers and blocks whose `default` was refused: an argument that they lack may have
  /// stood there.
  std::set<std::string, std::less<>> brokenDefaults;

private:
  uint64_t steps = 0;
  unsigned errors = 0; ///< repeated ones, too
};

class Evaluator {
public:
  explicit Evaluator(SemaContext &context) : context(context) {}

  /// The tensors that `x.c` may ask for.
  void setTensors(const std::vector<Tensor> *list) { tensors = list; }

  /// The value, or nothing after an error. A bare name among `symbols` (same,
  /// floor, …) is that string.
  std::optional<Value> evaluate(const ast::Expr &expr, const Scope &scope,
                                std::span<const std::string_view> symbols = {});
  std::optional<bool> evaluateBool(const ast::Expr &expr, const Scope &scope);
  /// A whole number, where E122 is the answer to fractions.
  std::optional<int64_t> evaluateInteger(const ast::Expr &expr, const Scope &scope,
                                         std::string_view what);

private:
  std::optional<Value> visit(const ast::Expr &expr);
  std::optional<Value> copyOf(const Value &value, SourceRange range);
  std::optional<Value> visitName(const std::string &name, SourceRange range, bool isMember = false);
  std::optional<Value> visitMember(const ast::MemberExpr &member, SourceRange range);
  std::optional<Value> visitUnary(const ast::UnaryExpr &unary, SourceRange range);
  std::optional<Value> visitBinary(const ast::BinaryExpr &binary, SourceRange range);
  std::optional<Value> visitLogical(const ast::BinaryExpr &binary);
  std::optional<Value> visitComparison(ast::Operator op, const Value &left, const Value &right,
                                       SourceRange range);
  std::optional<Value> visitIntegers(ast::Operator op, int64_t left, int64_t right,
                                     SourceRange range);
  std::optional<Value> visitFloats(ast::Operator op, double left, double right, SourceRange range);
  std::optional<Value> visitList(const ast::ListExpr &list, SourceRange range);
  std::optional<Value> visitCall(const ast::CallExpr &call, SourceRange range);
  std::optional<Value> extremum(const std::string &name, std::span<const Value> values,
                                SourceRange range);
  std::optional<Value> toInteger(double number, SourceRange range);
  std::nullopt_t typeError(SourceRange range, std::string message);

  SemaContext &context;
  const std::vector<Tensor> *tensors = nullptr;
  const Scope *scope = nullptr;
  std::span<const std::string_view> symbols;
};

} // namespace cnnc

#endif // CNNC_FRONTEND_EVALUATOR_H

//===- AST.h - The syntax tree ----------------------------------------------===//
//
// What the parser read, before any name has a meaning. Every node has its range.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_AST_H
#define CNNC_FRONTEND_AST_H

#include "compiler/Frontend/Source.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cnnc::ast {

struct Name {
  std::string text;
  SourceRange range;
};

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;
struct Argument;

enum class Operator {
  Or,
  And,
  Not,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Add,
  Subtract,
  Multiply,
  Divide,
  FloorDivide,
  Modulo,
  Negate
};

struct IntegerLiteral {
  int64_t value;
};
struct FloatLiteral {
  double value;
};
struct BoolLiteral {
  bool value;
};
struct StringLiteral {
  std::string value;
};
/// `in` of a block reads as a name too.
struct NameExpr {
  std::string name;
};
struct MemberExpr {
  ExprPtr object;
  Name member;
};
struct UnaryExpr {
  Operator op;
  ExprPtr operand;
};
struct BinaryExpr {
  Operator op;
  ExprPtr left, right;
};
struct ConditionalExpr {
  ExprPtr condition, thenValue, elseValue;
};
struct ListExpr {
  std::vector<Expr> items;
  bool isTuple;
};
struct CallExpr {
  Name callee;
  std::vector<Argument> arguments;
};

struct Expr {
  SourceRange range;
  std::variant<IntegerLiteral, FloatLiteral, BoolLiteral, StringLiteral, NameExpr, MemberExpr,
               UnaryExpr, BinaryExpr, ConditionalExpr, ListExpr, CallExpr>
      node;
  uint32_t depth = 1; ///< height of this tree: readers recurse that deep
};

struct Argument {
  std::optional<Name> name;
  Expr value;
  SourceRange range;
};

/// The arguments between `(` and `)`, or none written: then the range is empty
/// and stands behind the name.
struct Arguments {
  std::vector<Argument> list;
  SourceRange range;
  bool written = false;
};

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

/// `_` has no expression.
struct Dim {
  std::optional<Expr> size;
  SourceRange range;
};
struct ShapeExpr {
  std::vector<Dim> dims;
  SourceRange range;
};

struct Term;
struct Chain {
  std::vector<Term> terms;
  SourceRange range;
};

struct Unit;
/// A layer, a block or a tensor: conv(64, 3), image, INPUT, in.
struct NamedUnit {
  Name name;
  Arguments arguments;
};
struct ConditionalUnit {
  Expr condition;
  std::unique_ptr<Unit> thenUnit, elseUnit;
};
struct GroupUnit {
  Chain chain;
};
/// ( a | b )
struct BranchUnit {
  std::vector<Chain> branches;
};
/// ( a, b )
struct TupleUnit {
  std::vector<Chain> parts;
};

struct Unit {
  SourceRange range;
  std::variant<NamedUnit, ConditionalUnit, GroupUnit, BranchUnit, TupleUnit> node;
};

struct Pattern {
  std::vector<Name> names;
  bool isTuple = false;
  SourceRange range;
};
struct TimesRepeat {
  Expr count;
};
/// `for pattern in first`, or `for pattern in first..last`.
struct ForRepeat {
  Pattern pattern;
  Expr first;
  std::optional<Expr> last;
};
struct Repeat {
  SourceRange range;
  std::variant<TimesRepeat, ForRepeat> node;
};
struct Option {
  std::optional<Expr> condition;
  SourceRange range;
};
struct Annotation {
  Name name;
  Arguments arguments;
  SourceRange range;
};

struct Term {
  Unit unit;
  // Most terms have neither, and a text may have a million terms.
  std::unique_ptr<Repeat> repeat;
  std::unique_ptr<Option> option;
  std::vector<Annotation> annotations;
  std::optional<Name> tap;
  std::optional<ShapeExpr> shape;
  SourceRange range;
};

//===----------------------------------------------------------------------===//
// Statements and items
//===----------------------------------------------------------------------===//

/// `input image : [1, 28, 28]`, or labels: `input label : class(10)`.
struct InputStmt {
  Name name;
  ShapeExpr shape;
  std::optional<Expr> classes; ///< the call of `class`; then there is no shape
};
/// `weight conv1.weight : [6, 1, 5, 5] @init(he)`
struct WeightStmt {
  Name name;
  ShapeExpr shape;
  std::vector<Annotation> annotations;
};
/// `batch 64`
struct BatchStmt {
  Expr size;
};
struct OutputStmt {
  std::vector<Name> names;
};
struct DefaultStmt {
  Name layer;
  Arguments arguments;
};
struct LayerStmt {
  Name name;
  Unit unit;
};
struct AssertStmt {
  Expr condition;
  std::optional<std::string> message;
};
struct ConstStmt {
  Name name;
  Expr value;
};
struct LetStmt {
  Pattern pattern;
  Chain chain;
};
struct ChainStmt {
  Chain chain;
};
struct Stmt {
  SourceRange range;
  std::variant<InputStmt, WeightStmt, BatchStmt, OutputStmt, DefaultStmt, LayerStmt, AssertStmt,
               ConstStmt, LetStmt, ChainStmt>
      node;
};

struct Param {
  Name name;
  std::optional<Name> type;
  std::optional<Expr> defaultValue;
  SourceRange range;
};
struct Side {
  std::vector<ShapeExpr> shapes;
};
struct Signature {
  Side from, to;
  SourceRange range;
};

struct ImportItem {
  std::string path;
  SourceRange range; ///< of the string
};
struct BlockItem {
  Name name;
  std::vector<Param> params;
  std::optional<Signature> signature;
  std::vector<Stmt> body;
};
struct NetItem {
  Name name;
  std::vector<Param> params;
  std::vector<Stmt> body;
};
/// `target label : class(10)`; the others are `name = value`.
struct TrainEntry {
  bool isTarget;
  Name name;
  Expr value;
  SourceRange range;
};
struct TrainItem {
  Name net;
  std::vector<TrainEntry> entries;
};
struct Item {
  SourceRange range;
  std::variant<ImportItem, ConstStmt, DefaultStmt, BlockItem, NetItem, TrainItem> node;
  bool broken = false; ///< a syntax error stands in it: it says less than its text
};

struct File {
  std::vector<Item> items;
  /// The text was given up, or an error stands outside of nets and train sections.
  bool broken = false;
};

} // namespace cnnc::ast

#endif // CNNC_FRONTEND_AST_H

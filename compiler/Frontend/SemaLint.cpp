//===- SemaLint.cpp - What is legal but surely not meant --------------------===//

#include "compiler/Frontend/SemaLint.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include <fmt/format.h>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// Unused names
//===----------------------------------------------------------------------===//

namespace {

/// Collects the names that a text reads, and the taps that it makes.
struct NameCollector {
  llvm::StringSet<> uses;
  std::vector<const ast::Name *> taps;

  void visit(const ast::Expr &expr) {
    if (auto *name = std::get_if<ast::NameExpr>(&expr.node)) {
      uses.insert(name->name);
    } else if (auto *member = std::get_if<ast::MemberExpr>(&expr.node)) {
      visit(*member->object);
    } else if (auto *unary = std::get_if<ast::UnaryExpr>(&expr.node)) {
      visit(*unary->operand);
    } else if (auto *binary = std::get_if<ast::BinaryExpr>(&expr.node)) {
      visit(*binary->left);
      visit(*binary->right);
    } else if (auto *conditional = std::get_if<ast::ConditionalExpr>(&expr.node)) {
      visit(*conditional->condition);
      visit(*conditional->thenValue);
      visit(*conditional->elseValue);
    } else if (auto *list = std::get_if<ast::ListExpr>(&expr.node)) {
      for (const ast::Expr &item : list->items)
        visit(item);
    } else if (auto *call = std::get_if<ast::CallExpr>(&expr.node)) {
      for (const ast::Argument &argument : call->arguments)
        visit(argument.value);
    }
  }
  void visit(const ast::Arguments &arguments) {
    for (const ast::Argument &argument : arguments.list)
      visit(argument.value);
  }
  void visit(const ast::ShapeExpr &shape) {
    for (const ast::Dim &dim : shape.dims)
      if (dim.size)
        visit(*dim.size);
  }
  void visit(const ast::Unit &unit) {
    if (auto *named = std::get_if<ast::NamedUnit>(&unit.node)) {
      // INPUT, whatever the case, is the net's only input.
      uses.insert(llvm::StringRef(named->name.text).equals_insensitive("input") ? "input"
                                                                                : named->name.text);
      visit(named->arguments);
    } else if (auto *group = std::get_if<ast::GroupUnit>(&unit.node)) {
      visit(group->chain);
    } else if (auto *branches = std::get_if<ast::BranchUnit>(&unit.node)) {
      for (const ast::Chain &branch : branches->branches)
        visit(branch);
    } else if (auto *tuple = std::get_if<ast::TupleUnit>(&unit.node)) {
      for (const ast::Chain &part : tuple->parts)
        visit(part);
    } else if (auto *conditional = std::get_if<ast::ConditionalUnit>(&unit.node)) {
      visit(conditional->condition);
      visit(*conditional->thenUnit);
      visit(*conditional->elseUnit);
    }
  }
  void visit(const ast::Chain &chain) {
    for (const ast::Term &term : chain.terms) {
      visit(term.unit);
      if (term.repeat) {
        if (auto *times = std::get_if<ast::TimesRepeat>(&term.repeat->node)) {
          visit(times->count);
        } else {
          const auto &loop = std::get<ast::ForRepeat>(term.repeat->node);
          visit(loop.first);
          if (loop.last)
            visit(*loop.last);
        }
      }
      if (term.option && term.option->condition)
        visit(*term.option->condition);
      if (term.shape)
        visit(*term.shape);
      if (term.tap)
        taps.push_back(&*term.tap);
    }
  }
};

} // namespace

void cnnc::checkUnused(SemaContext &context, const ast::NetItem &net, const ast::TrainItem *train) {
  NameCollector collector;
  for (const ast::Stmt &stmt : net.body) {
    if (auto *let = std::get_if<ast::LetStmt>(&stmt.node))
      collector.visit(let->chain);
    else if (auto *chain = std::get_if<ast::ChainStmt>(&stmt.node))
      collector.visit(chain->chain);
    else if (auto *constant = std::get_if<ast::ConstStmt>(&stmt.node))
      collector.visit(constant->value);
    else if (auto *assertion = std::get_if<ast::AssertStmt>(&stmt.node))
      collector.visit(assertion->condition);
    else if (auto *input = std::get_if<ast::InputStmt>(&stmt.node))
      collector.visit(input->shape);
    else if (auto *defaults = std::get_if<ast::DefaultStmt>(&stmt.node))
      collector.visit(defaults->arguments);
    else if (auto *output = std::get_if<ast::OutputStmt>(&stmt.node))
      for (const ast::Name &name : output->names)
        collector.uses.insert(name.text);
  }
  if (train)
    for (const ast::TrainEntry &entry : train->entries)
      collector.visit(entry.value);
  bool usesInputKeyword = collector.uses.contains("input");
  for (const ast::Stmt &stmt : net.body) {
    if (auto *input = std::get_if<ast::InputStmt>(&stmt.node)) {
      if (!usesInputKeyword && !collector.uses.contains(input->name.text))
        context.error("E305", input->name.range,
                      fmt::format("the input {} is not used", quoted(input->name.text)));
    } else if (auto *let = std::get_if<ast::LetStmt>(&stmt.node)) {
      for (const ast::Name &name : let->pattern.names)
        if (!collector.uses.contains(name.text))
          context.error("E305", name.range,
                        fmt::format("the tensor {} is not used", quoted(name.text)));
    }
  }
  for (const ast::Name *tap : collector.taps)
    if (!collector.uses.contains(tap->text))
      context.warning("W507", tap->range, fmt::format("the tap {} is not used", quoted(tap->text)));
}

//===----------------------------------------------------------------------===//
// Layers in an odd order
//===----------------------------------------------------------------------===//

static bool hasBias(const Layer &layer) {
  if (auto *conv = std::get_if<ConvLayer>(&layer.kind))
    return conv->bias.has_value();
  if (auto *fc = std::get_if<FcLayer>(&layer.kind))
    return fc->bias.has_value();
  return false;
}

static bool isActivation(const Layer &layer, ActivationLayer::Kind kind) {
  auto *activation = std::get_if<ActivationLayer>(&layer.kind);
  return activation && activation->kind == kind;
}

void cnnc::warnAboutLayers(SemaContext &context, const TypedNet &net) {
  std::vector<const Layer *> producers(net.tensors.size());
  for (const Layer &layer : net.layers)
    producers[layer.output] = &layer;
  for (const Layer &layer : net.layers) {
    auto *norm = std::get_if<BatchNormLayer>(&layer.kind);
    const Layer *before = producers[layer.inputs[0]];
    if (!norm || !before)
      continue;
    if (hasBias(*before))
      context.warning(
          "W502", before->range,
          fmt::format("the bias of this {} is lost in the bn after it; write bias=false",
                      before->keyword));
    if (std::holds_alternative<DropoutLayer>(before->kind))
      context.warning("W504", before->range,
                      "dropout before bn: the statistics of training and use will differ");
  }
  if (!net.train)
    return;
  for (const LossTerm &term : net.train->loss) {
    const Layer *last = producers[term.prediction];
    if (term.kind != LossTerm::CrossEntropy || !last)
      continue;
    if (std::holds_alternative<SoftmaxLayer>(last->kind))
      context.warning("W500", last->range, "softmax before xent, which has its own: drop this one");
    const Layer *before = producers[last->inputs[0]];
    if (isActivation(*last, ActivationLayer::Relu) && before &&
        std::holds_alternative<FcLayer>(before->kind))
      context.warning("W503", last->range, "relu after the last fc: logits are never negative");
  }
}

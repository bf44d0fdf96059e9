//===- SemaLint.cpp - What is legal but surely not meant --------------------===//

#include "compiler/Frontend/SemaLint.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include <algorithm>
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
      for (const ast::Annotation &annotation : term.annotations)
        if (annotation.name.text != "name")
          visit(annotation.arguments);
      if (term.tap)
        taps.push_back(&*term.tap);
    }
  }
  void visit(const std::vector<ast::Stmt> &body) {
    for (const ast::Stmt &stmt : body) {
      if (auto *let = std::get_if<ast::LetStmt>(&stmt.node))
        visit(let->chain);
      else if (auto *chain = std::get_if<ast::ChainStmt>(&stmt.node))
        visit(chain->chain);
      else if (auto *constant = std::get_if<ast::ConstStmt>(&stmt.node))
        visit(constant->value);
      else if (auto *assertion = std::get_if<ast::AssertStmt>(&stmt.node))
        visit(assertion->condition);
      else if (auto *input = std::get_if<ast::InputStmt>(&stmt.node)) {
        visit(input->shape);
        if (input->classes)
          visit(*input->classes);
      } else if (auto *weight = std::get_if<ast::WeightStmt>(&stmt.node)) {
        visit(weight->shape);
        for (const ast::Annotation &annotation : weight->annotations)
          visit(annotation.arguments);
      } else if (auto *batch = std::get_if<ast::BatchStmt>(&stmt.node)) {
        visit(batch->size);
      } else if (auto *defaults = std::get_if<ast::DefaultStmt>(&stmt.node))
        visit(defaults->arguments);
      else if (auto *layer = std::get_if<ast::LayerStmt>(&stmt.node))
        visit(layer->unit);
      else if (auto *output = std::get_if<ast::OutputStmt>(&stmt.node))
        for (const ast::Name &name : output->names)
          uses.insert(name.text);
    }
  }
};

/// Where a word before `end` begins, with the blanks around it; nothing if another stands
/// there.
std::optional<uint32_t> beginOfWord(const DiagnosticEngine &diags, uint32_t end,
                                    llvm::StringRef word) {
  std::string_view before = diags.textBefore(end);
  llvm::StringRef text(before.data(), before.size());
  llvm::StringRef rest = text.rtrim();
  if (!rest.consume_back(word))
    return std::nullopt;
  return end - static_cast<uint32_t>(text.size() - rest.rtrim().size());
}

/// The edit that takes `-> layer` out of a chain.
void proposeRemoval(const DiagnosticEngine &diags, Diagnostic &diagnostic, SourceRange layer,
                    std::string text) {
  if (std::optional<uint32_t> begin = beginOfWord(diags, layer.begin, "->"))
    diagnostic.fix(std::move(text), {{{*begin, layer.end}, ""}});
}

} // namespace

static void reportUnused(SemaContext &context, const std::vector<ast::Stmt> &body,
                         const NameCollector &collector, bool chainsFailed) {
  // Where outputs are listed, an unused tensor may have been forgotten there.
  const ast::Stmt *outputs = nullptr;
  for (const ast::Stmt &stmt : body)
    if (std::holds_alternative<ast::OutputStmt>(stmt.node))
      outputs = &stmt;
  for (const ast::Stmt &stmt : body) {
    if (auto *input = std::get_if<ast::InputStmt>(&stmt.node)) {
      if (!collector.uses.contains("input") && !collector.uses.contains(input->name.text))
        context.error("E305", input->name.range,
                      fmt::format("the input {} is not used", quoted(input->name.text)));
    } else if (auto *weight = std::get_if<ast::WeightStmt>(&stmt.node)) {
      // A frozen one may be there because a file of weights has it.
      bool isFrozen = std::any_of(weight->annotations.begin(), weight->annotations.end(),
                                  [](auto &a) { return a.name.text == "frozen"; });
      if (!isFrozen && !collector.uses.contains(weight->name.text))
        context
            .warning("W507", weight->name.range,
                     fmt::format("the weight {} is not used", quoted(weight->name.text)))
            .minorFix("remove it", {{stmt.range, ""}});
    } else if (auto *let = std::get_if<ast::LetStmt>(&stmt.node)) {
      for (const ast::Name &name : let->pattern.names) {
        if (collector.uses.contains(name.text))
          continue;
        Diagnostic &diagnostic = context.error(
            "E305", name.range, fmt::format("the tensor {} is not used", quoted(name.text)));
        if (outputs)
          diagnostic.minorFix(fmt::format("output {} too", name.text),
                              {{{outputs->range.end, outputs->range.end}, ", " + name.text}});
      }
    } else if (auto *layer = std::get_if<ast::LayerStmt>(&stmt.node)) {
      if (!collector.uses.contains(layer->name.text))
        context
            .warning("W507", layer->name.range,
                     fmt::format("the layer {} is not used", quoted(layer->name.text)))
            .minorFix("remove it", {{stmt.range, ""}});
    }
  }
  for (const ast::Name *tap : collector.taps) {
    if (chainsFailed || collector.uses.contains(tap->text))
      continue;
    Diagnostic &diagnostic = context.warning(
        "W507", tap->range, fmt::format("the tap {} is not used", quoted(tap->text)));
    if (auto begin = beginOfWord(context.diags, tap->range.begin, "as"))
      diagnostic.minorFix("remove it", {{{*begin, tap->range.end}, ""}});
  }
}

void cnnc::checkUnused(SemaContext &context, const ast::NetItem &net, const ast::TrainItem *train,
                       bool chainsFailed) {
  NameCollector collector;
  collector.visit(net.body);
  if (train)
    for (const ast::TrainEntry &entry : train->entries)
      collector.visit(entry.value);
  reportUnused(context, net.body, collector, chainsFailed);
}

void cnnc::checkUnused(SemaContext &context, const ast::BlockItem &block, bool chainsFailed) {
  NameCollector collector;
  collector.visit(block.body);
  reportUnused(context, block.body, collector, chainsFailed);
  if (!collector.uses.contains("in"))
    context.error(
        "E305", block.name.range,
        fmt::format("the block {} does not use what flows in: its 'in'", quoted(block.name.text)));
}

//===----------------------------------------------------------------------===//
// Layers in an odd order
//===----------------------------------------------------------------------===//

static bool hasBias(const Layer &layer) {
  if (auto *conv = std::get_if<ConvLayer>(&layer.kind))
    return conv->bias.has_value();
  if (auto *deconv = std::get_if<DeconvLayer>(&layer.kind))
    return deconv->bias.has_value();
  auto *fc = std::get_if<FcLayer>(&layer.kind);
  return fc && fc->bias.has_value();
}

namespace {
/// Who makes and who takes each tensor.
struct Graph {
  explicit Graph(const TypedNet &net) : makers(net.tensors.size()), takers(net.tensors.size()) {
    for (const Layer &layer : net.layers) {
      makers[layer.output] = &layer;
      for (TensorId id : layer.inputs)
        takers[id].push_back(&layer);
    }
  }
  /// The layer before; null for an input of the net.
  const Layer *before(const Layer &layer) const {
    return layer.inputs.empty() ? nullptr : makers[layer.inputs[0]];
  }

  std::vector<const Layer *> makers;
  std::vector<std::vector<const Layer *>> takers;
};
} // namespace

static void warnAboutNorms(SemaContext &context, const Graph &graph, const Layer &norm) {
  const Layer *before = graph.before(norm);
  // With kept statistics a bias counts, and dropout disturbs none.
  if (!before || std::get<BatchNormLayer>(norm.kind).isFrozen ||
      graph.takers[before->output].size() != 1)
    return;
  if (hasBias(*before)) {
    Diagnostic &diagnostic = context.warning(
        "W502", before->range,
        fmt::format("the bias of this {} is lost in the bn after it; write bias=false",
                    before->keyword));
    // All these layers need an argument: their call ends in ')'.
    uint32_t closing = before->range.end - 1;
    diagnostic.silentFix("bias=false", {{{closing, closing}, ", bias=false"}});
  }
  if (auto *dropout = std::get_if<DropoutLayer>(&before->kind); dropout && !dropout->wholeImage)
    proposeRemoval(context.diags,
                   context.warning("W504", before->range,
                                   "dropout before bn: the statistics of training and use will "
                                   "differ"),
                   before->range, "remove the dropout");
}

static void warnAboutLosses(SemaContext &context, const TypedNet &net, const Graph &graph) {
  for (const LossTerm &term : net.train->loss) {
    const Layer *last = graph.makers[term.prediction];
    if (last && term.kind == LossTerm::BinaryCrossEntropy && last->keyword == "sigmoid")
      proposeRemoval(context.diags,
                     context.warning("W501", last->range,
                                     "sigmoid before bce, which has its own: drop this one"),
                     last->range, "remove the sigmoid");
    if (term.kind != LossTerm::CrossEntropy || !last)
      continue;
    if (last->keyword == "softmax")
      proposeRemoval(context.diags,
                     context.warning("W500", last->range,
                                     "softmax before xent, which has its own: drop this one"),
                     last->range, "remove the softmax");
    const Layer *before = graph.before(*last);
    if (last->keyword == "relu" && before && before->keyword == "fc")
      proposeRemoval(
          context.diags,
          context.warning("W503", last->range, "relu after the last fc: logits are never negative"),
          last->range, "remove the relu");
  }
}

/// W506: layers whose results reach no output and no loss, reported at the last of them.
static void warnAboutDeadBranches(SemaContext &context, const TypedNet &net, const Graph &graph) {
  std::vector<bool> isLive(net.tensors.size());
  for (TensorId id : net.outputs)
    isLive[id] = true;
  if (net.train) {
    for (const LossTerm &term : net.train->loss) {
      isLive[term.prediction] = true;
      if (term.targetIsTensor)
        isLive[term.target] = true;
    }
    for (const MetricSpec &metric : net.train->metrics)
      isLive[metric.prediction] = true;
  }
  for (size_t i = net.layers.size(); i-- > 0;)
    if (isLive[net.layers[i].output])
      for (TensorId id : net.layers[i].inputs)
        isLive[id] = true;
  for (const Layer &layer : net.layers)
    if (!isLive[layer.output] && graph.takers[layer.output].empty() &&
        !std::holds_alternative<WeightLayer>(layer.kind))
      context.warning(
          "W506", layer.range,
          fmt::format("a dead branch: what {} makes reaches no output and no loss", layer.name));
}

void cnnc::warnAboutLayers(SemaContext &context, const TypedNet &net) {
  Graph graph(net);
  for (const Layer &layer : net.layers)
    if (std::holds_alternative<BatchNormLayer>(layer.kind))
      warnAboutNorms(context, graph, layer);
  if (net.train)
    warnAboutLosses(context, net, graph);
  // An unused tap was reported already, and may be all that is dead; an error may have taken
  // what would have used a tensor.
  if (!context.diags.hasCode("W507") && context.diags.errorCount() == 0)
    warnAboutDeadBranches(context, net, graph);
}

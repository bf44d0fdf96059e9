//===- SemaExpand.h - A net's chains to layers ------------------------------===//
//
// Walks the terms of a chain with the tensor that flows in, repeats what is
// repeated, and appends layers, tensors and parameters to a TypedNet.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_SEMAEXPAND_H
#define CNNC_FRONTEND_SEMAEXPAND_H

#include "compiler/Frontend/Arguments.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

namespace cnnc {

/// Elements of one image's tensor.
inline constexpr int64_t tensorLimit = int64_t(1) << 31;

/// Arguments that `default` gave to each layer, by keyword.
using Defaults = std::map<std::string, BoundArguments, std::less<>>;

/// Records a `default` statement. False after an error.
bool addDefault(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                const ast::DefaultStmt &stmt, Defaults &defaults);

/// Declares a name: E107 if it is taken, E108 if a tensor's name is a layer's.
bool declare(SemaContext &context, Scope &scope, const ast::Name &name, Binding binding,
             bool isTensor);

class NetExpander {
public:
  NetExpander(SemaContext &context, Evaluator &evaluator, TypedNet &net,
              const llvm::StringSet<> &blocks)
      : context(context), evaluator(evaluator), net(net), blocks(blocks) {}

  /// The tensor that leaves the chain, or nothing: an error was reported.
  std::optional<TensorId> walkChain(const ast::Chain &chain, Scope &scope,
                                    std::optional<TensorId> incoming);
  void addInput(const ast::InputStmt &input, SourceRange range, Scope &scope);

  Defaults defaults;

private:
  using Flow = std::optional<TensorId>;

  // Terms (SemaExpand.cpp).
  Flow walkTerm(const ast::Term &term, Scope &scope, Flow incoming, bool isFirst);
  bool walkRepeat(const ast::Term &term, Scope &scope, Flow &flow, bool isFirst);
  bool walkFor(const ast::Term &term, const ast::ForRepeat &loop, Scope &scope, Flow &flow,
               bool isFirst);
  bool walkIteration(const ast::Term &term, Scope &scope, Flow &flow, bool isFirst);
  bool bindPattern(const ast::Pattern &pattern, const Value &value, Scope &scope);
  bool reserveOps(SourceRange range, int64_t count);
  std::optional<bool> isPresent(const ast::Term &term, const Scope &scope);
  Flow walkUnit(const ast::Unit &unit, Scope &scope, Flow incoming, bool isFirst);
  Flow walkNamed(const ast::NamedUnit &unit, SourceRange range, Scope &scope, Flow incoming,
                 bool isFirst);
  Flow refuseName(const ast::NamedUnit &unit, SourceRange range, const Scope &scope, bool isFirst);
  Flow walkInputKeyword(SourceRange range);
  bool checkShape(const ast::Term &term, const Scope &scope, TensorId tensor);

  // Layers (SemaLayers.cpp).
  Flow buildLayer(const LayerSpec &spec, const ast::NamedUnit &unit, SourceRange range,
                  const Scope &scope, TensorId input);
  Flow buildConv();
  Flow buildFc();
  Flow buildPool(PoolLayer::Kind kind);
  Flow buildLrn();
  Flow buildBatchNorm();
  Flow buildDropout();
  Flow addLayer(LayerKind kind, Shape output);
  Flow sameShape(LayerKind kind) { return addLayer(std::move(kind), inputShape()); }
  std::optional<ParameterId> addParameter(std::string_view suffix, Shape shape, Initializer init,
                                          bool trainable = true);
  bool requireImage();
  Diagnostic &layerError(std::string_view code, std::string message);
  void noteInput(Diagnostic &diagnostic);
  const Shape &inputShape() const { return net.tensors[at.input].shape; }

  // Windows (SemaWindow.cpp).
  struct WindowPlan {
    Window window;
    Shape spatial;
    std::array<int64_t, 2> overhang{0, 0};
  };
  std::optional<WindowPlan> planWindow(ArgumentReader &reader,
                                       std::optional<std::array<int64_t, 2>> defaultSize,
                                       bool isPool);
  bool readPadding(ArgumentReader &reader, Window &window, bool &isSame);
  bool checkPoolPadding(const WindowPlan &plan);
  void reportWindow(const Window &window, size_t axis, const WindowSize &size, bool isPool);
  void proposeFixes(Diagnostic &diagnostic, const Window &window, bool tooLarge, bool isPool);
  void proposeInput(Diagnostic &diagnostic, const Window &window);
  Edit argumentEdit(std::string_view name, std::string_view value) const;

  /// The layer that is being built.
  struct CurrentLayer {
    const LayerSpec *spec = nullptr;
    const ast::NamedUnit *unit = nullptr;
    SourceRange range;
    BoundArguments arguments;
    TensorId input = 0;
    std::string name; ///< conv1
  };

  SemaContext &context;
  Evaluator &evaluator;
  TypedNet &net;
  const llvm::StringSet<> &blocks;
  CurrentLayer at;
  std::map<std::string, int64_t, std::less<>> kindCounts;
  llvm::DenseMap<TensorId, const ast::ShapeExpr *> inputDeclarations;
  int64_t opCount = 0; ///< layers, and iterations without any
  int64_t parameterElements = 0;
};

} // namespace cnnc

#endif // CNNC_FRONTEND_SEMAEXPAND_H

//===- SemaExpand.h - A net's chains to layers ------------------------------===//
//
// Walks the terms of a chain with what flows in, repeats what is repeated, expands
// blocks, and appends layers, tensors and parameters to a TypedNet.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_SEMAEXPAND_H
#define CNNC_FRONTEND_SEMAEXPAND_H

#include "compiler/Frontend/Arguments.h"
#include "compiler/Frontend/Blocks.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"
#include <deque>

namespace cnnc {

/// Elements of one image's tensor.
inline constexpr int64_t tensorLimit = int64_t(1) << 31;

/// Sizes of branches that a message shows.
inline constexpr size_t shownShapes = 64;

/// The two axes of a window in messages.
inline constexpr std::string_view axisNames[] = {"H", "W"};

/// Records a `default` statement. False after an error.
bool addDefault(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                const ast::DefaultStmt &stmt, Defaults &defaults);

/// Declares a name: E107 if it is taken, E108 if a tensor's or a block's name is a layer's.
enum class NameOf { Value, Tensor, Block, SharedLayer };
bool declare(SemaContext &context, Scope &scope, const ast::Name &name, Binding binding,
             NameOf what);

/// A value in the text of a statement: const name = value.
void defineConst(SemaContext &context, Evaluator &evaluator, const ast::ConstStmt &stmt,
                 Scope &scope);

/// What flows through a chain: one tensor, several (an unjoined tuple), or, before its
/// first tensor, none.
struct Flow {
  llvm::SmallVector<TensorId, 1> tensors;
  const ast::Unit *fork = nullptr; ///< the ( a | b ) or (a, b) that made a tuple

  Flow() = default;
  explicit Flow(TensorId tensor) : tensors{tensor} {}
  bool empty() const { return tensors.empty(); }
  bool isTuple() const { return tensors.size() > 1; }
};
/// Nothing after an error, which was reported.
using MaybeFlow = std::optional<Flow>;

/// What annotations say of all parameters inside of a term.
struct Traits {
  double rate = 1;
  bool isFrozen = false;
  const ast::Annotation *init = nullptr;
  const Scope *initScope = nullptr;
  const ast::Annotation *name = nullptr; ///< of the next layer or block
  bool isOwn = false;                    ///< the term at hand has annotations
};

class NetExpander {
public:
  NetExpander(SemaContext &context, Evaluator &evaluator, TypedNet &net, Defaults defaults)
      : context(context), evaluator(evaluator), net(net) {
    instances.push_back({"", std::move(defaults)});
  }

  // Statements (SemaBody.cpp).
  void walkStmt(const ast::Stmt &stmt, Scope &scope);
  void addInput(const ast::InputStmt &input, SourceRange range, Scope &scope);
  void addWeightTensor(const ast::WeightStmt &weight, SourceRange range, Scope &scope);
  void fixBatch(const ast::BatchStmt &batch, SourceRange range, const Scope &scope);
  /// Names and arguments of a block that no net uses: its sizes are unknown.
  void checkUnusedBlock(const BlockDefinition &block);
  /// Whether a chain could not be walked to its end, even for a reason reported before.
  bool hasFailed() const { return isBroken; }
  /// The blocks that were used.
  const llvm::SetVector<const ast::BlockItem *> &usedBlocks() const { return used; }

private:
  /// The net itself, a use of a block, or a shared layer: a scope of layers' names.
  struct Instance {
    std::string path; ///< "", "Basic3.ConvBN1."
    Defaults defaults;
    std::map<std::string, int64_t, std::less<>> counts{}; ///< by kind, and by @name
    unsigned repeats = 0;                                 ///< surrounding groups
  };

  // Statements (SemaBody.cpp).
  std::optional<Shape> declaredShape(const ast::ShapeExpr &written, const Scope &scope,
                                     std::string_view what);
  std::optional<Labels> declaredLabels(const ast::Expr &expr, const Scope &scope);
  bool checkTensorSize(const Shape &shape, SourceRange range);
  std::optional<TensorId> makeWeight(const ast::WeightStmt &weight, SourceRange range, Shape shape,
                                     const Scope &scope);
  void walkLet(const ast::LetStmt &let, Scope &scope);
  void walkAssert(const ast::AssertStmt &assertion, SourceRange range, const Scope &scope);
  void declareShared(const ast::LayerStmt &layer, Scope &scope);

  // Terms (SemaExpand.cpp).
  MaybeFlow walkChain(const ast::Chain &chain, Scope &scope, Flow incoming, bool mayStart);
  /// The one tensor that leaves a chain; E300 for several.
  std::optional<TensorId> walkToTensor(const ast::Chain &chain, Scope &scope);
  MaybeFlow walkTerm(const ast::Term &term, Scope &scope, Flow incoming, bool mayStart);
  bool bindTap(const ast::Term &term, Scope &scope, const Flow &flow);
  /// The users of a tap that could not be made keep silent.
  void failTap(const ast::Term &term, Scope &scope);
  /// The first name of a tensor stays.
  void nameTensor(TensorId tensor, const std::string &name);
  std::optional<bool> isPresent(const ast::Term &term, const Scope &scope);
  bool checkShape(const ast::Term &term, const Scope &scope, const Flow &flow);
  Diagnostic &reportUnjoined(SourceRange range, const Flow &flow, std::string_view taker);
  std::string joinFor(const Flow &flow) const;

  // Repetition (SemaRepeat.cpp).
  bool walkRepeat(const ast::Term &term, Scope &scope, Flow &flow, bool mayStart);
  bool walkFor(const ast::Term &term, const ast::ForRepeat &loop, Scope &scope, Flow &flow,
               bool mayStart);
  bool repeat(const ast::Term &term, int64_t count, llvm::function_ref<bool(int64_t)> pass);
  bool walkIteration(const ast::Term &term, Scope &scope, Flow &flow, bool mayStart);
  bool bindPattern(const ast::Pattern &pattern, const Value &value, Scope &scope);
  bool reserveOps(SourceRange range, int64_t count);

  // Units (SemaUnit.cpp).
  MaybeFlow walkUnit(const ast::Unit &unit, Scope &scope, Flow incoming, bool mayStart);
  MaybeFlow walkNamed(const ast::NamedUnit &unit, SourceRange range, Scope &scope, Flow incoming,
                      bool mayStart);
  MaybeFlow walkBranches(const ast::Unit &unit, const std::vector<ast::Chain> &branches,
                         Scope &scope, Flow incoming);
  std::optional<Flow> asTensor(const ast::NamedUnit &unit, SourceRange range, const Scope &scope,
                               bool &failed);
  void refuseName(const ast::NamedUnit &unit, SourceRange range, const Scope &scope, bool mayStart);
  void refuseTensor(const ast::NamedUnit &unit, SourceRange range);
  /// Names and arguments of the terms behind an error; their taps are declared as failed.
  void checkRest(const ast::Chain &chain, size_t first, Scope &scope);
  void checkNames(const ast::Chain &chain, size_t first, Scope &scope, bool mayStart);
  void checkNames(const ast::Unit &unit, Scope &scope, bool mayStart);

  // Blocks (SemaBlock.cpp).
  MaybeFlow useBlock(const BlockDefinition &block, const ast::NamedUnit &unit, SourceRange range,
                     const Scope &caller, Flow incoming);
  bool enterBlock(const BlockDefinition &block, SourceRange range);
  bool bindBlockArguments(const BlockDefinition &block, const ast::NamedUnit &unit,
                          SourceRange range, const Scope &caller, Scope &scope);
  /// A side of a contract as it reads with what its names mean.
  struct ContractText {
    std::vector<std::string> shapes;
    Shape wanted; ///< of the last shape; what is free stays as it is
    std::vector<Edit> corrections;
  };
  std::optional<bool> compareShape(const ast::ShapeExpr &expected, const Shape *actual,
                                   Scope &scope, bool isEntry, ContractText &text);
  void reportContract(const BlockDefinition &block, SourceRange use, const Flow &flow, bool isEntry,
                      const ContractText &text);
  bool checkContract(const BlockDefinition &block, const ast::Side &side, SourceRange use,
                     const Flow &flow, Scope &scope, bool isEntry);
  MaybeFlow walkBody(const BlockDefinition &block, Scope &scope);

  // Shared layers and annotations (SemaShared.cpp).
  MaybeFlow useShared(SharedLayer &shared, const ast::NamedUnit &unit, SourceRange range,
                      Flow incoming);
  bool applyAnnotations(const std::vector<ast::Annotation> &annotations, const Scope &scope);
  bool applyAnnotation(const ast::Annotation &annotation, const Scope &scope);
  std::optional<Initializer> readInit(int64_t fanIn, int64_t fanOut);
  /// What @init says; where none stands, `otherwise`.
  std::optional<Initializer> initOr(Initializer otherwise, int64_t fanIn, int64_t fanOut);
  /// conv1, or what @name says: the path of the layer or block that is made next.
  std::optional<std::string> takeName(std::string_view kind, SourceRange range);

  // Layers (SemaLayers.cpp, SemaPlainLayers.cpp).
  MaybeFlow buildLayer(const LayerSpec &spec, const ast::NamedUnit &unit, SourceRange range,
                       const Scope &scope, const Flow &incoming);
  MaybeFlow dispatch();
  MaybeFlow buildConv(bool isDepthwise);
  MaybeFlow buildDeconv();
  MaybeFlow buildFc();
  MaybeFlow buildBatchNorm();
  MaybeFlow buildGroupNorm(bool isLayerNorm);
  MaybeFlow buildPRelu();
  MaybeFlow buildScale();
  MaybeFlow buildPool(PoolLayer::Kind kind);
  MaybeFlow buildAdaptivePool(ArgumentReader &reader);
  MaybeFlow buildGlobalPool(GlobalPoolLayer::Kind kind);
  MaybeFlow buildLrn();
  MaybeFlow buildDropout(bool wholeImage);
  MaybeFlow buildActivation(ActivationLayer::Kind kind);
  MaybeFlow buildUpsample();
  MaybeFlow buildReshape();
  /// The `shape` of reshape and expand.
  std::optional<Shape> readShape();
  MaybeFlow buildPad();
  MaybeFlow buildCrop();
  MaybeFlow buildSlice();
  MaybeFlow buildShuffle();
  MaybeFlow buildDepthSpace(bool toSpace);
  MaybeFlow addLayer(LayerKind kind, Shape output);
  MaybeFlow sameShape(LayerKind kind) { return addLayer(std::move(kind), inputShape()); }
  std::optional<ParameterId> addParameter(std::string_view suffix, Shape shape, Initializer init,
                                          bool isStatistic = false);
  /// `what` names it in messages.
  std::optional<ParameterId> makeParameter(std::string name, std::string_view what, Shape shape,
                                           Initializer init, bool isStatistic = false);
  /// A weight [fan_out, fan_in…], with @init where one stands.
  std::optional<ParameterId> addWeight(Shape shape, int64_t fanIn, int64_t fanOut);
  bool addAffine(int64_t channels, std::optional<ParameterId> &weight,
                 std::optional<ParameterId> &bias);
  bool requireImage();
  bool checkPositive(ArgumentReader &reader, std::string_view name, double value);
  /// E205 unless 0 <= value < 1.
  bool checkShare(ArgumentReader &reader, std::string_view name, double value);
  bool checkGroups(int64_t groups, std::string_view argument, int64_t outputs);
  Diagnostic &layerError(std::string_view code, std::string message);
  void noteInput(Diagnostic &diagnostic);
  const Shape &shapeOf(TensorId id) const { return net.tensors[id].shape; }
  const Shape &inputShape() const { return shapeOf(at.inputs[0]); }
  const Shape &windowInput() const { return at.read ? *at.read : inputShape(); }

  // Layers of gradients (SemaBackward.cpp, SemaAdjoint.cpp).
  const Tensor &tensor(size_t input) const { return net.tensors[at.inputs[input]]; }
  /// Whether a convolution, fc or prelu at hand has its weight from outside.
  bool hasWeight(LayerId id) const;
  bool checkKinds();
  bool isWholeFactor() const;
  MaybeFlow buildWholeJoin();
  MaybeFlow buildWithWeight();
  MaybeFlow buildConvWith(BackwardLayer layer);
  MaybeFlow buildDeconvWith(BackwardLayer layer);
  MaybeFlow buildBackward();
  /// E202 unless the weight has four sizes.
  bool checkFilter(std::string_view wanted);
  MaybeFlow buildFlip(BackwardLayer layer);
  MaybeFlow buildCorrelate(BackwardLayer layer);
  MaybeFlow buildOuter(BackwardLayer layer);
  MaybeFlow buildUnpool(BackwardLayer layer);
  MaybeFlow buildPoolAdjoint(BackwardLayer layer);
  MaybeFlow buildSumPool(BackwardLayer layer);
  MaybeFlow buildDownsample(BackwardLayer layer);
  MaybeFlow buildSum(BackwardLayer layer);
  MaybeFlow buildStatistic(BackwardLayer layer);
  MaybeFlow buildNormalize(BackwardLayer layer);
  MaybeFlow buildExpand(BackwardLayer layer);
  MaybeFlow buildElementwise(BackwardLayer layer);
  MaybeFlow buildMask(BackwardLayer layer);
  MaybeFlow buildOneHot(BackwardLayer layer);
  MaybeFlow buildLoss(BackwardLayer layer);
  /// E301 unless this many tensors flow in; `roles` names them.
  bool takeInputs(size_t count, std::string_view roles);
  /// E303 unless an input has this shape and no batch, or has one.
  bool checkInput(size_t input, std::string_view role, const Shape &shape, bool isWhole);
  /// E202 unless an input is a tensor of images; with `isImage`, [C, H, W].
  bool checkBatched(size_t input, bool isImage);
  MaybeFlow addBackward(BackwardLayer layer, Shape output, bool isWhole);

  // Joins (SemaJoin.cpp).
  MaybeFlow buildJoin(JoinLayer::Kind kind);
  MaybeFlow buildConcat();
  std::optional<Shape> broadcastShape() const;
  std::string shapesText(llvm::ArrayRef<TensorId> ids, std::string_view separator) const;
  Diagnostic &reportJoin(std::string_view code, std::string message);
  void proposeProjections(Diagnostic &diagnostic, bool keepsChannels);
  std::optional<std::string> projection(const Shape &from, const Shape &to,
                                        bool keepsChannels) const;
  std::optional<std::string> blockProjection(const Shape &from, const Shape &to) const;
  std::optional<std::string> cropping(const Shape &from, const Shape &to, bool keepsChannels) const;

  // Windows (SemaWindow.cpp, SemaFixes.cpp).
  struct WindowPlan {
    Window window;
    Shape spatial;
    std::array<int64_t, 2> overhang{0, 0};
  };
  std::optional<Window> readWindow(ArgumentReader &reader,
                                   std::optional<std::array<int64_t, 2>> defaultSize, bool isPool,
                                   bool &isSame);
  std::optional<WindowPlan> planWindow(ArgumentReader &reader,
                                       std::optional<std::array<int64_t, 2>> defaultSize,
                                       bool isPool);
  bool readPadding(ArgumentReader &reader, Window &window, bool &isSame);
  bool readEnds(ArgumentReader &reader, std::string_view name, Window &window);
  bool checkPoolPadding(const WindowPlan &plan);
  void reportWindow(const Window &window, size_t axis, const WindowSize &size, bool isPool);
  std::optional<Shape> planDeconv(ArgumentReader &reader, DeconvLayer &deconv,
                                  std::optional<std::array<int64_t, 2>> size = {});
  void reportDeconv(const DeconvLayer &deconv, size_t axis);
  void proposeFixes(Diagnostic &diagnostic, const Window &window, bool tooLarge, bool isPool);
  void proposeWindow(Diagnostic &diagnostic, const Window &window);
  void proposeInput(Diagnostic &diagnostic, const Window &window);
  Edit argumentEdit(std::string_view name, std::string_view value) const;

  /// The layer that is being built.
  struct CurrentLayer {
    const LayerSpec *spec = nullptr;
    const ast::NamedUnit *unit = nullptr;
    const Scope *scope = nullptr;
    SourceRange range;
    BoundArguments arguments;
    llvm::SmallVector<TensorId, 2> inputs;
    const ast::Unit *fork = nullptr;
    std::string name; ///< Basic1.conv1
    Rounding rounding = Rounding::Strict;
    std::optional<Shape> read; ///< what a window slides over, where that is not the input
  };

  SemaContext &context;
  Evaluator &evaluator;
  TypedNet &net;
  CurrentLayer at;
  Traits traits;
  const ast::Chain *walking = nullptr; ///< the chain whose term is looked at
  size_t walkingTerm = 0;
  std::deque<Instance> instances;              ///< the innermost is last
  std::vector<const BlockDefinition *> active; ///< blocks that are being expanded
  std::deque<SharedLayer> sharedLayers;
  std::string givenName;  ///< of the next layer or block: `layer f = …`
  bool isReusing = false; ///< inside of a further use of a shared layer
  bool isBroken = false;
  std::optional<uint32_t> groupStart; ///< of the groups that a chain without an input is in
  unsigned depth = 0;                 ///< of units
  llvm::DenseMap<TensorId, const ast::ShapeExpr *> inputDeclarations;
  llvm::StringMap<SourceRange> layerPlaces; ///< names of layers and blocks, by path
  llvm::StringMap<ParameterId> parameterIds;
  llvm::SetVector<const ast::BlockItem *> used;
  int64_t opCount = 0; ///< layers, and iterations without any
  int64_t parameterElements = 0;
  size_t nameBytes = 0; ///< of the names of layers
};

} // namespace cnnc

#endif // CNNC_FRONTEND_SEMAEXPAND_H

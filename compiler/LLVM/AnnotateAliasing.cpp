//===- AnnotateAliasing.cpp - Which buffers of one blob cannot overlap ----===//
//
// An alias scope for each view of params, state and workspace. Only views without
// a common byte are told apart: two buffers that share memory at different times
// are the same memory to LLVM, and must be.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"

namespace cnnc {
#define GEN_PASS_DEF_ANNOTATEALIASINGPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// Each view has a list of all others: memory grows with the square of their number.
constexpr size_t maxViews = 512;

/// Bytes of an argument.
struct View {
  int64_t argument, offset, bytes;

  bool overlaps(const View &other) const {
    return argument == other.argument && offset < other.offset + other.bytes &&
           other.offset < offset + bytes;
  }
  bool operator==(const View &other) const = default;
};

/// The argument of the function that an address is in, and the constant number of bytes that is
/// added to it first: the offset of the view. What comes later stays inside the view.
std::optional<std::pair<int64_t, int64_t>> baseAndOffset(Value address, Block *entry) {
  int64_t offset = 0;
  while (auto step = address.getDefiningOp<LLVM::GEPOp>()) {
    bool isByteOffset = step.getDynamicIndices().empty() && step.getElemType().isInteger(8) &&
                        step.getRawConstantIndices().size() == 1;
    offset = isByteOffset ? step.getRawConstantIndices()[0] : 0;
    address = step.getBase();
  }
  auto argument = dyn_cast<BlockArgument>(address);
  if (!argument || argument.getOwner() != entry)
    return std::nullopt;
  return std::pair<int64_t, int64_t>(argument.getArgNumber(), offset);
}

struct AnnotateAliasingPass final : cnnc::impl::AnnotateAliasingPassBase<AnnotateAliasingPass> {
  void runOnOperation() override {
    LLVM::LLVMFuncOp function = getOperation();
    auto listed = function->getAttrOfType<ArrayAttr>("cnn.views");
    function->removeAttr("cnn.views");
    if (!listed || function.isExternal())
      return;

    SmallVector<View> views;
    for (auto entry : listed.getAsRange<DenseI64ArrayAttr>()) {
      View view{entry[0], entry[1], entry[2]};
      if (!llvm::is_contained(views, view))
        views.push_back(view);
    }
    if (views.size() > maxViews)
      return;
    makeScopes(views);
    function.walk([&](LLVM::AliasAnalysisOpInterface op) { annotate(op, views, function); });
  }

private:
  void makeScopes(ArrayRef<View> views) {
    MLIRContext *context = &getContext();
    scopes.clear();
    others.clear();
    StringRef function = getOperation().getName();
    auto domain = LLVM::AliasScopeDomainAttr::get(context, StringAttr::get(context, function), {});
    for (size_t i = 0; i < views.size(); ++i) {
      auto id = StringAttr::get(context, function + ".view" + Twine(i));
      scopes.push_back(LLVM::AliasScopeAttr::get(context, id, domain, {}));
    }
    for (const View &view : views) {
      SmallVector<Attribute> disjoint;
      for (auto [other, scope] : llvm::zip(views, scopes))
        if (!view.overlaps(other))
          disjoint.push_back(scope);
      others.push_back(ArrayAttr::get(context, disjoint));
    }
  }

  void annotate(LLVM::AliasAnalysisOpInterface op, ArrayRef<View> views,
                LLVM::LLVMFuncOp function) {
    SmallVector<Value> addresses = op.getAccessedOperands();
    if (addresses.size() != 1) // a memcpy has two, and one list of scopes
      return;
    // Indices of bytes cannot be told from the offset of a view.
    for (Type type : llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()))
      if (getElementTypeOrSelf(type).isInteger(8))
        return;
    auto base = baseAndOffset(addresses[0], &function.getBody().front());
    if (!base)
      return;
    // Views of one offset differ in length at most: the access may be through any of them.
    SmallVector<Attribute> own;
    std::optional<size_t> longest;
    for (auto [index, view] : llvm::enumerate(views)) {
      if (view.argument != base->first || view.offset != base->second)
        continue;
      own.push_back(scopes[index]);
      if (!longest || view.bytes > views[*longest].bytes)
        longest = index;
    }
    if (!longest)
      return;
    op.setAliasScopes(ArrayAttr::get(&getContext(), own));
    op.setNoAliasScopes(others[*longest]);
  }

  SmallVector<LLVM::AliasScopeAttr> scopes;
  SmallVector<ArrayAttr> others; // by view: the scopes that share no byte with it
};

} // namespace

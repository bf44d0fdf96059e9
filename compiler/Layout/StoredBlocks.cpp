//===- StoredBlocks.cpp - Which variables are stored in blocks ------------===//
//
// A filter that all convolutions want packed in one way is stored so: nobody packs it in
// each call, and the optimizer updates it as it is. All functions of a module must agree,
// since they share the variables; so must what the optimizer keeps for the filter.
//
//===----------------------------------------------------------------------===//

#include "compiler/Layout/StoredBlocks.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace {

using Dims = SmallVector<int64_t>;

/// How the phase Lowering packs the filter of a convolution; empty if it does not.
Dims filterBlocks(cnn::Conv2DOp conv) {
  auto blocks = conv->getAttrOfType<DenseI64ArrayAttr>(cnn::kBlocksAttr);
  ArrayRef<int64_t> filter = cast<RankedTensorType>(conv.getFilter().getType()).getShape();
  if (!blocks)
    return {};
  int64_t groups = conv.getGroups();
  if (blocks.empty())
    return groups == 1 ? Dims{0} : Dims{};
  bool isDepthwise = groups > 1 && filter[0] == groups && filter[1] == 1;
  if (blocks.asArrayRef() != ArrayRef<int64_t>{1})
    return {};
  if (isDepthwise)
    return {0};
  // Where groups become one, their filter is spread first.
  bool endsWithGroups = filter[1] % cnn::kBlock == 0 && filter[0] / groups % cnn::kBlock == 0;
  return groups == 1 || endsWithGroups ? Dims{1, 0} : Dims{};
}

/// Whether an op updates a parameter, and its slots, element by element, and makes zeros of zeros:
/// 0 / (sqrt(0) + epsilon) is none without an epsilon.
bool updatesZerosToZeros(Operation *op) {
  if (isa<cnn::SgdOp, cnn::MomentumOp>(op))
    return true;
  if (auto adam = dyn_cast<cnn::AdamOp>(op))
    return !adam.getEpsilon().isZero();
  if (auto prop = dyn_cast<cnn::RmsPropOp>(op))
    return !prop.getEpsilon().isZero();
  if (auto prop = dyn_cast<cnn::RmsPropMomentumOp>(op))
    return !prop.getEpsilon().isZero();
  if (auto adagrad = dyn_cast<cnn::AdagradOp>(op))
    return !adagrad.getEpsilon().isZero();
  return false;
}

/// What is read of one variable in all functions.
struct Uses {
  std::optional<Dims> wanted;       ///< by the convolutions that read it as it is
  bool hasOthers = false;           ///< that want something else, or read it as a plain tensor
  SmallVector<Operation *> updates; ///< whose parameter it is
};

class Filters {
public:
  explicit Filters(ModuleOp module) {
    for (auto variable : module.getOps<cnn::VariableOp>())
      variables[variable.getSymName()] = variable;
    for (auto function : module.getOps<func::FuncOp>())
      for (BlockArgument argument : function.getArguments())
        if (StringRef name = nameOf(argument); !name.empty())
          for (OpOperand &use : argument.getUses())
            add(uses[name], use);
  }

  unsigned store() {
    unsigned stored = 0;
    for (auto &[name, use] : uses)
      if (use.wanted && !use.wanted->empty() && !use.hasOthers && canUpdate(use))
        stored += store(variables[name], use);
    return stored;
  }

private:
  /// The variable that an argument holds, or nothing.
  StringRef nameOf(Value value) const {
    auto argument = dyn_cast<BlockArgument>(value);
    auto function = argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : nullptr;
    if (!function)
      return "";
    unsigned i = argument.getArgNumber();
    auto role = function.getArgAttrOfType<StringAttr>(i, cnn::kRoleAttr);
    auto name = function.getArgAttrOfType<StringAttr>(i, cnn::kNameAttr);
    bool isVariable =
        role && name && role.getValue() == "variable" && variables.contains(name.getValue());
    return isVariable ? name.getValue() : "";
  }

  void add(Uses &uses, OpOperand &use) {
    Operation *op = use.getOwner();
    // Turned, a filter is moved in any case.
    if (isa<cnn::TransposeFilterOp>(op))
      return;
    auto conv = dyn_cast<cnn::Conv2DOp>(op);
    if (conv && use.get() == conv.getFilter() && use.get() != conv.getInput()) {
      Dims dims = filterBlocks(conv);
      uses.hasOthers |= dims != uses.wanted.value_or(dims);
      uses.wanted = dims;
    } else if (updatesZerosToZeros(op) && use.getOperandNumber() == 0) {
      uses.updates.push_back(op);
    } else {
      uses.hasOthers = true;
    }
  }

  /// The tensors of the parameter's shape that an update reads besides parameter and gradient.
  static SmallVector<Value> slotsOf(Operation *update) {
    SmallVector<Value> slots;
    for (Value operand : update->getOperands().drop_front(2))
      if (operand.getType() == update->getOperand(0).getType())
        slots.push_back(operand);
    return slots;
  }

  /// Whether all slots of the updates are variables that nobody else reads.
  bool canUpdate(const Uses &use) const {
    return llvm::all_of(use.updates, [&](Operation *update) {
      return llvm::all_of(slotsOf(update),
                          [&](Value slot) { return !nameOf(slot).empty() && slot.hasOneUse(); });
    });
  }

  unsigned store(cnn::VariableOp variable, const Uses &use) {
    variable.setBlocks(*use.wanted);
    unsigned stored = 1;
    for (Operation *update : use.updates) {
      setBlocks(update, *use.wanted);
      sumInBlocks(update->getOperand(1), *use.wanted);
      for (Value slot : slotsOf(update)) {
        variables[nameOf(slot)].setBlocks(*use.wanted);
        ++stored;
      }
    }
    return stored;
  }

  /// The sum of the gradients of layers that share a filter.
  static void sumInBlocks(Value gradient, ArrayRef<int64_t> dims) {
    auto sum = gradient.getDefiningOp<cnn::AddOp>();
    if (!sum || !sum->hasOneUse())
      return;
    setBlocks(sum, dims);
    for (Value operand : sum->getOperands())
      sumInBlocks(operand, dims);
  }

  static void setBlocks(Operation *op, ArrayRef<int64_t> dims) {
    op->setAttr(cnn::kBlocksAttr, DenseI64ArrayAttr::get(op->getContext(), dims));
  }

  llvm::StringMap<cnn::VariableOp> variables;
  llvm::MapVector<StringRef, Uses> uses;
};

} // namespace

unsigned cnnc::storeVariablesInBlocks(ModuleOp module) { return Filters(module).store(); }

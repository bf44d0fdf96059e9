//===- PackVariables.cpp - Variables as they are stored -------------------===//
//
// A variable with blocks comes packed and its new value goes packed. What happens to it in
// between has the same layout, so that FoldPacks removes the unpacking here with the packing
// there. It becomes part of the function's type: bufferization must see that an update
// writes the argument.
//
//===----------------------------------------------------------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace cnnc {
#define GEN_PASS_DEF_PACKVARIABLESPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

struct PackVariablesPass final : cnnc::impl::PackVariablesPassBase<PackVariablesPass> {
  void runOnOperation() override {
    llvm::StringMap<cnn::VariableOp> blocked;
    for (auto variable : getOperation().getOps<cnn::VariableOp>())
      if (variable.getBlocks())
        blocked[variable.getSymName()] = variable;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isDeclaration() || !function.getBody().hasOneBlock())
        continue;
      packArguments(function, blocked);
      packResults(function, blocked);
      Block &block = function.getBody().front();
      function.setType(FunctionType::get(&getContext(), block.getArgumentTypes(),
                                         block.getTerminator()->getOperandTypes()));
    }
  }

  using Variables = llvm::StringMap<cnn::VariableOp>;

  /// The variable that an argument or a result of `role` holds, if it has blocks.
  static cnn::VariableOp variableOf(const Variables &variables, StringRef wanted, StringAttr role,
                                    StringAttr name) {
    if (!role || !name || role.getValue() != wanted)
      return {};
    return variables.lookup(name.getValue());
  }

  void packArguments(func::FuncOp function, const Variables &variables) {
    OpBuilder builder(function.getBody());
    for (BlockArgument argument : function.getArguments()) {
      unsigned i = argument.getArgNumber();
      cnn::VariableOp variable = variableOf(
          variables, "variable", function.getArgAttrOfType<StringAttr>(i, cnn::kRoleAttr),
          function.getArgAttrOfType<StringAttr>(i, cnn::kNameAttr));
      if (!variable)
        continue;
      auto plain = cast<RankedTensorType>(variable.getType());
      argument.setType(variable.getStoredType());
      cnnc::LinalgBuilder b(builder, argument.getLoc());
      Value unpacked = b.unpack(argument, plain.getShape(), *variable.getBlocks());
      argument.replaceAllUsesExcept(unpacked, unpacked.getDefiningOp());
      ++packed;
    }
  }

  static void packResults(func::FuncOp function, const Variables &variables) {
    Operation *terminator = function.getBody().front().getTerminator();
    OpBuilder builder(terminator);
    for (OpOperand &result : terminator->getOpOperands()) {
      unsigned i = result.getOperandNumber();
      cnn::VariableOp variable = variableOf(
          variables, "update", function.getResultAttrOfType<StringAttr>(i, cnn::kRoleAttr),
          function.getResultAttrOfType<StringAttr>(i, cnn::kNameAttr));
      if (!variable)
        continue;
      cnnc::LinalgBuilder b(builder, result.get().getLoc());
      result.set(b.pack(result.get(), *variable.getBlocks()));
    }
  }
};

} // namespace

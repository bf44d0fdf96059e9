//===- OutlineKernels.cpp - One function for each loop nest ---------------===//
//
// All temporaries share the pointer of the workspace, where LLVM cannot tell them
// apart: it would neither keep sums in registers nor vectorize. As arguments of a
// function of its own they are different pointers, and can be promised not to
// overlap. Ops that differ in their addresses only share one function.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

namespace cnnc {
#define GEN_PASS_DEF_OUTLINEKERNELSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// The buffer that a value is a part of: an argument, or a view into a blob.
Value bufferOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    auto view = dyn_cast<ViewLikeOpInterface>(op);
    // A memref.view makes a buffer of its own out of a blob: the arena gives buffers
    // that are alive together different bytes.
    if (!view || isa<memref::ViewOp>(op))
      break;
    value = view.getViewSource();
  }
  return value;
}

/// Two views of one blob are one buffer if they start at the same byte.
bool isSameBuffer(Value a, Value b) {
  if (a == b)
    return true;
  auto first = a.getDefiningOp<memref::ViewOp>(), second = b.getDefiningOp<memref::ViewOp>();
  return first && second && first.getSource() == second.getSource() &&
         first.getByteShift() == second.getByteShift();
}

/// One op with what it reads from outside.
struct Kernel {
  Operation *op;
  SmallVector<Value> arguments;       ///< buffers and scalars
  SmallVector<Operation *> constants; ///< copied into the function

  explicit Kernel(Operation *op) : op(op) {
    llvm::SetVector<Value> used(op->operand_begin(), op->operand_end());
    getUsedValuesDefinedAbove(op->getRegions(), used);
    for (Value value : used) {
      Operation *definition = value.getDefiningOp();
      if (definition && definition->hasTrait<OpTrait::ConstantLike>())
        constants.push_back(definition);
      else
        arguments.push_back(value);
    }
  }

  /// Whether no other argument touches the bytes of argument `i`.
  bool isAlone(unsigned i) const {
    Value buffer = bufferOf(arguments[i]);
    for (auto [j, other] : llvm::enumerate(arguments))
      if (i != j && isa<MemRefType>(other.getType()) && isSameBuffer(buffer, bufferOf(other)))
        return false;
    return true;
  }
};

struct OutlineKernelsPass final : cnnc::impl::OutlineKernelsPassBase<OutlineKernelsPass> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](DestinationStyleOpInterface op) {
      if (op.hasPureBufferSemantics() && op->getParentOfType<func::FuncOp>().isPublic())
        ops.push_back(op);
    });
    for (Operation *op : ops)
      outline(Kernel(op));
  }

  void outline(Kernel kernel) {
    func::FuncOp function = createFunction(kernel);
    // The same text is the same kernel: only addresses differ.
    std::string text;
    llvm::raw_string_ostream stream(text);
    function.print(stream, OpPrintingFlags().useLocalScope());
    auto [found, isNew] = functions.try_emplace(text, function);
    if (isNew) {
      function.setName((Twine("kernel_") + Twine(functions.size() - 1)).str());
      ++kernels;
    } else {
      function.erase();
    }
    OpBuilder builder(kernel.op);
    func::CallOp::create(builder, kernel.op->getLoc(), found->second, kernel.arguments);
    kernel.op->erase();
    ++calls;
  }

  func::FuncOp createFunction(Kernel &kernel) {
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    Location loc = kernel.op->getLoc();
    SmallVector<Type> types =
        llvm::map_to_vector(kernel.arguments, [](Value v) { return v.getType(); });
    auto function =
        func::FuncOp::create(builder, loc, "kernel", builder.getFunctionType(types, {}));
    function.setPrivate();
    // Inlined, the buffers would be parts of one blob again.
    function->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToStart(body);
    IRMapping mapping;
    mapping.map(kernel.arguments, body->getArguments());
    for (Operation *constant : kernel.constants)
      builder.clone(*constant, mapping);
    builder.clone(*kernel.op, mapping);
    func::ReturnOp::create(builder, loc);
    for (unsigned i = 0; i < types.size(); ++i)
      if (isa<MemRefType>(types[i]) && kernel.isAlone(i))
        function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
    return function;
  }

  llvm::StringMap<func::FuncOp> functions;
};

} // namespace

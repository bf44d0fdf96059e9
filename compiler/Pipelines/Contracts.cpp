//===- Contracts.cpp - What each phase promises to leave ------------------===//
//
// Pipelines.h says the contracts in words; here they are lists of dialects and ops.
//
//===----------------------------------------------------------------------===//

#include "compiler/Pipelines/Contracts.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace cnnc;

/// What may stand in a module after `phase`. Names with a dot are ops, others dialects.
static ArrayRef<StringRef> allowedAfter(Phase phase) {
  static constexpr StringRef graph[] = {"builtin", "func", "arith", "cnn"};
  static constexpr StringRef tensors[] = {"builtin", "func",   "arith",        "math",
                                          "linalg",  "tensor", "cnn.variable", "cnn.fill_border"};
  static constexpr StringRef kernels[] = {
      "builtin", "func",         "arith",           "math",       "linalg",
      "tensor",  "cnn.variable", "cnn.fill_border", "cnn.kernel", "cnn.yield"};
  static constexpr StringRef buffers[] = {
      "builtin", "func",         "arith",           "math",       "linalg",
      "memref",  "cnn.variable", "cnn.fill_border", "cnn.kernel", "cnn.yield"};
  static constexpr StringRef vectors[] = {
      "builtin", "func",         "arith",           "math",       "linalg",   "memref", "scf",
      "vector",  "cnn.variable", "cnn.fill_border", "cnn.kernel", "cnn.yield"};
  static constexpr StringRef machine[] = {"builtin", "llvm"};
  switch (phase) {
  case Phase::Frontend:
  case Phase::IRGen:
  case Phase::Autodiff:
  case Phase::Fusion:
  case Phase::Layout:
    return graph;
  case Phase::Lowering:
    return tensors;
  case Phase::Tiling:
    return kernels;
  case Phase::Memory:
    return buffers;
  case Phase::Vector:
    return vectors;
  case Phase::LLVM:
    return machine;
  }
  llvm_unreachable("all phases are handled");
}

static ArrayRef<StringRef> forbiddenAfter(Phase phase) {
  static constexpr StringRef gradient[] = {"cnn.gradient"};
  static constexpr StringRef moves[] = {"linalg.pack", "linalg.unpack", "tensor.pad",
                                        "cnn.gradient"};
  static constexpr StringRef heap[] = {"memref.alloc", "memref.alloca", "memref.dealloc"};
  if (phase == Phase::Memory || phase == Phase::Vector)
    return heap;
  if (phase == Phase::Lowering || phase == Phase::Tiling)
    return moves;
  return phase >= Phase::Autodiff ? ArrayRef<StringRef>(gradient) : ArrayRef<StringRef>();
}

namespace {

/// Not in Passes.td: it belongs to the pipelines and has no flag.
struct ContractCheck final : PassWrapper<ContractCheck, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ContractCheck)

  explicit ContractCheck(Phase phase) : phase(phase) {}

  void runOnOperation() override {
    if (failed(verify(getOperation())))
      return signalPassFailure();
    ArrayRef<StringRef> allowed = allowedAfter(phase), forbidden = forbiddenAfter(phase);
    WalkResult result = getOperation()->walk([&](Operation *op) {
      StringRef name = op->getName().getStringRef();
      bool fits = (llvm::is_contained(allowed, name) ||
                   llvm::is_contained(allowed, op->getName().getDialectNamespace())) &&
                  !llvm::is_contained(forbidden, name);
      if (fits)
        return WalkResult::advance();
      op->emitOpError() << "must not be left by the phase " << phaseName(phase);
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      signalPassFailure();
    markAllAnalysesPreserved();
  }

  Phase phase;
};

} // namespace

void cnnc::addContractCheck(OpPassManager &passes, Phase phase) {
  passes.addPass(std::make_unique<ContractCheck>(phase));
}

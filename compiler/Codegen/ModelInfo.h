//===- ModelInfo.h - What a network tells its caller ----------------------===//
//
// The module's attribute `cnn.model`, read into a description, and from this the
// tables of abi.h and the functions that every library has beside its network.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_CODEGEN_MODELINFO_H
#define CNNC_CODEGEN_MODELINFO_H

#include "cnnc/abi.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <array>
#include <string>
#include <vector>

namespace llvm {
class Module;
} // namespace llvm

namespace cnnc {

/// One row of a table; the meaning is that of cnnc_tensor_info.
struct TensorDescription {
  std::string name;
  cnnc_role role;
  cnnc_dtype dtype;
  std::vector<int64_t> shape;
  cnnc_init_kind init;
  double initValue;
  uint64_t offset, bytes;
  int64_t classes;
  uint64_t storedBytes;
  std::array<uint32_t, 2> block = {1, 1};
};

/// One call of a kernel in a network that is compiled with a profile.
struct CallDescription {
  std::string layer;     // of the op's location; empty where it has none
  std::string direction; // "data" or "weights" in the backward pass, else empty
  std::string kernel;    // the function
  int64_t line;          // of the text; 0 where there is none
};

/// A network; the meaning is that of cnnc_model_info.
struct ModelDescription {
  std::string prefix; // of the public names
  uint32_t batch;
  std::vector<TensorDescription> inputs, targets, outputs, params, state;
  /// What `forward` and `gradient` write into further buffers after those of abi.h: values that a
  /// check asks for. Empty in what a user compiles.
  std::vector<TensorDescription> forwardProbes, gradientProbes;
  uint64_t paramsBytes, stateBytes, workspaceBytes, trainWorkspaceBytes;
  bool hasForward, hasTrainStep, hasGradient;
  /// Calls of kernels by their number, if the network announces them.
  std::vector<CallDescription> calls;

  /// Buffers that `gradient` writes before its probes: one a trained parameter and one a float
  /// input.
  size_t gradientCount() const;
  /// Of the inputs, targets and outputs of one call, which the caller holds.
  uint64_t dataBytes() const;
};

/// Reads `cnn.model`; fails where abi.h has no place for what it says.
llvm::Expected<ModelDescription> readModel(mlir::ModuleOp module);

/// The same description as a text, and read from it again.
std::string printModel(mlir::ModuleOp module);
llvm::Expected<ModelDescription> parseModel(llvm::StringRef text, mlir::MLIRContext &context);

/// Adds the tables, `<prefix>_info`, `_init`, `_load`, `_save`, `_set_parallel`, with a profile
/// `_set_probe`, and the functions of uniform signature that cnnc_model_info points to.
void emitModelInfo(llvm::Module &module, const ModelDescription &model);

} // namespace cnnc

#endif // CNNC_CODEGEN_MODELINFO_H

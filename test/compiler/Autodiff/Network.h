//===- Network.h - A function as a network that runs ------------------------===//
#ifndef CNNC_TEST_AUTODIFF_NETWORK_H
#define CNNC_TEST_AUTODIFF_NETWORK_H

#include "compiler/Codegen/JIT.h"
#include "test/compiler/Autodiff/Oracle.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <deque>

namespace cnnc::test {

std::unique_ptr<mlir::MLIRContext> makeContext();

/// An argument of the function, or numbers that a result is multiplied with.
struct Variable {
  std::string name;
  mlir::RankedTensorType type;
  Tensor data;
  bool isTrained = false; ///< has a gradient
  bool isZero = false;    ///< which is 0 everywhere
  bool isProbe = false;
  bool isPositive = false;
  std::optional<double> value;
  int64_t classes = 0;
};

/// A function f compiled by the reference pipeline, or by all phases, as the two entry points
///   forward   the results y of f, or the gradients of the sum of y * r
///   gradient  those of the sum of the outputs of forward, times probes
class Network {
public:
  static llvm::Expected<Network> compile(mlir::func::FuncOp function, bool second, bool optimized);

  std::vector<Tensor> forward();
  /// One tensor for each of trained().
  std::vector<Tensor> gradients();

  std::vector<Variable *> trained();
  /// What the outputs of forward are multiplied with.
  std::vector<Tensor> probes();
  const Variable &argument(unsigned i) const { return variables[i]; }
  void fillWithIntegers();

private:
  void addVariable(Variable variable);
  void declareArguments(mlir::func::FuncOp function);
  void declareProbes(llvm::ArrayRef<mlir::RankedTensorType> types, llvm::StringRef stem,
                     bool trained);
  /// The entry point `name`, whose results `body` builds from the values of all variables.
  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::OpBuilder &,
                                                                 mlir::ValueRange variables)>;
  void buildFunction(mlir::OpBuilder &builder, llvm::StringRef name, Body body);
  mlir::OwningOpRef<mlir::ModuleOp> buildModule(mlir::func::FuncOp function, bool second);
  void fill();
  std::vector<char> packParameters() const;

  std::deque<Variable> variables; ///< arguments, then probes
  size_t firstOutputProbe = 0;    ///< of `variables`
  std::vector<mlir::RankedTensorType> outputTypes;
  std::unique_ptr<LoadedNetwork> loaded;
};

} // namespace cnnc::test

#endif // CNNC_TEST_AUTODIFF_NETWORK_H

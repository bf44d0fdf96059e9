//===- CheckedCode.h - Compiled functions with memory to run on -------------===//
//
// What checks of gradients run: a network through all phases, loaded into this process,
// with memory for its parameters, inputs, targets, outputs and gradients.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_CHECKEDCODE_H
#define CNNC_TOOLS_CHECKEDCODE_H

#include "compiler/Codegen/JIT.h"
#include "compiler/Frontend/TypedAST.h"
#include "compiler/IRGen/IRGen.h"
#include "runtime/Buffer.h"

#include "mlir/IR/MLIRContext.h"
#include <functional>

namespace cnnc {

/// The numbers of one tensor, in memory that compiled code reads or writes.
struct NumberView {
  std::string name;
  cnnc_dtype type = CNNC_F32;
  size_t count = 0;
  void *data = nullptr;
  const cnnc_tensor_info *storage = nullptr; ///< of a parameter: where its elements are stored

  double at(size_t i) const;
  void set(size_t i, double value) const;
  void fill(double value) const;
  std::vector<double> copy() const;
  void assign(const std::vector<double> &values) const;

private:
  size_t placeOf(size_t i) const;
};

/// The sum of a[i] * b[i]. Exact where all products and sums are integers below 2^53.
double dot(const NumberView &a, const NumberView &b);

class CheckedCode {
public:
  static Result<CheckedCode> load(LoadedNetwork network);

  std::vector<NumberView> inputs, targets, parameters, outputs;
  /// Of the trained parameters, then of the inputs. Empty where nothing is differentiated.
  std::vector<NumberView> gradients;

  /// Computes `outputs`.
  void forward();
  /// Computes `gradients`; the value is the loss.
  double gradient();
  /// From now on `parameters` are those of `other`, which has the same, and each call takes them as
  /// they are then; `other` must not be destroyed. Both may store them in different ways.
  void followParameters(const CheckedCode &other);

private:
  explicit CheckedCode(LoadedNetwork network) : network(std::move(network)) {}
  const cnnc_model_info &info() const { return network.info(); }
  Status allocate();
  Status addViews(const cnnc_tensor_info *table, uint32_t count, std::vector<NumberView> &views);
  Result<Buffer *> addBuffer(uint64_t bytes);
  void takeParameters();

  LoadedNetwork network;
  std::vector<std::unique_ptr<Buffer>> buffers;
  void *params = nullptr;
  bool follows = false; ///< `parameters` are those of other code
  void *state = nullptr, *workspace = nullptr;
};

/// Compiles networks for checks.
class CheckCompiler {
public:
  struct Options {
    int64_t batch = 2;
    bool reference = false;
    ObjectCache *cache = nullptr; ///< of compiled code, or none
    /// Called on each module as IRGen has made it: tests make gradients wrong here.
    std::function<void(mlir::ModuleOp)> tamper;
  };

  CheckCompiler(const Sources &sources, Options options);
  ~CheckCompiler();

  /// An error is ours: the network has passed all checks of the frontend.
  Result<CheckedCode> compile(const TypedNet &net, IRGenOptions irgen);
  const Options &options() const { return settings; }

private:
  const Sources &sources;
  Options settings;
  std::unique_ptr<mlir::MLIRContext> context;
};

} // namespace cnnc

#endif // CNNC_TOOLS_CHECKEDCODE_H

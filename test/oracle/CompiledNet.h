//===- CompiledNet.h - A network through the compiler -----------------------===//
#ifndef CNNC_TEST_ORACLE_COMPILEDNET_H
#define CNNC_TEST_ORACLE_COMPILEDNET_H

#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/JIT.h"
#include "test/oracle/Interpreter.h"

#include "mlir/IR/MLIRContext.h"

namespace cnnc::oracle {

/// How a network is compiled.
struct Way {
  bool reference = false;       ///< plain loops; else all phases
  bool doublePrecision = false; ///< f64; else f32
  bool trainStep = false;       ///< step() and train()
  Effort effort = Effort::Full; ///< of LLVM
  bool forward = true;          ///< infer()
  bool gradient = true;         ///< gradients()
  /// Which layout the phase Layout has to take; if it is not free, of any number of channels.
  std::string layout = "auto";
  /// Kernels run by schedules that are drawn from this seed, not by those that are chosen.
  std::optional<uint64_t> schedules = std::nullopt;
};

struct CompiledGradients {
  double loss;
  std::vector<Array> parameters; ///< by ParameterId; empty where nothing is trained
  std::vector<Array> inputs;
};

class CompiledNet {
public:
  /// The error says what a phase has complained about.
  static llvm::Expected<CompiledNet> compile(mlir::MLIRContext &context, const TypedNet &net,
                                             const Sources &sources, Way way);

  /// The net's gradient as `cnnc grad` prints it.
  static llvm::Expected<std::string> printGradient(mlir::MLIRContext &context, const TypedNet &net,
                                                   const Sources &sources);

  std::vector<Array> infer(const NetData &data);
  CompiledGradients gradients(const NetData &data);
  /// The parameters after one step, by ParameterId.
  std::vector<Array> step(const NetData &data, float rate);
  /// Steps on one batch, from empty slots of the optimizer. Leaves the parameters in `data`;
  /// gives the loss before each step.
  std::vector<double> train(NetData &data, float rate, int64_t steps);

  uint64_t drawnSchedules = 0; ///< kernels that run by one

private:
  explicit CompiledNet(const TypedNet &net, LoadedNetwork loaded)
      : net(net), loaded(std::move(loaded)) {}

  const TypedNet &net;
  LoadedNetwork loaded;
};

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_COMPILEDNET_H

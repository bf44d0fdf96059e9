//===- Interpreter.h - A network by its formulas ----------------------------===//
//
// Runs a typed net in plain loops, in f64, forwards and backwards. It knows nothing of
// MLIR and shares no code with the phases behind the frontend: what compiled code gives
// is compared with this.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TEST_ORACLE_INTERPRETER_H
#define CNNC_TEST_ORACLE_INTERPRETER_H

#include "test/oracle/LayerRun.h"

namespace cnnc::oracle {

/// What a network computes with. Labels are numbers, too.
struct NetData {
  std::vector<Array> inputs, targets, parameters; ///< as the net lists them
  uint64_t seed = 0, step = 0;                    ///< of the state
};

class Interpreter {
public:
  /// Numbers up to `kinkDistance` apart count as near to a kink or a tie. The default is far
  /// above what f64 loses in a small net.
  Interpreter(const TypedNet &net, const NetData &data, double kinkDistance = 1e-7);

  /// The outputs, in inference mode.
  std::vector<Array> infer();
  /// One pass in training mode, there and back. Returns the loss.
  double train();

  // Of the last train().
  /// By ParameterId; those that are not trained have one, too.
  const std::vector<Array> &parameterGradients() const { return towardsParameters; }
  const Array &gradient(TensorId id) const { return gradients[id]; }
  /// The parameters with the running statistics as the pass has left them.
  const std::vector<Array> &statistics() const { return running; }
  bool wasNearKink() const { return kinks.any(); }
  /// The largest absolute value of any tensor, and of any gradient.
  double largestValue() const;
  double largestGradient() const;

  /// Whether f32 represents every value and every partial sum of the last infer() or
  /// train(), whatever the order of the additions: then each correct program gives the
  /// same bits. The second is about the gradients of train().
  bool isForwardExact();
  bool isBackwardExact();

private:
  LayerRun runOf(const Layer &layer, bool isTraining);
  LossRun lossRunOf(const LossTerm &term);
  void runForward(bool isTraining);
  bool areLossesExact();

  const TypedNet &net;
  const NetData &data;
  std::vector<Array> tensors, gradients; ///< by TensorId
  std::vector<Array> towardsParameters, running;
  std::vector<DropoutKey> dropouts; ///< by number of the layer
  Kinks kinks;
  bool ranTraining = false;
};

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_INTERPRETER_H

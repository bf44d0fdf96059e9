//===- NetChecker.h - Compiled code against the oracle ----------------------===//
#ifndef CNNC_TEST_ORACLE_NETCHECKER_H
#define CNNC_TEST_ORACLE_NETCHECKER_H

#include "test/oracle/CompiledNet.h"
#include "test/oracle/LayerWriter.h"

namespace cnnc::oracle {

/// What came out of one net.
struct Verdict {
  enum Kind {
    Equal,
    Refused,  ///< by the frontend
    Unusable, ///< no data were found that are exact, or away from kinks
    Wrong     ///< does not compile, or computes something else
  } kind;
  std::string reason;
};

/// Integer: f32, all pipelines and the oracle give the same numbers. Real: f64, with a
/// relative error of 1e-9.
class NetChecker {
public:
  /// What one check does beside the run through all phases.
  struct Options {
    bool reference = true;        ///< the reference pipeline, too
    Effort effort = Effort::Full; ///< of LLVM, after all phases; plain loops have no speed
    bool printed = true;          ///< the gradient as text, read and compiled
    std::string layout = "auto";  ///< see Way
    bool schedules = false;       ///< all phases with drawn schedules, too
  };

  /// With `isMisled` the oracle gets other inputs: then nets must fail.
  NetChecker(Numbers numbers, bool isMisled);
  ~NetChecker();
  /// The seed is of the data.
  Verdict check(const std::string &text, uint64_t seed, Options options);

  uint64_t drawnSchedules = 0; ///< kernels of all nets that have run by one

private:
  bool isUsable(Interpreter &oracle) const;
  Verdict checkNet(const TypedNet &net, const Sources &sources, uint64_t seed, Options options);
  std::optional<std::string> compareWith(Interpreter &oracle, CompiledNet &compiled,
                                         const TypedNet &net, const NetData &data);
  std::optional<std::string> comparePrinted(const TypedNet &net, const Sources &sources,
                                            NetData data);
  std::optional<std::string> compareStep(Interpreter &oracle, CompiledNet &compiled,
                                         const TypedNet &net, const NetData &data);
  std::optional<std::string> compare(const std::string &what, const Array &found,
                                     const Array &expected, double scale) const;

  bool isInteger, isMisled;
  std::unique_ptr<mlir::MLIRContext> context;
};

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_NETCHECKER_H

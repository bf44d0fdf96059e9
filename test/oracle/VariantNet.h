//===- VariantNet.h - The variants of a layer as one network ----------------===//
#ifndef CNNC_TEST_ORACLE_VARIANTNET_H
#define CNNC_TEST_ORACLE_VARIANTNET_H

#include "compiler/Frontend/Source.h"
#include "test/oracle/Interpreter.h"
#include "test/oracle/LayerVariants.h"

#include "llvm/Support/Error.h"

namespace cnnc::oracle {

/// Variants share nothing but the sum of their losses, so one compilation does for all. A layer
/// has the loss mse(output, target).
class VariantNet {
public:
  /// The error says what the frontend has complained about.
  static llvm::Expected<std::unique_ptr<VariantNet>> make(const VariantRow &row);

  const TypedNet &net() const { return *typed; }
  const Sources &sources() const { return *text; }

  /// The variant that an input, an output or a parameter belongs to; by index of the net.
  size_t variantOfInput(size_t index) const { return byTensor[typed->inputs[index]]; }
  size_t variantOfOutput(size_t index) const { return byTensor[typed->outputs[index]]; }
  size_t variantOfParameter(ParameterId id) const { return byParameter[id]; }

  /// Numbers that differences can be taken at: those of a variant are distinct, not near to 0,
  /// and so is what the net makes of them. An error if there are none.
  llvm::Expected<NetData> findData(double distance) const;

private:
  explicit VariantNet(const VariantRow &row) : row(row) {}
  void assignVariants();
  void fillInputs(NetData &data, uint64_t seed) const;

  const VariantRow &row;
  std::unique_ptr<Sources> text;
  std::optional<TypedNet> typed;
  std::vector<size_t> byTensor, byParameter;
};

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_VARIANTNET_H

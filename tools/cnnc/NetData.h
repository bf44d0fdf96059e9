//===- NetData.h - Random numbers for a network -----------------------------===//
#ifndef CNNC_TOOLS_NETDATA_H
#define CNNC_TOOLS_NETDATA_H

#include "cnnc/abi.h"
#include "compiler/Frontend/TypedAST.h"
#include "runtime/Safetensors.h"

namespace cnnc {

/// What a network is run on, in the order of its tables. Every number is a float, so that
/// single and double precision start from the same.
struct NetData {
  using Values = std::vector<float>;
  std::vector<Values> inputs, targets, parameters, state;
};

/// Numbers from -1 to 1 as inputs, from 0 to 1 or classes as targets; parameters as the text
/// draws them. What starts as a constant is moved from it by up to 1/2: bias 0, mean 0 and
/// factor 1 would hide a wrong sign, a wrong place, a factor that is missing.
NetData randomData(const TypedNet &net, int64_t batch, uint64_t seed);

/// The parameters of a file instead.
Status takeParameters(const cnnc_model_info &info, const SafetensorsFile &file, NetData &data);

/// The optimizer's state before the step: the counter somewhere, each slot positive and of the
/// size `sizes` of its parameter's gradient (by ParameterId). Slots of zeros would make Adam's
/// first step the gradient's sign, which rounding decides where the gradient is 0.
void fillState(const TypedNet &net, const cnnc_model_info &info, const std::vector<double> &sizes,
               uint64_t seed, NetData &data);

/// The parameter that a tensor of the state belongs to, from the slot's name
/// `<parameter>.<slot>`; nothing for a counter.
std::optional<ParameterId> parameterOfSlot(const TypedNet &net, std::string_view slot);

/// Writes numbers as `dtype`, and reads one.
void store(const NetData::Values &values, cnnc_dtype dtype, void *to);
double load(const void *from, cnnc_dtype dtype, size_t index);

} // namespace cnnc

#endif // CNNC_TOOLS_NETDATA_H

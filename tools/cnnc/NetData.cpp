//===- NetData.cpp - Random numbers for a network -------------------------===//

#include "tools/cnnc/NetData.h"
#include "runtime/Buffer.h"
#include "runtime/embedded/Storage.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

using namespace cnnc;

namespace {

class Dice {
public:
  explicit Dice(uint64_t seed) : engine(seed) {}

  /// From [0, 1), a multiple of 2^-24. Not the library's distributions: they differ between
  /// libraries, and a reported index should mean the same everywhere.
  float fraction() { return float(engine() >> (64 - floatDigits)) / float(1 << floatDigits); }
  float real() { return 2 * fraction() - 1; }
  /// Three uniform numbers have the variance 1 together, and no tail.
  float normal() { return real() + real() + real(); }
  int64_t below(int64_t end) { return int64_t(engine() % uint64_t(end)); }

private:
  static constexpr int floatDigits = 24;
  std::mt19937_64 engine;
};

size_t elementsOf(const Shape &shape, int64_t batch = 1) {
  return size_t(std::accumulate(shape.begin(), shape.end(), batch, std::multiplies<>()));
}

NetData::Values fill(size_t count, auto &&next) {
  NetData::Values values(count);
  std::generate(values.begin(), values.end(), next);
  return values;
}

NetData::Values draw(const Parameter &parameter, Dice &dice) {
  auto size = float(parameter.init.value);
  return fill(elementsOf(parameter.shape), [&] {
    switch (parameter.init.kind) {
    case Initializer::Constant:
      return size + dice.real() / 2;
    case Initializer::Uniform:
      return size * dice.real();
    case Initializer::Normal:
      return size * dice.normal();
    }
    return 0.0F;
  });
}

template <typename T> void storeAs(const NetData::Values &values, void *to) {
  std::copy(values.begin(), values.end(), static_cast<T *>(to));
}

} // namespace

NetData cnnc::randomData(const TypedNet &net, int64_t batch, uint64_t seed) {
  Dice dice(seed);
  NetData data;
  for (TensorId id : net.inputs)
    data.inputs.push_back(
        fill(elementsOf(net.tensors[id].shape, batch), [&] { return dice.real(); }));
  for (const Target &target : net.train ? net.train->targets : std::vector<Target>())
    data.targets.push_back(fill(elementsOf(target.shape, batch), [&] {
      return target.classes > 0 ? float(dice.below(target.classes)) : dice.fraction();
    }));
  for (const Parameter &parameter : net.parameters)
    data.parameters.push_back(draw(parameter, dice));
  return data;
}

Status cnnc::takeParameters(const cnnc_model_info &info, const SafetensorsFile &file,
                            NetData &data) {
  Result<Buffer> blob = Buffer::allocate(info.params_bytes);
  if (!blob)
    return blob.status();
  // A checkpoint carries the optimizer's state too, which is not what is checked.
  Status loaded = loadParameters(info, blob->data(), file, "state.");
  if (!loaded.ok())
    return loaded;
  for (uint32_t i = 0; i < info.param_count; ++i) {
    const cnnc_tensor_info &tensor = info.params[i];
    std::vector<char> elements(tensor.bytes);
    cnnc_fetch_tensor(&tensor, blob->data(), elements.data());
    size_t index = 0;
    for (float &value : data.parameters[i])
      value = float(load(elements.data(), tensor.dtype, index++));
  }
  return Status();
}

std::optional<ParameterId> cnnc::parameterOfSlot(const TypedNet &net, std::string_view slot) {
  std::string_view name = slot.substr(0, slot.rfind('.'));
  for (ParameterId id = 0; id < net.parameters.size(); ++id)
    if (name.size() < slot.size() && net.parameters[id].name == name)
      return id;
  return std::nullopt;
}

void cnnc::fillState(const TypedNet &net, const cnnc_model_info &info,
                     const std::vector<double> &sizes, uint64_t seed, NetData &data) {
  Dice dice(~seed);
  constexpr int64_t stepsDone = 3;
  data.state.clear();
  for (uint32_t i = 0; i < info.state_count; ++i) {
    const cnnc_tensor_info &tensor = info.state[i];
    std::optional<ParameterId> parameter = parameterOfSlot(net, tensor.name);
    if (!parameter) {
      data.state.push_back({float(stepsDone)});
      continue;
    }
    auto size = float(sizes[*parameter]);
    data.state.push_back(fill(elementsOf(net.parameters[*parameter].shape),
                              [&] { return size * (1 + dice.fraction()) / 2; }));
  }
}

void cnnc::store(const NetData::Values &values, cnnc_dtype dtype, void *to) {
  switch (dtype) {
  case CNNC_F32:
    return storeAs<float>(values, to);
  case CNNC_F64:
    return storeAs<double>(values, to);
  case CNNC_I32:
    return storeAs<int32_t>(values, to);
  case CNNC_I64:
    return storeAs<int64_t>(values, to);
  }
}

double cnnc::load(const void *from, cnnc_dtype dtype, size_t index) {
  switch (dtype) {
  case CNNC_F32:
    return static_cast<const float *>(from)[index];
  case CNNC_F64:
    return static_cast<const double *>(from)[index];
  case CNNC_I32:
    return static_cast<const int32_t *>(from)[index];
  case CNNC_I64:
    return double(static_cast<const int64_t *>(from)[index]);
  }
  return 0;
}

//===- convolutions.cpp - Convolutions and products of matrices -----------===//
//
// All three are sums of products output += weight * input. One walk over the products,
// from each input outwards, gives the layer and both of its derivatives.
//
//===----------------------------------------------------------------------===//

#include "test/oracle/LayerRun.h"

using namespace cnnc;
using namespace cnnc::oracle;

namespace {

/// Places of the three factors in their arrays.
struct Product {
  size_t output, weight, input;
};

} // namespace

/// The output position that input position `at` and tap `tap` of a convolution meet in,
/// or -1: y*S + k*D - Plo = i solved for y.
static int64_t convolved(const WindowAxis &axis, int64_t at, int64_t tap, int64_t outputs) {
  int64_t scaled = at + axis.padLow - tap * axis.dilation;
  if (scaled < 0 || scaled % axis.stride != 0)
    return -1;
  return scaled / axis.stride < outputs ? scaled / axis.stride : -1;
}

template <typename Visit>
static void forEachProduct(const ConvLayer &layer, LayerRun &run, Visit &&visit) {
  const Array &in = run.input(), &out = *run.output, &w = run.parameter(layer.weight);
  int64_t inGroup = in.size(1) / layer.groups, outGroup = out.size(1) / layer.groups;
  forEach(in, [&](int64_t n, int64_t c, int64_t iy, int64_t ix) {
    for (int64_t ky = 0; ky < w.size(2); ++ky)
      for (int64_t kx = 0; kx < w.size(3); ++kx) {
        int64_t y = convolved(layer.window[0], iy, ky, out.size(2));
        int64_t x = convolved(layer.window[1], ix, kx, out.size(3));
        if (y < 0 || x < 0)
          continue;
        int64_t group = c / inGroup;
        for (int64_t o = group * outGroup; o < (group + 1) * outGroup; ++o)
          visit(Product{out.offset(n, o, y, x), w.offset(o, c % inGroup, ky, kx),
                        in.offset(n, c, iy, ix)});
      }
  });
}

template <typename Visit>
static void forEachProduct(const DeconvLayer &layer, LayerRun &run, Visit &&visit) {
  const Array &in = run.input(), &out = *run.output, &w = run.parameter(layer.weight);
  int64_t inGroup = in.size(1) / layer.groups, outGroup = out.size(1) / layer.groups;
  const WindowAxis &along = layer.window[0], &across = layer.window[1];
  forEach(in, [&](int64_t n, int64_t c, int64_t iy, int64_t ix) {
    for (int64_t ky = 0; ky < w.size(2); ++ky)
      for (int64_t kx = 0; kx < w.size(3); ++kx) {
        int64_t y = iy * along.stride + ky * along.dilation - along.padLow;
        int64_t x = ix * across.stride + kx * across.dilation - across.padLow;
        if (y < 0 || y >= out.size(2) || x < 0 || x >= out.size(3))
          continue;
        for (int64_t o = 0; o < outGroup; ++o)
          visit(Product{out.offset(n, c / inGroup * outGroup + o, y, x), w.offset(c, o, ky, kx),
                        in.offset(n, c, iy, ix)});
      }
  });
}

template <typename Visit>
static void forEachProduct(const FcLayer &layer, LayerRun &run, Visit &&visit) {
  size_t images = size_t(run.input().size(0)), features = size_t(layer.features);
  size_t elements = run.input().values.size() / images;
  for (size_t n = 0; n < images; ++n)
    for (size_t i = 0; i < elements; ++i)
      for (size_t o = 0; o < features; ++o)
        visit(Product{n * features + o, o * elements + i, n * elements + i});
}

template <typename LayerType> static void sumProducts(const LayerType &layer, LayerRun &run) {
  if (layer.bias)
    forEach(*run.output, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
      run.output->at(n, c, y, x) = run.parameter(*layer.bias).values[size_t(c)];
    });
  const std::vector<double> &in = run.input().values, &w = run.parameter(layer.weight).values;
  forEachProduct(layer, run, [&](const Product &product) {
    run.output->values[product.output] += w[product.weight] * in[product.input];
  });
}

template <typename LayerType> static void spreadGradient(const LayerType &layer, LayerRun &run) {
  const Array &dy = *run.outputGradient;
  if (layer.bias)
    forEach(dy, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
      run.parameterGradient(*layer.bias).values[size_t(c)] += dy.at(n, c, y, x);
    });
  const std::vector<double> &in = run.input().values, &w = run.parameter(layer.weight).values;
  std::vector<double> &dx = run.inputGradients[0]->values;
  std::vector<double> &dw = run.parameterGradient(layer.weight).values;
  forEachProduct(layer, run, [&](const Product &product) {
    dx[product.input] += w[product.weight] * dy.values[product.output];
    dw[product.weight] += in[product.input] * dy.values[product.output];
  });
}

void oracle::forward(const ConvLayer &layer, LayerRun &run) { sumProducts(layer, run); }
void oracle::backward(const ConvLayer &layer, LayerRun &run) { spreadGradient(layer, run); }
void oracle::forward(const DeconvLayer &layer, LayerRun &run) { sumProducts(layer, run); }
void oracle::backward(const DeconvLayer &layer, LayerRun &run) { spreadGradient(layer, run); }
void oracle::forward(const FcLayer &layer, LayerRun &run) { sumProducts(layer, run); }
void oracle::backward(const FcLayer &layer, LayerRun &run) { spreadGradient(layer, run); }

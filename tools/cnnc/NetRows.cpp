//===- NetRows.cpp - A network as a person reads it -----------------------===//

#include "tools/cnnc/NetRows.h"
#include "tools/cnnc/KeptBytes.h"
#include "tools/cnnc/ReceptiveField.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

using namespace cnnc;

Cost &Cost::operator+=(const Cost &other) {
  trained += other.trained;
  frozen += other.frozen;
  macs = checkedAdd(macs, other.macs).value_or(INT64_MAX);
  kept += other.kept;
  return *this;
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// What @frozen keeps as it is. Running statistics are no parameters.
static int64_t frozenParameters(const TypedNet &net, const Layer &layer) {
  if (layer.isReuse)
    return 0;
  int64_t total = 0;
  for (ParameterId id : parametersOf(layer)) {
    const Parameter &parameter = net.parameters[id];
    if (!parameter.trainable && !parameter.isStatistic)
      total += *checkedElements(parameter.shape);
  }
  return total;
}

/// The first `depth` parts of a path, and whether there are more.
static std::pair<llvm::StringRef, bool> folded(llvm::StringRef path, std::optional<int64_t> depth) {
  size_t end = 0;
  for (int64_t part = 0; depth && part < *depth; ++part) {
    end = path.find('.', end + (part > 0));
    if (end == llvm::StringRef::npos)
      return {path, false};
  }
  return depth ? std::pair(path.take_front(end), true) : std::pair(path, false);
}

std::vector<NetRow> cnnc::netRows(const TypedNet &net, std::optional<int64_t> depth) {
  ReceptiveFields fields(net);
  std::vector<int64_t> kept = keptBytes(net);
  std::vector<NetRow> rows;
  std::set<llvm::StringRef> inRow; // a name that comes again starts the block's next use
  for (auto [layer, bytes] : llvm::zip_equal(net.layers, kept)) {
    auto [name, isBlock] = folded(layer.name, depth);
    bool goesOn = isBlock && !rows.empty() && rows.back().isBlock && rows.back().name == name &&
                  rows.back().isReuse == layer.isReuse && !inRow.contains(layer.name);
    if (!goesOn) {
      rows.emplace_back();
      rows.back().name = name.str();
      rows.back().isBlock = isBlock;
      rows.back().isReuse = layer.isReuse;
      inRow.clear();
    }
    inRow.insert(layer.name);
    NetRow &row = rows.back();
    row.layers.push_back(&layer);
    row.cost += {trainedParameters(net, layer), frozenParameters(net, layer),
                 multiplyAdds(net, layer), bytes};
    row.field = fields.of(layer.output);
  }
  return rows;
}

Cost cnnc::totalCost(const std::vector<NetRow> &rows) {
  Cost total;
  for (const NetRow &row : rows)
    total += row.cost;
  return total;
}

//===----------------------------------------------------------------------===//
// Texts
//===----------------------------------------------------------------------===//

std::string cnnc::grouped(int64_t number) {
  std::string digits = std::to_string(number);
  for (int64_t at = int64_t(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(at, ",");
  return digits;
}

std::string cnnc::layerCount(const NetRow &row) {
  return fmt::format("{} layer{}", row.layers.size(), row.layers.size() == 1 ? "" : "s");
}

const Window *cnnc::windowOf(const Layer &layer) {
  if (auto *conv = std::get_if<ConvLayer>(&layer.kind))
    return &conv->window;
  if (auto *deconv = std::get_if<DeconvLayer>(&layer.kind))
    return &deconv->window;
  if (auto *pool = std::get_if<PoolLayer>(&layer.kind))
    return &pool->window;
  return nullptr;
}

/// 2, or 2x1 where H and W differ.
static std::string both(int64_t h, int64_t w) {
  return h == w ? std::to_string(h) : fmt::format("{}x{}", h, w);
}

static std::string padText(const Window &window) {
  auto axis = [](const WindowAxis &axis) {
    return axis.padLow == axis.padHigh ? std::to_string(axis.padLow)
                                       : fmt::format("({},{})", axis.padLow, axis.padHigh);
  };
  std::string h = axis(window[0]), w = axis(window[1]);
  return h == w ? h : h + "x" + w;
}

static std::string slidingText(const Window &window) {
  auto [h, w] = window;
  std::string text = fmt::format("{}x{}", h.size, w.size);
  if (h.stride != 1 || w.stride != 1)
    text += "/" + both(h.stride, w.stride);
  if (std::string pad = padText(window); pad != "0")
    text += " pad " + pad;
  if (h.dilation != 1 || w.dilation != 1)
    text += " dilation " + both(h.dilation, w.dilation);
  return text;
}

std::string cnnc::windowText(const TypedNet &net, const Layer &layer) {
  std::string text = windowOf(layer) ? slidingText(*windowOf(layer)) : "";
  int64_t groups = 1;
  if (auto *conv = std::get_if<ConvLayer>(&layer.kind))
    groups = conv->groups;
  if (auto *deconv = std::get_if<DeconvLayer>(&layer.kind)) {
    groups = deconv->groups;
    if (auto [h, w] = deconv->outputPadding; h != 0 || w != 0)
      text += " outpad " + both(h, w);
  }
  // The keyword dwconv says that there are as many groups as channels.
  if (groups != 1 && groups == net.tensors[layer.inputs[0]].shape[0])
    text += layer.keyword == "dwconv" ? "" : " depthwise";
  else if (groups != 1)
    text += fmt::format(" groups {}", groups);
  if (auto *upsample = std::get_if<UpsampleLayer>(&layer.kind))
    text = fmt::format("x{}{}", upsample->factor, upsample->isBilinear ? " bilinear" : "");
  if (auto *lrn = std::get_if<LrnLayer>(&layer.kind))
    text = fmt::format("{} channels", lrn->size);
  if (auto *norm = std::get_if<GroupNormLayer>(&layer.kind); norm && norm->groups != 1)
    text = fmt::format("groups {}", norm->groups);
  if (auto *dropout = std::get_if<DropoutLayer>(&layer.kind))
    text = fmt::format("p {}", dropout->probability);
  return text;
}

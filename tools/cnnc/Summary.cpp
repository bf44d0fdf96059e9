//===- Summary.cpp - cnnc summary -----------------------------------------===//

#include "tools/cnnc/Verbs.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace cnnc;

namespace {

/// How far one output position sees, along one axis: it reads `size` input
/// positions; its neighbour's window starts `step` further.
struct Sight {
  int64_t size = 1, step = 1;
};
using Field = std::array<Sight, 2>;

/// The receptive field of every tensor (Araujo et al., "Computing Receptive Fields of
/// Convolutional Neural Networks", Distill 2019): size += (Fe - 1) * step, step *= S.
class ReceptiveFields {
public:
  explicit ReceptiveFields(const TypedNet &net) : net(net), fields(net.tensors.size()) {
    for (const Layer &layer : net.layers)
      fields[layer.output] = through(layer);
  }
  /// [h, w] of a tensor, at most the whole input.
  std::array<int64_t, 2> of(TensorId id) const { return {fields[id][0].size, fields[id][1].size}; }

private:
  Field through(const Layer &layer) const {
    Field field = fields[layer.inputs[0]];
    const Window *window = nullptr;
    if (auto *conv = std::get_if<ConvLayer>(&layer.kind))
      window = &conv->window;
    if (auto *pool = std::get_if<PoolLayer>(&layer.kind))
      window = &pool->window;
    for (unsigned axis : {0u, 1u}) {
      if (window) {
        field[axis].size += ((*window)[axis].effectiveSize() - 1) * field[axis].step;
        field[axis].step *= (*window)[axis].stride;
      }
      bool mixesAll = std::holds_alternative<FcLayer>(layer.kind);
      const Shape &input = net.tensors[net.inputs[0]].shape;
      int64_t whole = input.size() == 3 ? input[1 + axis] : 1;
      if (mixesAll || field[axis].size > whole)
        field[axis].size = whole;
    }
    return field;
  }

  const TypedNet &net;
  std::vector<Field> fields;
};

std::string shapeText(const Shape &shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

struct Totals {
  int64_t params = 0, macs = 0;
};

Totals totalsOf(const TypedNet &net) {
  Totals totals;
  for (const Layer &layer : net.layers) {
    totals.params += trainedParameters(net, layer);
    totals.macs = checkedAdd(totals.macs, multiplyAdds(net, layer)).value_or(INT64_MAX);
  }
  return totals;
}

void printTable(const TypedNet &net) {
  ReceptiveFields fields(net);
  size_t width = 5;
  for (const Layer &layer : net.layers)
    width = std::max(width, layer.name.size());
  llvm::outs() << net.name << '\n';
  auto row = [&](std::string_view layer, std::string_view output, std::string_view params,
                 std::string_view macs, std::string_view field) {
    llvm::outs() << fmt::format("  {:<{}}  {:<16} {:>13} {:>16} {:>12}\n", layer, width, output,
                                params, macs, field);
  };
  row("layer", "output", "parameters", "multiply-adds", "sees");
  for (TensorId id : net.inputs)
    row(net.tensors[id].name, shapeText(net.tensors[id].shape), "", "", "");
  for (const Layer &layer : net.layers) {
    int64_t params = trainedParameters(net, layer), macs = multiplyAdds(net, layer);
    auto [h, w] = fields.of(layer.output);
    row(layer.name, shapeText(net.tensors[layer.output].shape),
        params ? std::to_string(params) : "", macs ? std::to_string(macs) : "",
        fmt::format("{}x{}", h, w));
  }
  Totals totals = totalsOf(net);
  row("total", "", std::to_string(totals.params), std::to_string(totals.macs), "");
}

void printJson(const std::vector<TypedNet> &nets, const Sources &source) {
  llvm::json::OStream json(llvm::outs());
  auto place = [&](SourceRange range) {
    LineColumn at = source.lineColumn(range.begin);
    json.attribute("line", at.line);
    json.attribute("col", at.column);
  };
  auto netObject = [&](const TypedNet &net) {
    json.attribute("name", net.name);
    json.attributeArray("inputs", [&] {
      for (TensorId id : net.inputs)
        json.object([&] {
          json.attribute("name", net.tensors[id].name);
          json.attribute("shape", llvm::json::Array(net.tensors[id].shape));
        });
    });
    json.attributeArray("outputs", [&] {
      for (size_t i = 0; i < net.outputs.size(); ++i)
        json.object([&] {
          json.attribute("name", net.outputNames[i]);
          json.attribute("shape", llvm::json::Array(net.tensors[net.outputs[i]].shape));
        });
    });
    json.attributeArray("parameters", [&] {
      for (const Parameter &parameter : net.parameters)
        json.object([&] {
          json.attribute("name", parameter.name);
          json.attribute("shape", llvm::json::Array(parameter.shape));
          json.attribute("trainable", parameter.trainable);
          place(parameter.range);
        });
    });
    ReceptiveFields fields(net);
    json.attributeArray("layers", [&] {
      for (const Layer &layer : net.layers)
        json.object([&] {
          json.attribute("name", layer.name);
          json.attribute("kind", layer.keyword);
          place(layer.range);
          json.attribute("output", llvm::json::Array(net.tensors[layer.output].shape));
          json.attribute("params", trainedParameters(net, layer));
          json.attribute("macs", multiplyAdds(net, layer));
          json.attribute("receptive_field", llvm::json::Array(fields.of(layer.output)));
        });
    });
    json.attributeObject("totals", [&] {
      Totals totals = totalsOf(net);
      json.attribute("params", totals.params);
      json.attribute("macs", totals.macs);
    });
  };
  json.object([&] {
    json.attribute("schema", 1);
    json.attributeArray("nets", [&] {
      for (const TypedNet &net : nets)
        json.object([&] { netObject(net); });
    });
  });
  llvm::outs() << '\n';
}

} // namespace

int cnnc::summaryVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedFile> parsed = parseAllNets(arguments, exit);
  if (!parsed)
    return exit;
  if (arguments.has("--json"))
    printJson(parsed->nets, parsed->sources);
  else
    for (const TypedNet &net : parsed->nets)
      printTable(net);
  return 0;
}

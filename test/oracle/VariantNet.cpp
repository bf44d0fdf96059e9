//===- VariantNet.cpp - The variants of a layer as one network ------------===//

#include "test/oracle/VariantNet.h"

#include "compiler/Frontend/Diagnostics.h"
#include "compiler/Frontend/Frontend.h"
#include "test/oracle/Dice.h"
#include "test/oracle/RandomData.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace cnnc;
using namespace cnnc::oracle;

//===----------------------------------------------------------------------===//
// The text
//===----------------------------------------------------------------------===//

namespace {

/// `side | side -> call`.
struct VariantParts {
  llvm::SmallVector<llvm::StringRef> sides;
  llvm::StringRef call;

  explicit VariantParts(llvm::StringRef variant) {
    auto [left, right] = variant.split("->");
    call = right.trim();
    left.split(sides, '|');
    for (llvm::StringRef &side : sides)
      side = side.trim();
  }
};

/// Writes the net; the targets of layers need the sizes of their outputs.
class VariantWriter {
public:
  explicit VariantWriter(const VariantRow &row) : row(row) {}

  std::string writeNet() {
    for (size_t i = 0; i < row.variants.size(); ++i) {
      VariantParts parts(row.variants[i]);
      row.isLoss ? addLoss(i, parts) : addLayer(i, parts);
    }
    return fmt::format("net Row {{\n{}  output {}\n}}\n", body, llvm::join(outputs, ", "));
  }

  std::string writeTraining(const TypedNet &net) {
    for (size_t i = 0; !row.isLoss && i < row.variants.size(); ++i) {
      targets += fmt::format("  target t{} : [{}]\n", i,
                             fmt::join(net.tensors[net.outputs[i]].shape, ", "));
      losses.push_back(fmt::format("mse(y{0}, t{0})", i));
    }
    return fmt::format("train Row {{\n{}  loss = {}\n  batch = {}\n}}\n", targets,
                       llvm::join(losses, " + "), row.batch);
  }

private:
  std::string addInput(size_t variant, size_t side, llvm::StringRef shape) {
    std::string name = fmt::format("a{}_{}", variant, side);
    body += fmt::format("  input {} : {}\n", name, shape.str());
    return name;
  }

  /// The output `name` = chain.
  void addOutput(std::string name, const std::string &chain) {
    body += fmt::format("  let {} = {}\n", name, chain);
    outputs.push_back(std::move(name));
  }

  void addLayer(size_t variant, const VariantParts &parts) {
    std::vector<std::string> names;
    for (size_t side = 0; side < parts.sides.size(); ++side)
      names.push_back(addInput(variant, side, parts.sides[side]));
    std::string from = names.size() == 1 ? names[0] : "(" + llvm::join(names, ", ") + ")";
    addOutput(fmt::format("y{}", variant), from + " -> " + parts.call.str());
  }

  void addLoss(size_t variant, const VariantParts &parts) {
    std::string prediction = fmt::format("y{}", variant), target = fmt::format("t{}", variant);
    addOutput(prediction, addInput(variant, 0, parts.sides[0]) + " -> id");
    llvm::StringRef other = parts.sides[1];
    if (other.consume_front("input"))
      addOutput(target, addInput(variant, 1, other.trim()) + " -> id");
    else
      targets += fmt::format("  target {} : {}\n", target, other.str());
    auto [loss, option] = parts.call.split('(');
    losses.push_back(fmt::format("{}({}, {}{}", loss.str(), prediction, target,
                                 option.empty() ? ")" : ", " + option.str()));
  }

  const VariantRow &row;
  std::string body, targets;
  std::vector<std::string> outputs, losses;
};

} // namespace

static llvm::Expected<TypedNet> readNet(Sources &sources) {
  DiagnosticEngine diagnostics(sources);
  std::optional<TypedNet> net = compileText(sources, FrontendOptions(), diagnostics);
  if (net && !diagnostics.hasErrors())
    return std::move(*net);
  std::string complaint;
  llvm::raw_string_ostream stream(complaint);
  diagnostics.renderText(stream, /*colour=*/false);
  return llvm::createStringError("the frontend refuses the net\n" + complaint);
}

llvm::Expected<std::unique_ptr<VariantNet>> VariantNet::make(const VariantRow &row) {
  VariantWriter writer(row);
  std::string body = writer.writeNet();
  Sources untrained("variants.cnn", body);
  llvm::Expected<TypedNet> sizes = readNet(untrained);
  if (!sizes)
    return sizes.takeError();
  std::unique_ptr<VariantNet> result(new VariantNet(row));
  result->text = std::make_unique<Sources>("variants.cnn", body + writer.writeTraining(*sizes));
  llvm::Expected<TypedNet> net = readNet(*result->text);
  if (!net)
    return net.takeError();
  result->typed = std::move(*net);
  result->assignVariants();
  return std::move(result);
}

void VariantNet::assignVariants() {
  byTensor.resize(typed->tensors.size());
  byParameter.resize(typed->parameters.size());
  for (TensorId input : typed->inputs) // `a<variant>_<side>`
    llvm::StringRef(typed->tensors[input].name)
        .drop_front()
        .split('_')
        .first.getAsInteger(10, byTensor[input]);
  for (const Layer &layer : typed->layers) {
    byTensor[layer.output] = byTensor[layer.inputs[0]];
    for (ParameterId id : parametersOf(layer))
      byParameter[id] = byTensor[layer.output];
  }
}

//===----------------------------------------------------------------------===//
// The data
//===----------------------------------------------------------------------===//

/// All numbers of one variant come from one grid, each with its own small shift: no two are near
/// to each other, and neither are differences of them to the numbers where losses bend.
void VariantNet::fillInputs(NetData &data, uint64_t seed) const {
  Dice dice(seed);
  for (size_t variant = 0; variant < row.variants.size(); ++variant) {
    std::vector<double *> places;
    for (size_t i = 0; i < data.inputs.size(); ++i)
      if (variantOfInput(i) == variant)
        for (double &value : data.inputs[i].values)
          places.push_back(&value);
    for (size_t i = places.size(); i > 1; --i)
      std::swap(places[i - 1], places[size_t(dice.number(0, int64_t(i) - 1))]);
    constexpr double gap = 0.1, shift = 0.4; // around 0; of the grid's spacing
    double spacing = 2 * (row.range - gap) / double(places.size());
    for (size_t i = 0; i < places.size(); ++i) {
      double grid = (double(i) + 0.5 + shift * dice.real()) * spacing - (row.range - gap);
      *places[i] = grid + (grid < 0 ? -gap : gap);
    }
  }
}

llvm::Expected<NetData> VariantNet::findData(double distance) const {
  constexpr uint64_t attempts = 500;
  for (uint64_t seed = 0; seed < attempts; ++seed) {
    NetData data = randomData(*typed, Numbers::Real, seed, /*attempt=*/0);
    fillInputs(data, seed);
    Interpreter oracle(*typed, data, distance);
    oracle.train();
    if (!oracle.wasNearKink())
      return data;
  }
  return llvm::createStringError("no data were found away from kinks and ties");
}

//===- Summary.cpp - cnnc summary -----------------------------------------===//

#include "compiler/Frontend/Value.h"
#include "tools/cnnc/NetRows.h"
#include "tools/cnnc/Verbs.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace cnnc;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

namespace {

/// Rows of cells; columns are as wide as their widest cell.
class Table {
public:
  static constexpr size_t columns = 7;
  using Cells = std::array<std::string, columns>;

  void add(Cells cells) { rows.push_back(std::move(cells)); }
  void print(llvm::raw_ostream &os) const;

private:
  /// Names, windows and sizes start at the left, numbers end at the right.
  static constexpr size_t textColumns = 3;
  std::vector<Cells> rows;
};

void Table::print(llvm::raw_ostream &os) const {
  std::array<size_t, columns> widths{};
  for (const Cells &cells : rows)
    for (size_t i = 0; i < columns; ++i)
      widths[i] = std::max(widths[i], cells[i].size());
  for (const Cells &cells : rows) {
    std::string line;
    for (size_t i = 0; i < columns; ++i)
      line += i < textColumns ? fmt::format("  {:<{}}", cells[i], widths[i])
                              : fmt::format("  {:>{}}", cells[i], widths[i]);
    os << llvm::StringRef(line).rtrim() << '\n';
  }
}

} // namespace

static std::string countOrNothing(int64_t number) { return number ? grouped(number) : ""; }

static Table::Cells rowCells(const TypedNet &net, const NetRow &row) {
  std::string what =
      row.isBlock ? fmt::format("{} layer{}", row.layers.size(), row.layers.size() == 1 ? "" : "s")
                  : windowText(net, row.last());
  auto [h, w] = row.field;
  // A shared layer's parameters are at its first use.
  std::string parameters = row.isReuse ? "0" : countOrNothing(row.cost.parameters());
  return {row.name + (row.isReuse ? " *" : ""),
          std::move(what),
          toText(net.tensors[row.last().output].shape),
          std::move(parameters),
          countOrNothing(row.cost.macs),
          fmt::format("{}x{}", h, w),
          countOrNothing(row.cost.kept)};
}

static void printTable(const TypedNet &net, std::optional<int64_t> depth) {
  std::vector<NetRow> rows = netRows(net, depth);
  Cost total = totalCost(rows);
  Table table;
  table.add({"layer", "window", "output", "parameters", "multiply-adds", "sees", "kept bytes"});
  for (TensorId id : net.inputs)
    table.add({net.tensors[id].name, "input", toText(net.tensors[id].shape)});
  bool hasReuse = false;
  for (const NetRow &row : rows) {
    table.add(rowCells(net, row));
    hasReuse |= row.isReuse;
  }
  for (size_t i = 0; i < net.outputs.size(); ++i)
    table.add({net.outputNames[i], "output", toText(net.tensors[net.outputs[i]].shape)});
  table.add(
      {"total", "", "", grouped(total.parameters()), grouped(total.macs), "", grouped(total.kept)});
  if (total.frozen)
    table.add({"of them frozen", "", "", grouped(total.frozen)});
  llvm::outs() << net.name << '\n';
  table.print(llvm::outs());
  if (hasReuse)
    llvm::outs() << "  * shared: its parameters are counted where it is first used\n";
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

namespace {

/// The form that programs outside read: a key may come, none may go or change.
class JsonWriter {
public:
  JsonWriter(json::OStream &json, const Sources &sources) : json(json), sources(sources) {}
  void write(const TypedNet &net);

private:
  void tensor(const std::string &name, const Shape &shape) {
    json.object([&] {
      json.attribute("name", name);
      json.attribute("shape", json::Array(shape));
    });
  }
  void place(SourceRange range) {
    const SourceFile &file = sources.fileOf(range.begin);
    LineColumn at = file.lineColumn(range.begin);
    // What stands in an imported text says so.
    if (&file != &sources.main())
      json.attribute("file", file.name());
    json.attribute("line", at.line);
    json.attribute("col", at.column);
  }
  void parameter(const Parameter &parameter);
  void layer(const TypedNet &net, const NetRow &row);
  void window(const Window *window);

  json::OStream &json;
  const Sources &sources;
};

void JsonWriter::parameter(const Parameter &parameter) {
  json.object([&] {
    json.attribute("name", parameter.name);
    json.attribute("shape", json::Array(parameter.shape));
    json.attribute("trainable", parameter.trainable);
    place(parameter.range);
  });
}

/// [h, w] of what a window has, or null.
void JsonWriter::window(const Window *window) {
  auto pair = [&](auto &&get) {
    return window ? json::Value(json::Array{get((*window)[0]), get((*window)[1])}) : nullptr;
  };
  json.attribute("kernel", pair([](const WindowAxis &axis) { return axis.size; }));
  json.attribute("stride", pair([](const WindowAxis &axis) { return axis.stride; }));
  json.attribute(
      "pad", pair([](const WindowAxis &axis) { return json::Array{axis.padLow, axis.padHigh}; }));
}

void JsonWriter::layer(const TypedNet &net, const NetRow &row) {
  const Layer &layer = row.last();
  json.object([&] {
    json.attribute("name", layer.name);
    json.attribute("kind", layer.keyword);
    place(layer.range);
    json.attribute("output", json::Array(net.tensors[layer.output].shape));
    window(windowOf(layer));
    json.attribute("params", row.cost.trained);
    json.attribute("macs", row.cost.macs);
    json.attribute("receptive_field", json::Array(row.field));
    json.attribute("kept_bytes", row.cost.kept);
  });
}

void JsonWriter::write(const TypedNet &net) {
  std::vector<NetRow> rows = netRows(net, std::nullopt);
  json.attribute("name", net.name);
  json.attributeArray("inputs", [&] {
    for (TensorId id : net.inputs)
      tensor(net.tensors[id].name, net.tensors[id].shape);
  });
  json.attributeArray("outputs", [&] {
    for (size_t i = 0; i < net.outputs.size(); ++i)
      tensor(net.outputNames[i], net.tensors[net.outputs[i]].shape);
  });
  json.attributeArray("parameters", [&] {
    for (const Parameter &each : net.parameters)
      parameter(each);
  });
  json.attributeArray("layers", [&] {
    for (const NetRow &row : rows)
      layer(net, row);
  });
  json.attributeObject("totals", [&] {
    Cost total = totalCost(rows);
    json.attribute("params", total.trained);
    json.attribute("frozen", total.frozen);
    json.attribute("macs", total.macs);
    json.attribute("kept_bytes", total.kept);
  });
}

} // namespace

static void printJson(const std::vector<TypedNet> &nets, const Sources &sources) {
  json::OStream json(llvm::outs());
  JsonWriter writer(json, sources);
  json.object([&] {
    json.attribute("schema", 1);
    json.attributeArray("nets", [&] {
      for (const TypedNet &net : nets)
        json.object([&] { writer.write(net); });
    });
  });
  llvm::outs() << '\n';
}

//===----------------------------------------------------------------------===//
// The verb
//===----------------------------------------------------------------------===//

/// What is asked for together but cannot be; empty if all is well.
static std::string_view conflict(const Arguments &arguments) {
  if (arguments.has("--json") && arguments.has("--graph"))
    return "expected one of --json and --graph, found both";
  if (arguments.has("--json") && arguments.has("--depth"))
    return "--depth folds what people read; --json always has all layers";
  if (arguments.has("-o") && !arguments.has("--graph"))
    return "-o FILE is where --graph writes";
  return {};
}

int cnnc::summaryVerb(const Arguments &arguments) {
  if (std::string_view message = conflict(arguments); !message.empty()) {
    llvm::errs() << "cnnc summary: " << message << '\n';
    return kUsage;
  }
  constexpr int64_t mostParts = 1000;
  std::optional<int64_t> depth;
  if (arguments.has("--depth") &&
      !(depth = integerFlag(arguments, "--depth", mostParts, 1, mostParts)))
    return kUsage;
  if (arguments.has("--graph"))
    return graphVerb(arguments, depth);
  int exit = 0;
  std::optional<ParsedFile> parsed = parseAllNets(arguments, exit);
  if (!parsed)
    return exit;
  if (arguments.has("--json"))
    printJson(parsed->nets, parsed->sources);
  else
    for (const TypedNet &net : parsed->nets)
      printTable(net, depth);
  return 0;
}

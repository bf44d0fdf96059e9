//===- Graph.cpp - A network as a picture ---------------------------------===//
//
// A box for each row of the summary, coloured by its family; arrows with the sizes of
// what flows; a frame around the layers of each block.

#include "tools/cnnc/Graph.h"

#include "compiler/Frontend/Value.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>
#include <map>
#include <set>

using namespace cnnc;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// How layers look
//===----------------------------------------------------------------------===//

namespace {
/// Light fill, stronger line of the same hue: dark text reads well on all of them.
struct Colours {
  std::string_view fill, line;
};
} // namespace

static constexpr Colours kWeighted{"#dbe9fb", "#5e8fd0"};
static constexpr Colours kDense{"#e6defa", "#8a73c9"};
static constexpr Colours kPool{"#d9f0dd", "#5fa86d"};
static constexpr Colours kNorm{"#fdf1cd", "#c9a53a"};
static constexpr Colours kActivation{"#fde3d6", "#d68a62"};
static constexpr Colours kJoin{"#e4e8ec", "#75808c"};
static constexpr Colours kShape{"#f4f4f2", "#a3a39c"};
static constexpr Colours kBlock{"#ffffff", "#5c6773"};

static Colours coloursOf(const Layer &layer) {
  return std::visit(
      llvm::makeVisitor(
          [](const ConvLayer &) { return kWeighted; },
          [](const DeconvLayer &) { return kWeighted; },
          [](const WeightLayer &) { return kWeighted; }, [](const FcLayer &) { return kDense; },
          [](const PoolLayer &) { return kPool; }, [](const GlobalPoolLayer &) { return kPool; },
          [](const AdaptivePoolLayer &) { return kPool; }, [](const LrnLayer &) { return kNorm; },
          [](const BatchNormLayer &) { return kNorm; },
          [](const GroupNormLayer &) { return kNorm; },
          [](const ActivationLayer &) { return kActivation; },
          [](const PReluLayer &) { return kActivation; },
          [](const SoftmaxLayer &) { return kActivation; }, [](const JoinLayer &) { return kJoin; },
          [](const auto &) { return kShape; }),
      layer.kind);
}

/// The keyword with its main argument: conv 64, fc 10.
static std::string headline(const Layer &layer) {
  int64_t channels = 0;
  if (auto *conv = std::get_if<ConvLayer>(&layer.kind); conv && layer.keyword != "dwconv")
    channels = conv->channels;
  if (auto *deconv = std::get_if<DeconvLayer>(&layer.kind))
    channels = deconv->channels;
  if (auto *fc = std::get_if<FcLayer>(&layer.kind))
    channels = fc->features;
  return channels ? fmt::format("{} {}", layer.keyword, channels) : layer.keyword;
}

std::string cnnc::escaped(StringRef text) {
  std::string result;
  llvm::raw_string_ostream stream(result);
  llvm::printHTMLEscaped(text, stream);
  return result;
}

//===----------------------------------------------------------------------===//
// The picture
//===----------------------------------------------------------------------===//

namespace {

class Drawing {
public:
  Drawing(const TypedNet &net, const std::vector<NetRow> &rows)
      : net(net), rows(rows), stream(graph.dot) {}
  Graph draw();

private:
  /// Layers and blocks whose paths begin alike.
  struct Frame {
    std::vector<size_t> rows;
    std::map<std::string, Frame> inner;
    size_t first = ~size_t(0); ///< the lowest row: frames are written in the net's order
  };

  void drawHead();
  void drawRow(size_t index, unsigned indent);
  void drawFrame(const std::string &path, const Frame &frame, unsigned indent);
  void drawTerminals();
  void drawEdges();
  void drawEdge(const std::string &from, const std::string &to, TensorId id);
  std::string details(const NetRow &row) const;
  static std::string rowNode(size_t index) { return fmt::format("n{}", index); }
  static std::string inputNode(TensorId id) { return fmt::format("i{}", id); }

  const TypedNet &net;
  const std::vector<NetRow> &rows;
  Graph graph;
  llvm::raw_string_ostream stream;
  std::map<TensorId, std::string> producers;
  std::map<std::string, std::string> names; ///< of nodes, for the titles of edges
  size_t frames = 0;
};

void Drawing::drawHead() {
  stream
      << "digraph net {\n"
         "  graph [rankdir=TB, nodesep=0.35, ranksep=0.32, pad=0.3, bgcolor=white,\n"
         "         fontname=\"Helvetica,Arial,sans-serif\", fontsize=11,\n"
         "         fontcolor=\"#5c6773\"]\n"
         "  node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica,Arial,sans-serif\",\n"
         "        fontsize=12, fontcolor=\"#1d2329\", margin=\"0.16,0.07\", height=0.3,\n"
         "        penwidth=1.2]\n"
         "  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=9, fontcolor=\"#5c6773\",\n"
         "        color=\"#8b96a1\", arrowsize=0.6, penwidth=1.1]\n";
  graph.titles["net"] = net.name;
}

std::string Drawing::details(const NetRow &row) const {
  std::string text = row.name;
  const Layer &last = row.last();
  text += row.isBlock ? ": " + layerCount(row) : fmt::format(": {}", headline(last));
  if (std::string window = windowText(net, last); !row.isBlock && !window.empty())
    text += " " + window;
  text += fmt::format("\noutput {}", toText(net.tensors[last.output].shape));
  if (row.isReuse)
    text += "\nshared: parameters of its first use";
  else if (row.cost.parameters())
    text += fmt::format("\n{} parameters", grouped(row.cost.parameters()));
  if (row.cost.macs)
    text += fmt::format("\n{} multiply-adds", grouped(row.cost.macs));
  return text + fmt::format("\nsees {}x{}", row.field[0], row.field[1]);
}

void Drawing::drawRow(size_t index, unsigned indent) {
  const NetRow &row = rows[index];
  std::string name = StringRef(row.name).rsplit('.').second.str();
  if (name.empty())
    name = row.name;
  std::string head = row.isBlock ? name : headline(row.last());
  std::string small = row.isBlock ? layerCount(row) : windowText(net, row.last());
  std::string label = fmt::format("<b>{}</b>", escaped(head));
  if (!small.empty())
    label += fmt::format("<br/><font point-size=\"10\">{}</font>", escaped(small));
  // What has parameters is looked up by its name.
  bool isNamed = row.cost.parameters() > 0 || row.isReuse;
  std::string note = row.isReuse ? "shared" : grouped(row.cost.parameters());
  if (isNamed)
    label += fmt::format("<br/><font point-size=\"9\" color=\"#5c6773\">{}{}</font>",
                         row.isBlock ? "" : escaped(name) + " · ", note);
  Colours colours = row.isBlock ? kBlock : coloursOf(row.last());
  std::string_view style = row.isReuse ? ", style=\"filled,rounded,dashed\"" : "";
  stream.indent(indent) << fmt::format("{} [label=<{}>, fillcolor=\"{}\", color=\"{}\"{}]\n",
                                       rowNode(index), label, colours.fill, colours.line, style);
  graph.titles[rowNode(index)] = details(row);
  names[rowNode(index)] = row.name;
}

void Drawing::drawFrame(const std::string &path, const Frame &frame, unsigned indent) {
  bool isBlock = !path.empty();
  if (isBlock) {
    std::string id = fmt::format("cluster_{}", frames++);
    std::string name = StringRef(path).rsplit('.').second.str();
    stream.indent(indent) << "subgraph " << id << " {\n";
    stream.indent(indent + 2) << fmt::format(
        "graph [label=<{}>, labeljust=l, style=\"rounded,filled\", fillcolor=\"#f8f9fb\", "
        "color=\"#b9c2cb\", margin=10]\n",
        escaped(name.empty() ? path : name));
    graph.titles[id] = path;
  }
  for (size_t index : frame.rows)
    drawRow(index, indent + 2);
  // In the order of the net: the layout follows it where it is free to choose.
  std::vector<std::pair<size_t, const std::string *>> order;
  for (const auto &[name, inner] : frame.inner)
    order.emplace_back(inner.first, &name);
  llvm::sort(order);
  for (auto [first, name] : order)
    drawFrame(isBlock ? path + "." + *name : *name, frame.inner.at(*name), indent + 2);
  if (isBlock)
    stream.indent(indent) << "}\n";
}

/// Inputs and outputs of the net.
void Drawing::drawTerminals() {
  auto draw = [&](const std::string &node, const std::string &name, TensorId id,
                  std::string_view what, std::string_view look) {
    std::string size = toText(net.tensors[id].shape);
    stream << fmt::format("  {} [label=<<b>{}</b><br/><font point-size=\"10\">{}</font>>, {}]\n",
                          node, escaped(name), size, look);
    graph.titles[node] = fmt::format("{} {} {}", what, name, size);
    names[node] = name;
  };
  for (TensorId id : net.inputs) {
    draw(inputNode(id), net.tensors[id].name, id, "input",
         "shape=ellipse, style=filled, margin=\"0.04,0.03\", fillcolor=\"#f2f7f4\", "
         "color=\"#2f7d5b\", penwidth=2");
    producers[id] = inputNode(id);
  }
  for (size_t i = 0; i < net.outputs.size(); ++i)
    draw(fmt::format("o{}", i), net.outputNames[i], net.outputs[i], "output",
         "shape=ellipse, style=filled, margin=\"0.04,0.03\", fillcolor=\"#fbf1f3\", "
         "color=\"#b03a55\", penwidth=2");
}

void Drawing::drawEdge(const std::string &from, const std::string &to, TensorId id) {
  std::string size = toText(net.tensors[id].shape);
  stream << fmt::format("  {} -> {} [label=\" {}\"]\n", from, to, size);
  graph.titles[from + "->" + to] = fmt::format("{} from {} to {}", size, names[from], names[to]);
}

void Drawing::drawEdges() {
  for (size_t i = 0; i < rows.size(); ++i)
    for (const Layer *layer : rows[i].layers)
      producers[layer->output] = rowNode(i);
  // A folded block takes a tensor once, however many of its layers read it.
  std::set<std::pair<TensorId, size_t>> drawn;
  for (size_t i = 0; i < rows.size(); ++i)
    for (const Layer *layer : rows[i].layers)
      for (TensorId id : layer->inputs)
        if (producers[id] != rowNode(i) && (!rows[i].isBlock || drawn.insert({id, i}).second))
          drawEdge(producers[id], rowNode(i), id);
  for (size_t i = 0; i < net.outputs.size(); ++i)
    drawEdge(producers[net.outputs[i]], fmt::format("o{}", i), net.outputs[i]);
}

Graph Drawing::draw() {
  drawHead();
  Frame root;
  for (size_t i = 0; i < rows.size(); ++i) {
    llvm::SmallVector<StringRef> parts;
    StringRef(rows[i].name).split(parts, '.');
    Frame *frame = &root;
    for (StringRef part : llvm::drop_end(parts)) {
      frame = &frame->inner[part.str()];
      frame->first = std::min(frame->first, i);
    }
    frame->rows.push_back(i);
  }
  drawFrame("", root, 0);
  drawTerminals();
  drawEdges();
  stream << "}\n";
  return std::move(graph);
}

} // namespace

Graph cnnc::drawGraph(const TypedNet &net, const std::vector<NetRow> &rows) {
  return Drawing(net, rows).draw();
}

//===- element-variants.cpp - Variants of activations, norms and joins ----===//

#include "test/oracle/LayerVariants.h"

#include <initializer_list>

using namespace cnnc::oracle;

using Texts = std::vector<std::string>;

/// Images and lists of numbers: single elements, odd sizes, more and less than a vector.
static const Texts &anyShapes() {
  static const Texts shapes{
      "[1]",       "[2]",       "[3]",       "[5]",       "[8]",       "[17]",
      "[1, 1, 1]", "[1, 1, 5]", "[1, 5, 1]", "[3, 1, 1]", "[2, 2, 2]", "[2, 3, 1]",
      "[4, 1, 2]", "[1, 2, 3]", "[2, 3, 4]", "[3, 2, 3]", "[5, 2, 2]", "[1, 4, 4]",
      "[2, 1, 7]", "[9, 1, 1]", "[1, 3, 3]", "[3, 3, 2]",
  };
  return shapes;
}

/// With at least two channels: a softmax of one is constant.
static const Texts &channelShapes() {
  static const Texts shapes{
      "[2]",       "[3]",       "[4]",       "[5]",       "[8]",       "[17]",
      "[2, 1, 1]", "[3, 1, 5]", "[2, 5, 1]", "[4, 1, 1]", "[2, 2, 2]", "[2, 3, 1]",
      "[4, 1, 2]", "[3, 2, 3]", "[2, 3, 4]", "[5, 2, 1]", "[5, 2, 2]", "[2, 4, 4]",
      "[2, 1, 7]", "[9, 1, 1]", "[6, 1, 3]", "[3, 3, 2]",
  };
  return shapes;
}

static const Texts &imageShapes() {
  static const Texts shapes{
      "[1, 1, 2]", "[1, 2, 1]", "[2, 1, 1]", "[1, 1, 5]", "[1, 5, 1]", "[3, 1, 1]", "[2, 2, 2]",
      "[2, 3, 1]", "[4, 1, 2]", "[1, 2, 3]", "[2, 3, 4]", "[3, 2, 3]", "[5, 2, 2]", "[1, 4, 4]",
      "[2, 1, 7]", "[9, 1, 1]", "[1, 3, 3]", "[3, 3, 2]", "[1, 7, 2]", "[6, 1, 3]", "[1, 1, 9]",
  };
  return shapes;
}

/// Each of the shapes with the layers in turn.
static Texts each(const Texts &shapes, const Texts &layers) {
  Texts variants;
  for (size_t i = 0; i < shapes.size(); ++i)
    variants.push_back(shapes[i] + " -> " + layers[i % layers.size()]);
  return variants;
}

/// Functions of one element. Those that bend at 3 or 6 get numbers on either side.
static std::vector<VariantRow> activationRows() {
  std::vector<VariantRow> rows;
  for (const char *name : {"relu", "elu", "sigmoid", "tanh", "softplus", "gelu", "silu"})
    rows.push_back({name, name, each(anyShapes(), {name}), false, 2, 3});
  for (const char *name : {"relu6", "hardsigmoid", "hardswish"})
    rows.push_back({name, name, each(anyShapes(), {name}), false, 4, 8});
  rows.push_back({"lrelu", "lrelu", each(anyShapes(), {"lrelu", "lrelu(0.3)", "lrelu(a=-0.5)"})});
  rows.push_back({"prelu", "prelu", each(anyShapes(), {"prelu"})});
  rows.push_back({"prelu(shared=false)", "prelu", each(anyShapes(), {"prelu(shared=false)"})});
  rows.push_back({"softmax", "softmax", each(channelShapes(), {"softmax"})});
  rows.push_back({"logsoftmax", "logsoftmax", each(channelShapes(), {"logsoftmax"})});
  rows.push_back({"dropout", "dropout",
                  each(anyShapes(), {"dropout(0.25)", "dropout(0.1)", "dropout(0.5)"}), false, 4});
  rows.push_back(
      {"droppath", "droppath", each(anyShapes(), {"droppath(0.25)", "droppath(0.1)"}), false, 8});
  rows.push_back({"scale(a, b)", "scale",
                  each(anyShapes(), {"scale(2)", "scale(-0.75, 0.5)", "scale(a=1, b=-3)"})});
  rows.push_back({"scale()", "scale", each(anyShapes(), {"scale()"})});
  rows.push_back({"id", "id", each(anyShapes(), {"id"})});
  rows.push_back({"gavgpool", "gavgpool", each(imageShapes(), {"gavgpool"})});
  rows.push_back({"gmaxpool", "gmaxpool", each(imageShapes(), {"gmaxpool"})});
  return rows;
}

static std::vector<VariantRow> normRows() {
  Texts lrn = each(imageShapes(), {"lrn", "lrn(3, alpha=0.5)", "lrn(2, alpha=0.8, k=1)",
                                   "lrn(1, alpha=0.5, beta=1)", "lrn(4, alpha=2, beta=0.5)",
                                   "lrn(7, alpha=1, beta=2, k=1.5)"});
  Texts bn = each(anyShapes(), {"bn", "bn(eps=0.1)", "bn(affine=false)", "bn(eps=1e-3)"});
  Texts frozen =
      each(anyShapes(), {"bn @frozen", "bn(eps=0.1) @frozen", "bn(affine=false) @frozen"});
  Texts layer =
      each(channelShapes(), {"layernorm", "layernorm(eps=0.1)", "layernorm(affine=false)"});
  Texts position = each(channelShapes(), {"layernorm(axis=c)", "layernorm(axis=c, eps=0.1)",
                                          "layernorm(axis=c, affine=false)"});
  Texts group{
      "[4] -> groupnorm(2)",
      "[6] -> groupnorm(2)",
      "[6] -> groupnorm(3, eps=0.1)",
      "[3] -> groupnorm(1)",
      "[8] -> groupnorm(2, affine=false)",
      "[9] -> groupnorm(3)",
      "[1, 2, 2] -> groupnorm(1)",
      "[1, 1, 5] -> groupnorm(1)",
      "[1, 5, 1] -> groupnorm(1, affine=false)",
      "[2, 2, 2] -> groupnorm(1)",
      "[2, 2, 2] -> groupnorm(2)", // each channel for itself
      "[2, 3, 1] -> groupnorm(2, eps=0.1)",
      "[3, 2, 3] -> groupnorm(3)",
      "[3, 1, 4] -> groupnorm(1)",
      "[4, 1, 1] -> groupnorm(2)",
      "[4, 2, 1] -> groupnorm(2)",
      "[4, 2, 2] -> groupnorm(4, affine=false)",
      "[4, 1, 3] -> groupnorm(1, eps=1e-3)",
      "[6, 1, 2] -> groupnorm(3)",
      "[6, 2, 2] -> groupnorm(2)",
      "[9, 1, 1] -> groupnorm(3)",
      "[5, 2, 1] -> groupnorm(5, eps=0.01)",
  };
  return {{"lrn", "lrn", lrn},
          {"bn", "bn", bn, false, 4},
          {"bn @frozen", "bn", frozen},
          {"groupnorm", "groupnorm", group},
          {"layernorm", "layernorm", layer},
          {"layernorm(axis=c)", "layernorm", position}};
}

/// Two or three tensors of the same size.
static Texts ofEqualSizes(const std::string &join, bool threeToo) {
  Texts variants;
  for (const std::string &shape : anyShapes()) {
    std::string third = threeToo && variants.size() % 3 == 2 ? " | " + shape : "";
    variants.push_back(shape + " | " + shape + third + " -> " + join);
  }
  return variants;
}

/// [C], [C, 1, 1] and [1, H, W] over [C, H, W], in either order.
static Texts broadcasts(const std::string &join) {
  static const char *const sides[] = {
      "[3, 2, 2] | [3]",
      "[3] | [3, 2, 2]",
      "[3, 2, 2] | [3, 1, 1]",
      "[3, 1, 1] | [3, 2, 2]",
      "[3, 2, 2] | [1, 2, 2]",
      "[1, 2, 2] | [3, 2, 2]",
      "[1, 2, 3] | [1]",
      "[1, 3, 2] | [1, 1, 1]",
      "[2, 1, 5] | [2]",
      "[2, 1, 5] | [1, 1, 5]",
      "[2, 5, 1] | [1, 5, 1]",
      "[4, 1, 2] | [4, 1, 1]",
      "[5, 2, 2] | [5]",
      "[1, 2, 2] | [5, 2, 2]",
      "[2, 4, 3] | [2, 1, 1]",
      "[2, 4, 3] | [1, 4, 3]",
      "[9, 1, 2] | [9]",
      "[9] | [9, 2, 1]",
      "[2, 1, 9] | [1, 1, 9]",
      "[1, 1, 9] | [2, 1, 9]",
      "[2, 2, 3] | [2] | [1, 2, 3]",
      "[2, 3, 2] | [2, 3, 2] | [2]",
  };
  Texts variants;
  for (const char *side : sides)
    variants.push_back(std::string(side) + " -> " + join);
  return variants;
}

static VariantRow concatRow() {
  static const char *const sides[] = {
      "[1] | [1]",
      "[3] | [2]",
      "[1] | [7]",
      "[2] | [3] | [4]",
      "[8] | [1]",
      "[5] | [5] | [1] | [2]",
      "[1, 1, 1] | [1, 1, 1]",
      "[2, 1, 1] | [3, 1, 1]",
      "[1, 2, 2] | [2, 2, 2]",
      "[3, 2, 2] | [1, 2, 2]",
      "[2, 3, 1] | [2, 3, 1]",
      "[2, 1, 3] | [1, 1, 3] | [3, 1, 3]",
      "[1, 4, 4] | [1, 4, 4]",
      "[4, 1, 2] | [1, 1, 2]",
      "[1, 5, 1] | [6, 5, 1]",
      "[2, 3, 2] | [3, 3, 2]",
      "[1, 1, 9] | [2, 1, 9]",
      "[5, 2, 1] | [1, 2, 1] | [2, 2, 1]",
      "[1, 3, 3] | [1, 3, 3] | [1, 3, 3]",
      "[7, 1, 1] | [9, 1, 1]",
      "[2, 2, 3] | [1, 2, 3] | [1, 2, 3] | [2, 2, 3]",
  };
  VariantRow row{"concat", "concat", {}};
  for (const char *side : sides)
    row.variants.push_back(std::string(side) + " -> concat");
  return row;
}

static std::vector<VariantRow> joinRows() {
  return {{"add", "add", ofEqualSizes("add", true)},
          {"add, broadcast", "add", broadcasts("add")},
          {"sub", "sub", ofEqualSizes("sub", false)},
          {"mul", "mul", ofEqualSizes("mul", true)},
          {"mul, broadcast", "mul", broadcasts("mul")},
          {"max", "max", ofEqualSizes("max", true)},
          concatRow()};
}

std::vector<VariantRow> cnnc::oracle::elementRows() {
  std::vector<VariantRow> rows = activationRows();
  for (auto more : {normRows(), joinRows()})
    rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

//===----------------------------------------------------------------------===//
// Losses
//===----------------------------------------------------------------------===//

/// Scores against classes: [K] against class(K), [K, h, w] against class(K, h, w).
static VariantRow classLossRow(const std::string &loss, const Texts &calls) {
  VariantRow row{loss, loss, {}, true, 3};
  for (const std::string &shape : channelShapes())
    row.variants.push_back(shape + " | class(" + shape.substr(1, shape.size() - 2) + ") -> " +
                           calls[row.variants.size() % calls.size()]);
  return row;
}

/// Numbers against a target or, with a gradient of their own, against another tensor.
static VariantRow numberLossRow(const std::string &loss, const Texts &calls) {
  VariantRow row{loss, loss, {}, true};
  for (const std::string &shape : anyShapes()) {
    std::string other = row.variants.size() % 2 ? " | input " : " | ";
    row.variants.push_back(shape + other + shape + " -> " +
                           calls[row.variants.size() % calls.size()]);
  }
  return row;
}

std::vector<VariantRow> cnnc::oracle::lossRows() {
  return {classLossRow("xent", {"xent", "xent(smooth=0.1)", "xent(smooth=0.5)"}),
          classLossRow("nll", {"nll"}),
          classLossRow("hinge", {"hinge"}),
          numberLossRow("bce", {"bce"}),
          numberLossRow("mse", {"mse"}),
          numberLossRow("mae", {"mae"}),
          numberLossRow("huber", {"huber", "huber(delta=0.4)", "huber(delta=2.5)"})};
}

std::vector<VariantRow> cnnc::oracle::variantRows() {
  std::vector<VariantRow> rows;
  for (auto more : {windowRows(), elementRows(), rearrangementRows(), lossRows()})
    rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

//===- window-variants.cpp - Variants of layers with windows --------------===//

#include "test/oracle/LayerVariants.h"

using namespace cnnc::oracle;

static VariantRow convRow() {
  return {"conv",
          "conv",
          {
              "[1, 1, 1] -> conv(1, 1)",
              "[3, 1, 1] -> conv(2, 1, bias=false)",
              "[2, 4, 3] -> conv(3, (4, 3))", // the window is the image
              "[2, 3, 5] -> conv(2, 3)",
              "[1, 4, 4] -> conv(2, 2, bias=false)",
              "[2, 5, 4] -> conv(3, 3, pad=1)",
              "[2, 4, 5] -> conv(2, 2, pad=same)",
              "[2, 5, 5] -> conv(2, 3, stride=2)",
              "[2, 5, 4] -> conv(2, 3, stride=2, pad=same)",
              "[1, 7, 4] -> conv(2, 2, stride=(3, 2), round=floor)",
              "[2, 4, 5] -> conv(2, 1, stride=2, round=floor)", // positions that no window reads
              "[1, 7, 7] -> conv(2, 2, stride=5)",
              "[2, 5, 6] -> conv(2, (1, 3), stride=(2, 1), pad=(0, 1))",
              "[2, 3, 3] -> conv(2, 3, pad=((0, 2), (1, 0)))",
              "[1, 1, 1] -> conv(2, 3, pad=1)", // one position and padding around it
              "[1, 2, 2] -> conv(1, 3, pad=3)", // windows of padding alone
              "[1, 6, 5] -> conv(2, 2, dilation=2)",
              "[2, 7, 5] -> conv(1, (3, 2), dilation=(3, 2))",
              "[1, 7, 6] -> conv(2, 3, stride=2, dilation=2, pad=2, round=floor)",
              "[4, 3, 3] -> conv(2, 2, groups=2)",
              "[4, 3, 3] -> conv(4, 2, groups=4)",
              "[3, 4, 3] -> conv(6, 2, groups=3, stride=2, round=floor)",
              "[6, 3, 3] -> conv(3, 3, groups=3, pad=1, bias=false)",
              "[4, 5, 5] -> conv(2, 2, groups=2, dilation=3, pad=1)",
              "[5, 2, 2] -> conv(9, 2)", // odd numbers of channels
              "[1, 1, 9] -> conv(17, (1, 8))",
          }};
}

static VariantRow depthwiseRow() {
  return {"dwconv",
          "dwconv",
          {
              "[1, 1, 1] -> dwconv(1)",
              "[3, 1, 1] -> dwconv(1, bias=false)",
              "[2, 4, 3] -> dwconv((4, 3))",
              "[1, 3, 5] -> dwconv(3)",
              "[3, 4, 4] -> dwconv(2)",
              "[2, 5, 4] -> dwconv(3, pad=1)",
              "[2, 4, 5] -> dwconv(2, pad=same)",
              "[2, 5, 5] -> dwconv(3, stride=2)",
              "[3, 5, 4] -> dwconv(3, stride=2, pad=same)",
              "[2, 7, 4] -> dwconv(2, stride=(3, 2), round=floor)",
              "[2, 4, 5] -> dwconv(1, stride=2, round=floor)",
              "[1, 7, 7] -> dwconv(2, stride=5)",
              "[2, 3, 3] -> dwconv(3, pad=((0, 2), (1, 0)))",
              "[4, 1, 1] -> dwconv(3, pad=1)",
              "[1, 2, 2] -> dwconv(3, pad=3)",
              "[2, 6, 5] -> dwconv(2, dilation=2)",
              "[2, 7, 5] -> dwconv((3, 2), dilation=(3, 2))",
              "[2, 7, 6] -> dwconv(3, stride=2, dilation=2, pad=2, round=floor)",
              "[2, 3, 3] -> dwconv(2, mult=2)",
              "[3, 3, 4] -> dwconv(2, mult=3, bias=false)",
              "[2, 5, 5] -> dwconv(3, mult=2, stride=2, pad=1)",
              "[9, 2, 2] -> dwconv(2)",
              "[1, 1, 9] -> dwconv((1, 2), mult=5)",
          }};
}

static VariantRow deconvRow() {
  return {"deconv",
          "deconv",
          {
              "[1, 1, 1] -> deconv(1, 1)",
              "[3, 1, 1] -> deconv(2, 1, bias=false)",
              "[2, 1, 1] -> deconv(2, (4, 3))",
              "[2, 3, 4] -> deconv(2, 3)",
              "[1, 3, 3] -> deconv(2, 2, bias=false)",
              "[2, 4, 3] -> deconv(2, 3, pad=1)",
              "[2, 3, 3] -> deconv(2, 2, stride=2)",
              "[2, 2, 3] -> deconv(2, 3, stride=2, pad=1, outpad=1)",
              "[2, 3, 2] -> deconv(2, 3, stride=2, pad=same)",
              "[1, 2, 3] -> deconv(2, 2, stride=3)", // positions that no window reaches
              "[2, 2, 2] -> deconv(2, 1, stride=2)",
              "[1, 3, 2] -> deconv(2, (2, 3), stride=(2, 3))",
              "[1, 2, 2] -> deconv(2, (3, 2), stride=(3, 2), outpad=(2, 1))",
              "[2, 3, 3] -> deconv(2, 3, pad=((0, 2), (1, 0)))",
              "[1, 3, 3] -> deconv(2, 2, dilation=2)",
              "[2, 2, 3] -> deconv(1, (3, 2), dilation=(2, 3))",
              "[1, 3, 2] -> deconv(2, 3, stride=2, dilation=2, pad=2)",
              "[4, 2, 2] -> deconv(2, 2, groups=2)",
              "[4, 2, 3] -> deconv(4, 2, groups=4)",
              "[3, 2, 2] -> deconv(6, 3, groups=3, stride=2, pad=1)",
              "[6, 2, 2] -> deconv(3, 2, groups=3, bias=false)",
              "[2, 3, 3] -> deconv(2, 3, pad=2)", // more padding than half the window
              "[5, 2, 1] -> deconv(9, 2)",
          }};
}

static VariantRow fcRow() {
  return {"fc",
          "fc",
          {
              "[1] -> fc(1)",
              "[1] -> fc(7)",
              "[7] -> fc(1)",
              "[5] -> fc(3)",
              "[3] -> fc(5)",
              "[4] -> fc(4, bias=false)",
              "[1] -> fc(2, bias=false)",
              "[9] -> fc(2)",
              "[2] -> fc(9)",
              "[16] -> fc(4)",
              "[4] -> fc(16)",
              "[17] -> fc(3)",
              "[3] -> fc(17)",
              "[8] -> fc(8)",
              "[1, 1, 1] -> fc(1)",
              "[2, 3, 2] -> fc(3)",
              "[1, 4, 3] -> fc(2)",
              "[3, 1, 1] -> fc(4)",
              "[2, 2, 3] -> fc(1)",
              "[1, 1, 5] -> fc(5)",
              "[1, 7, 1] -> fc(2, bias=false)",
              "[3, 2, 2] -> fc(6)",
          }};
}

/// Windows of pooling layers of one keyword.
static std::vector<std::string> poolVariants(const std::string &pool) {
  static const char *const windows[][2] = {
      {"[1, 1, 1]", "1"},
      {"[3, 1, 1]", "3, stride=1, pad=1"},
      {"[2, 4, 3]", "(4, 3)"},
      {"[2, 4, 6]", "2"},
      {"[1, 6, 3]", "3"},
      {"[2, 5, 5]", "3, stride=2"},
      {"[2, 4, 5]", "2, stride=1"},
      {"[2, 5, 4]", "3, stride=1, pad=1"},
      {"[1, 5, 5]", "2, round=floor"},
      {"[1, 5, 5]", "2, round=ceil"},
      {"[2, 6, 5]", "3, stride=2, round=ceil"},
      {"[2, 7, 4]", "2, stride=(3, 2), round=floor"},
      {"[1, 4, 5]", "1, stride=2, round=floor"},
      {"[1, 7, 7]", "2, stride=5"},
      {"[2, 5, 6]", "(1, 3), stride=(2, 1)"},
      {"[2, 5, 4]", "2, pad=same"},
      {"[2, 4, 5]", "3, stride=1, pad=same"},
      {"[1, 4, 4]", "3, stride=2, pad=((0, 1), (1, 0))"},
      {"[1, 3, 3]", "2, stride=1, pad=1"},
      {"[1, 6, 5]", "2, stride=1, dilation=2"},
      {"[2, 7, 5]", "(3, 2), stride=1, dilation=(3, 2)"},
      {"[1, 7, 6]", "3, stride=2, dilation=2, pad=1, round=floor"},
      {"[9, 2, 2]", "2"},
      {"[1, 1, 9]", "(1, 2), stride=1"},
  };
  std::vector<std::string> variants;
  for (auto [shape, arguments] : windows)
    variants.push_back(std::string(shape) + " -> " + pool + "(" + arguments + ")");
  return variants;
}

static VariantRow averagePoolRow() {
  VariantRow row{"avgpool", "avgpool", poolVariants("avgpool")};
  for (const char *more : {"[2, 4, 4] -> avgpool(2, pad=1, count_pad=true)",
                           "[1, 5, 4] -> avgpool(3, stride=2, pad=1, count_pad=true, round=ceil)",
                           "[1, 1, 1] -> avgpool(3, stride=1, pad=1, count_pad=true)"})
    row.variants.push_back(more);
  return row;
}

static VariantRow adaptivePoolRow() {
  return {"avgpool(out=)",
          "avgpool",
          {
              "[1, 1, 1] -> avgpool(out=1)",      "[3, 1, 1] -> avgpool(out=(2, 2))",
              "[2, 4, 4] -> avgpool(out=2)",      "[2, 4, 4] -> avgpool(out=(4, 4))",
              "[1, 5, 5] -> avgpool(out=(2, 3))", "[2, 5, 4] -> avgpool(out=(3, 3))",
              "[1, 7, 5] -> avgpool(out=(3, 2))", "[1, 7, 7] -> avgpool(out=(5, 4))",
              "[2, 3, 3] -> avgpool(out=(5, 4))", "[1, 2, 3] -> avgpool(out=(3, 2))",
              "[2, 6, 1] -> avgpool(out=(4, 1))", "[2, 1, 6] -> avgpool(out=(1, 4))",
              "[1, 4, 3] -> avgpool(out=(1, 3))", "[1, 3, 4] -> avgpool(out=(3, 1))",
              "[3, 2, 2] -> avgpool(out=(1, 1))", "[1, 8, 3] -> avgpool(out=(3, 1))",
              "[1, 3, 8] -> avgpool(out=(2, 3))", "[5, 3, 2] -> avgpool(out=(2, 2))",
              "[1, 1, 9] -> avgpool(out=(1, 4))", "[1, 9, 1] -> avgpool(out=(6, 1))",
              "[2, 5, 3] -> avgpool(out=(5, 2))", "[2, 2, 2] -> avgpool(out=(4, 4))",
          }};
}

std::vector<VariantRow> cnnc::oracle::windowRows() {
  return {convRow(),
          depthwiseRow(),
          deconvRow(),
          fcRow(),
          {"maxpool", "maxpool", poolVariants("maxpool")},
          averagePoolRow(),
          adaptivePoolRow(),
          {"l2pool", "l2pool", poolVariants("l2pool")}};
}

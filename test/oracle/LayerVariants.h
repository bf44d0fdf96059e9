//===- LayerVariants.h - Each layer in many sizes ---------------------------===//
#ifndef CNNC_TEST_ORACLE_LAYERVARIANTS_H
#define CNNC_TEST_ORACLE_LAYERVARIANTS_H

#include <cstdint>
#include <string>
#include <vector>

namespace cnnc::oracle {

/// One line of the table of gradients: a layer, a join or a loss, or one of its modes.
struct VariantRow {
  std::string label;
  std::string keyword; ///< of the layer or loss that it counts for
  /// `[2, 5, 4] -> conv(3, 2)`; several inputs are separated by `|`. Of a loss the last one
  /// before the arrow is a target, `class(3)` or `[2, 5]`; with `input` it has a gradient, too.
  std::vector<std::string> variants;
  bool isLoss = false;
  int64_t batch = 2;
  double range = 1.5; ///< of the inputs' numbers: those of both signs up to this
};

/// The rows of all layers (window-variants.cpp, element-variants.cpp) and losses.
std::vector<VariantRow> variantRows();

std::vector<VariantRow> windowRows();
std::vector<VariantRow> elementRows();
std::vector<VariantRow> rearrangementRows();
std::vector<VariantRow> lossRows();

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_LAYERVARIANTS_H

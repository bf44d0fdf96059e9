//===- LayerWriter.h - Random layers that fit -------------------------------===//
#ifndef CNNC_TEST_ORACLE_LAYERWRITER_H
#define CNNC_TEST_ORACLE_LAYERWRITER_H

#include "compiler/Frontend/TypedAST.h"
#include "test/oracle/Dice.h"

namespace cnnc::oracle {

/// What a net computes with. Integer: only layers that make sums and products of whole
/// numbers, or quotients by powers of two, so that f32 is exact.
enum class Numbers { Integer, Real };

/// Writes layers for the tensor of a given size.
class LayerWriter {
public:
  LayerWriter(Dice &dice, Numbers numbers) : dice(dice), isInteger(numbers == Numbers::Integer) {}

  /// A layer that takes `shape`, which becomes the size of its output.
  std::string write(Shape &shape);
  /// A layer or a chain of them that keeps the size.
  std::string writeKeeping(const Shape &shape);
  /// A layer without parameters of its own that works on each element.
  std::string writeActivation();

private:
  using Text = std::optional<std::string>;
  Text writeOne(Shape &shape);
  Text writeVectorLayer(Shape &shape);
  Text writeConv(Shape &shape);
  Text writeDepthwiseConv(Shape &shape);
  Text writeDeconv(Shape &shape);
  Text writePool(Shape &shape);
  Text writeAdaptivePool(Shape &shape);
  Text writeResolution(Shape &shape);
  Text writeEnds(Shape &shape);
  Text writeChannels(Shape &shape);
  Text writeReshape(Shape &shape);
  std::string writeScale();
  std::string writeNorm(const Shape &shape);
  std::string writeTraits();

  /// Random windows along both axes; nothing where none was found that fits.
  struct WindowText {
    std::string arguments; ///< stride, padding, dilation, rounding; each with a comma before
    std::string size;      ///< k
    Shape output;          ///< H and W
  };
  std::optional<WindowText> writeWindow(const Shape &shape, bool isPool, bool isExactMean);
  WindowAxis randomAxis(bool isPool, bool isExactMean);
  std::string pair(int64_t height, int64_t width);
  std::string padding(const Window &window);
  int64_t divisorOf(int64_t number);

  Dice &dice;
  bool isInteger;
};

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_LAYERWRITER_H

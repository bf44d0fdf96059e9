//===- BackwardLayer.h - The layers that gradients are made of --------------===//
//
// What `cnnc grad` writes beside ordinary layers: adjoints of layers, sums over the
// batch, layers whose weight comes from outside. They may stand in any net.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_BACKWARDLAYER_H
#define CNNC_FRONTEND_BACKWARDLAYER_H

#include "compiler/Frontend/LayerTable.h"
#include "dialect/ShapeInference.h"
#include <array>

namespace cnnc {

/// Two sliding windows, along H and along W, with `same` resolved.
using Window = std::array<WindowAxis, 2>;

/// Takes the tensors that docs/Language.md names, in its order. Which of the numbers count
/// depends on `id`.
struct BackwardLayer {
  /// What a sum, a mean or a variance runs over.
  enum Over {
    Batch,     ///< the batch and all positions: one number a channel, without a batch
    Channels,  ///< [C, H, W] to [1, H, W]
    Positions, ///< [C, H, W] to [C]
    All,       ///< everything: [1], without a batch
    Groups     ///< each of `groups` groups of channels with all positions: [groups]
  };

  LayerId id;
  Window window{};                            ///< of convolutions and pools
  std::array<int64_t, 2> outputPadding{0, 0}; ///< deconv
  std::array<int64_t, 2> overhang{0, 0};      ///< avgunpool: as PoolLayer's
  bool countPadding = false;                  ///< avgunpool
  bool isAdaptive = false;                    ///< avgunpool without a window
  int64_t groups = 1; ///< conv, deconv, flip, correlate, mean and variance over Groups
  Over over = Batch;  ///< sum, mean, variance
  /// The constant of fill, the exponent of pow, eps, the smoothing of xent, the delta of
  /// huber, the probability of mask, what onehot puts at the label.
  double value = 0;
  double other = 0;              ///< onehot: elsewhere
  int64_t before = 0, after = 0; ///< channel_sum
  int64_t factor = 1;            ///< downsample
  int64_t stream = 0, seed = 0;  ///< mask: as dropout numbers its random numbers
  bool wholeImage = false;       ///< mask: as droppath
};

} // namespace cnnc

#endif // CNNC_FRONTEND_BACKWARDLAYER_H

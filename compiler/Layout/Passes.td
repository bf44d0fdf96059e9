//===- Passes.td - Layout --------------------------------------*- tablegen -*-===//

#ifndef CNNC_LAYOUT_PASSES_TD
#define CNNC_LAYOUT_PASSES_TD

include "mlir/Pass/PassBase.td"

def AssignLayoutsPass : Pass<"cnn-assign-layouts", "::mlir::ModuleOp"> {
  let summary = "choose what of the images lies side by side in memory";
  let description = [{
    Row-major images end in a row of W positions: too short to fill vectors on small maps, and with
    windows never where a vector starts. Gives `cnn.blocks` to ops on images: the dimensions of the
    first operand that are divided into blocks of 16, which then lie innermost.

    | layout | `cnn.blocks` | an image in memory |
    |---|---|---|
    | channels | `[1]` | [N, C/16, H, W, 16] |
    | images | `[0]` | [N/16, C, H, W, 16] |
    | a convolution from few channels | `[]` | its input is plain, its output has blocks of channels |

    All functions of a module have the same layout: they share filters. It is the one in which the
    convolutions take the least time: blocks of channels multiply what fills the last block, too;
    blocks of images need a batch of whole blocks, and cost more where a block of maps exceeds
    `cache-bytes`. Follows the images from the functions' inputs through all ops.

    Legal for every op on images: it changes the order of loops and of elements in memory, not what
    is computed. The last block of channels is filled with zeros; there only ops get `[1]` that make
    zeros of zeros. Leaves alone: images of fewer than `fewest-channels`, unless a convolution has
    left them in blocks and the op computes no exponentials; convolutions from few channels to few whose
    rows fill a vector; groups that are no whole blocks (but
    those of one channel each), ops that run over several dimensions as one (`cnn.group_norm`),
    ops on parameters, matrix products. A convolution with an input dilation is never from too few to too
    few, and up to 16 of its groups become one, so that they fill blocks: the phase Lowering puts zeros
    between their channels.

    A variable that all functions read as the filter of convolutions which pack it in the same way gets
    `blocks`: it is stored packed, with what an optimizer keeps for it. The ops that update it get
    `cnn.blocks`, too. Legal if they make zeros of zeros: not without an epsilon where they divide by a
    root. A filter that is only read turned, by transposed convolutions, stays plain.

    ```mlir
    %y = cnn.conv2d %x, %w : tensor<1x32x28x28xf32>, tensor<64x32x5x5xf32>
    ==>
    %y = cnn.conv2d %x, %w {cnn.blocks = array<i64: 1>} : tensor<1x32x28x28xf32>, tensor<64x32x5x5xf32>
    ```
  }];
  let options = [
    Option<"layout", "layout", "std::string", "\"auto\"", "auto, channels, images or plain">,
    Option<"fewestChannels", "fewest-channels", "int64_t", "8",
           "images of fewer channels stay plain: they would waste more lanes than they fill">,
    Option<"cacheBytes", "cache-bytes", "int64_t", "524288", "the cache of one core that holds a block of maps">
  ];
  let dependentDialects = ["::mlir::cnn::CnnDialect"];
  let statistics = [Statistic<"assigned", "assigned", "ops with blocks">,
                    Statistic<"stored", "stored", "variables with blocks">];
}

#endif // CNNC_LAYOUT_PASSES_TD

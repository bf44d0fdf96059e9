// RUN: cnn-opt --cnn-assign-layouts --split-input-file %s | FileCheck %s
// RUN: cnn-opt --cnn-assign-layouts=layout=channels --split-input-file %s | FileCheck %s --check-prefix=CHANNELS
// RUN: cnn-opt --cnn-assign-layouts=layout=images --split-input-file %s | FileCheck %s --check-prefix=IMAGES
// RUN: cnn-opt --cnn-assign-layouts=layout=plain --split-input-file %s | FileCheck %s --check-prefix=PLAIN --implicit-check-not=cnn.blocks
// RUN: not cnn-opt --cnn-assign-layouts=layout=diagonal --split-input-file %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: layout must be auto, channels, images or plain, but is diagonal
// PLAIN: cnn.conv2d

// Few channels and whole blocks of images: every op on images, none on others.
// CHECK-LABEL: func.func @few_channels
// CHECK: cnn.conv2d {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.tanh {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.max_pool {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.reshape {{.*}} to [32, 294] :
// CHECK: cnn.matmul
// CHECK-NOT: blocks
// CHECK: cnn.filter_gradient {{.*}} {cnn.blocks = array<i64: 0>}
// With blocks of channels the images of one and of six channels stay plain.
// CHANNELS-LABEL: func.func @few_channels
// CHANNELS: cnn.conv2d {{.*}} {cnn.blocks = array<i64>}
// CHANNELS-NOT: cnn.tanh {{.*}}blocks
// CHANNELS: cnn.filter_gradient {{.*}} {cnn.blocks = array<i64>}
func.func @few_channels(%x: tensor<32x1x16x16xf32> {cnn.role = "input", cnn.name = "x"},
                        %w: tensor<6x1x3x3xf32> {cnn.role = "variable", cnn.name = "w"},
                        %f: tensor<10x294xf32> {cnn.role = "variable", cnn.name = "f"})
    -> (tensor<32x10xf32>, tensor<6x1x3x3xf32>) {
  %0 = cnn.conv2d %x, %w : tensor<32x1x16x16xf32>, tensor<6x1x3x3xf32>
  %1 = cnn.tanh %0 : tensor<32x6x14x14xf32>
  %2 = cnn.max_pool %1 kernel [2, 2] stride [2, 2] : tensor<32x6x14x14xf32>
  %3 = cnn.reshape %2 to [32, 294] : tensor<32x6x7x7xf32>
  %4 = cnn.matmul %3, %f transpose_b : tensor<32x294xf32>, tensor<10x294xf32>
  %5 = cnn.filter_gradient %x, %1 kernel [3, 3] : tensor<32x1x16x16xf32>, tensor<32x6x14x14xf32>
  return %4, %5 : tensor<32x10xf32>, tensor<6x1x3x3xf32>
}

// -----

// From few channels to few, where a row of the map fills a vector: plain, and all behind it.
// CHANNELS-LABEL: func.func @few_to_few
// CHANNELS-NOT: blocks
// CHANNELS: return
func.func @few_to_few(%x: tensor<2x1x20x20xf32> {cnn.role = "input", cnn.name = "x"},
                      %w: tensor<6x1x5x5xf32>) -> (tensor<2x6x16x16xf32>, tensor<6x1x5x5xf32>) {
  %0 = cnn.conv2d %x, %w : tensor<2x1x20x20xf32>, tensor<6x1x5x5xf32>
  %1 = cnn.relu %0 : tensor<2x6x16x16xf32>
  %2 = cnn.filter_gradient %x, %1 kernel [5, 5] : tensor<2x1x20x20xf32>, tensor<2x6x16x16xf32>
  return %1, %2 : tensor<2x6x16x16xf32>, tensor<6x1x5x5xf32>
}

// -----

// What a convolution has left in blocks stays there, few channels or not, up to the first op that
// computes exponentials; behind that, and from plain images, few channels are plain.
// CHANNELS-LABEL: func.func @few_channels_in_blocks
// CHANNELS-NOT: cnn.relu {{.*}}blocks
// CHANNELS: cnn.conv2d {{.*}} {cnn.blocks = array<i64>}
// CHANNELS: cnn.bias_add {{.*}} {cnn.blocks = array<i64: 1>}
// CHANNELS: cnn.relu {{.*}} {cnn.blocks = array<i64: 1>}
// CHANNELS: cnn.max_pool {{.*}} {cnn.blocks = array<i64: 1>}
// CHANNELS-NOT: cnn.tanh {{.*}}blocks
// CHANNELS-NOT: cnn.relu {{.*}}blocks
// CHANNELS: return
func.func @few_channels_in_blocks(%x: tensor<2x1x16x16xf32> {cnn.role = "input", cnn.name = "x"},
                                  %w: tensor<6x1x3x3xf32>, %b: tensor<6xf32>) -> tensor<2x6x7x7xf32> {
  %0 = cnn.relu %x : tensor<2x1x16x16xf32>
  %1 = cnn.conv2d %0, %w : tensor<2x1x16x16xf32>, tensor<6x1x3x3xf32>
  %2 = cnn.bias_add %1, %b : tensor<2x6x14x14xf32>, tensor<6xf32>
  %3 = cnn.relu %2 : tensor<2x6x14x14xf32>
  %4 = cnn.max_pool %3 kernel [2, 2] stride [2, 2] : tensor<2x6x14x14xf32>
  %5 = cnn.tanh %4 : tensor<2x6x7x7xf32>
  %6 = cnn.relu %5 : tensor<2x6x7x7xf32>
  return %6 : tensor<2x6x7x7xf32>
}

// -----

// 20 images are no whole blocks: channels, though the last block is not full.
// CHECK-LABEL: func.func @odd_batch
// CHECK: cnn.conv2d {{.*}} {cnn.blocks = array<i64>}
// CHECK: cnn.relu {{.*}} {cnn.blocks = array<i64: 1>}
// IMAGES-LABEL: func.func @odd_batch
// IMAGES-NOT: blocks
// IMAGES: return
func.func @odd_batch(%x: tensor<20x1x16x16xf32> {cnn.role = "input", cnn.name = "x"},
                     %w: tensor<12x1x3x3xf32>) -> tensor<20x12x14x14xf32> {
  %0 = cnn.conv2d %x, %w : tensor<20x1x16x16xf32>, tensor<12x1x3x3xf32>
  %1 = cnn.relu %0 : tensor<20x12x14x14xf32>
  return %1 : tensor<20x12x14x14xf32>
}

// -----

// A block of images would exceed the cache; 32 channels are whole blocks anyway.
// CHECK-LABEL: func.func @large_maps
// CHECK: cnn.conv2d {{.*}} {cnn.blocks = array<i64: 1>}
func.func @large_maps(%x: tensor<16x32x64x64xf32> {cnn.role = "input", cnn.name = "x"},
                      %w: tensor<32x32x3x3xf32>) -> tensor<16x32x62x62xf32> {
  %0 = cnn.conv2d %x, %w : tensor<16x32x64x64xf32>, tensor<32x32x3x3xf32>
  return %0 : tensor<16x32x62x62xf32>
}

// -----

// A block with a rest holds zeros: ops that make something else of zeros stay plain, and so does a
// sum with a number that all channels share. With one number a channel it keeps them.
// CHANNELS-LABEL: func.func @rest
// CHANNELS: cnn.conv2d {{.*}} {cnn.blocks = array<i64: 1>}
// CHANNELS-NOT: cnn.sigmoid {{.*}}blocks
// CHANNELS: cnn.gelu {{.*}} {cnn.blocks = array<i64: 1>}
// CHANNELS-NOT: cnn.add {{.*}}blocks
// CHANNELS: cnn.sub {{.*}} {cnn.blocks = array<i64: 1>}
// CHANNELS: cnn.scale {{.*}} factor 2.0{{.*}} {cnn.blocks = array<i64: 1>}
// CHANNELS-NOT: cnn.scale {{.*}}offset{{.*}}blocks
// CHANNELS: return
// IMAGES-LABEL: func.func @rest
// IMAGES: cnn.sigmoid {{.*}} {cnn.blocks = array<i64: 0>}
func.func @rest(%x: tensor<16x20x9x9xf32> {cnn.role = "input", cnn.name = "x"},
                %w: tensor<20x20x3x3xf32>, %s: tensor<f32>, %c: tensor<20xf32>) -> tensor<16x20x7x7xf32> {
  %0 = cnn.conv2d %x, %w : tensor<16x20x9x9xf32>, tensor<20x20x3x3xf32>
  %1 = cnn.sigmoid %0 : tensor<16x20x7x7xf32>
  %2 = cnn.gelu %1 : tensor<16x20x7x7xf32>
  %3 = cnn.broadcast %s dims [] to [16, 20, 7, 7] : tensor<f32>
  %4 = cnn.add %2, %3 : tensor<16x20x7x7xf32>
  %5 = cnn.broadcast %c dims [1] to [16, 20, 7, 7] : tensor<20xf32>
  %6 = cnn.sub %4, %5 : tensor<16x20x7x7xf32>
  %7 = cnn.scale %6 factor 2.0 : tensor<16x20x7x7xf32>
  %8 = cnn.scale %7 factor 2.0 offset 1.0 : tensor<16x20x7x7xf32>
  return %8 : tensor<16x20x7x7xf32>
}

// -----

// Groups of whole blocks and of one channel each have blocks, groups of eight channels none.
// CHANNELS-LABEL: func.func @groups
// CHANNELS: cnn.conv2d {{.*}} groups 2 {cnn.blocks = array<i64: 1>}
// CHANNELS: cnn.conv2d {{.*}} groups 32 {cnn.blocks = array<i64: 1>}
// CHANNELS-NOT: groups 4 {
// CHANNELS: return
func.func @groups(%x: tensor<1x32x9x9xf32> {cnn.role = "input", cnn.name = "x"}, %v: tensor<32x16x3x3xf32>,
                  %w: tensor<32x1x3x3xf32>, %z: tensor<32x8x3x3xf32>) -> tensor<1x32x3x3xf32> {
  %0 = cnn.conv2d %x, %v groups 2 : tensor<1x32x9x9xf32>, tensor<32x16x3x3xf32>
  %1 = cnn.conv2d %0, %w groups 32 : tensor<1x32x7x7xf32>, tensor<32x1x3x3xf32>
  %2 = cnn.conv2d %1, %z groups 4 : tensor<1x32x5x5xf32>, tensor<32x8x3x3xf32>
  return %2 : tensor<1x32x3x3xf32>
}

// -----

// Over an input with zeros between neighbours few channels have blocks, too, and so have groups: up
// to 16 of them become one. Here 4 of 8 channels do, and 3 from 6 channels, which stay plain; 34 of
// one channel to two would be too many.
// CHANNELS-LABEL: func.func @spread
// CHANNELS: cnn.conv2d {{.*}} groups 4 {cnn.blocks = array<i64: 1>}
// CHANNELS: cnn.conv2d {{.*}} groups 3 {cnn.blocks = array<i64>}
// CHANNELS: cnn.conv2d {{.*}} input_dilation [2, 2] {cnn.blocks = array<i64>}
// CHANNELS-NOT: groups 34 {
// CHANNELS: return
func.func @spread(%x: tensor<1x32x9x9xf32> {cnn.role = "input", cnn.name = "x"},
                  %y: tensor<1x6x9x9xf32> {cnn.role = "input", cnn.name = "y"},
                  %z: tensor<1x34x9x9xf32> {cnn.role = "input", cnn.name = "z"},
                  %v: tensor<32x8x3x3xf32>, %w: tensor<6x2x3x3xf32>, %u: tensor<3x6x3x3xf32>, %t: tensor<68x1x3x3xf32>)
    -> (tensor<1x32x15x15xf32>, tensor<1x6x15x15xf32>, tensor<1x3x19x19xf32>, tensor<1x68x15x15xf32>) {
  %0 = cnn.conv2d %x, %v input_dilation [2, 2] groups 4 : tensor<1x32x9x9xf32>, tensor<32x8x3x3xf32>
  %1 = cnn.conv2d %y, %w input_dilation [2, 2] groups 3 : tensor<1x6x9x9xf32>, tensor<6x2x3x3xf32>
  %2 = cnn.conv2d %y, %u pad [2, 2, 2, 2] input_dilation [2, 2] : tensor<1x6x9x9xf32>, tensor<3x6x3x3xf32>
  %3 = cnn.conv2d %z, %t input_dilation [2, 2] groups 34 : tensor<1x34x9x9xf32>, tensor<68x1x3x3xf32>
  return %0, %1, %2, %3 : tensor<1x32x15x15xf32>, tensor<1x6x15x15xf32>, tensor<1x3x19x19xf32>, tensor<1x68x15x15xf32>
}

// -----

// Activations, joins and norms take the layout; group_norm reads the channels and positions of
// an image as one dimension, and stays.
// CHECK-LABEL: func.func @activations
// CHECK: cnn.prelu {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.where {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.position_norm {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.lrn {{.*}}cnn.blocks = array<i64: 0>
// CHECK: cnn.dropout {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.group_norm
// CHECK-NOT: blocks
// CHECK: cnn.silu {{.*}} {cnn.blocks = array<i64: 0>}
func.func @activations(%x: tensor<32x1x16x16xf32> {cnn.role = "input", cnn.name = "x"},
                       %w: tensor<6x1x3x3xf32>, %a: tensor<6xf32>, %seed: tensor<i64>,
                       %step: tensor<i64>) -> tensor<32x6x14x14xf32> {
  %0 = cnn.conv2d %x, %w : tensor<32x1x16x16xf32>, tensor<6x1x3x3xf32>
  %1 = cnn.prelu %0, %a : tensor<32x6x14x14xf32>, tensor<6xf32>
  %2 = cnn.where %0, %1, %0 : tensor<32x6x14x14xf32>
  %3, %m3, %v3 = cnn.position_norm %2 epsilon 1.0e-5 : tensor<32x6x14x14xf32>
  %4 = cnn.lrn %3 {size = 5 : i64, alpha = 1.0e-4 : f64, beta = 7.5e-1 : f64, k = 1.0 : f64} : tensor<32x6x14x14xf32>
  %5 = cnn.dropout %4, %seed, %step probability 5.0e-1 stream 0 : tensor<32x6x14x14xf32>
  %6, %m6, %v6 = cnn.group_norm %5 groups 2 epsilon 1.0e-5 : tensor<32x6x14x14xf32>
  %7 = cnn.silu %6 : tensor<32x6x14x14xf32>
  return %7 : tensor<32x6x14x14xf32>
}

// -----

// What moves images, joins them or changes their resolution keeps the layout.
// CHECK-LABEL: func.func @resolutions
// CHECK: cnn.pad {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.concat {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.upsample {{.*}} bilinear {cnn.blocks = array<i64: 0>}
// CHECK: cnn.upsample_adjoint {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.adaptive_avg_pool {{.*}} {cnn.blocks = array<i64: 0>}
// CHECK: cnn.adaptive_spread {{.*}} {cnn.blocks = array<i64: 0>}
func.func @resolutions(%x: tensor<32x1x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                       %w: tensor<6x1x3x3xf32>) -> tensor<32x12x10x10xf32> {
  %0 = cnn.conv2d %x, %w : tensor<32x1x8x8xf32>, tensor<6x1x3x3xf32>
  %1 = cnn.pad %0 low [0, 0, 1, 1] high [0, 0, 0, 0] : tensor<32x6x6x6xf32>
  %2 = cnn.concat %1, %1 : tensor<32x6x7x7xf32>, tensor<32x6x7x7xf32>
  %3 = cnn.upsample %2 factor 2 bilinear : tensor<32x12x7x7xf32>
  %4 = cnn.upsample_adjoint %3 factor 2 : tensor<32x12x14x14xf32>
  %5 = cnn.adaptive_avg_pool %4 size [4, 5] : tensor<32x12x7x7xf32>
  %6 = cnn.adaptive_spread %5 size [10, 10] : tensor<32x12x4x5xf32>
  return %6 : tensor<32x12x10x10xf32>
}

// -----

// A reshaped view is no image: it keeps its order, and the images that come back have theirs.
// CHECK-LABEL: func.func @shuffle
// CHECK: cnn.transpose %{{[0-9]+}} permutation [0, 2, 1, 3, 4] : tensor<32x2x3x6x6xf32>
// CHECK: cnn.relu {{.*}} {cnn.blocks = array<i64: 0>}
func.func @shuffle(%x: tensor<32x1x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                   %w: tensor<6x1x3x3xf32>) -> tensor<32x6x6x6xf32> {
  %0 = cnn.conv2d %x, %w : tensor<32x1x8x8xf32>, tensor<6x1x3x3xf32>
  %1 = cnn.reshape %0 to [32, 2, 3, 6, 6] : tensor<32x6x6x6xf32>
  %2 = cnn.transpose %1 permutation [0, 2, 1, 3, 4] : tensor<32x2x3x6x6xf32>
  %3 = cnn.reshape %2 to [32, 6, 6, 6] : tensor<32x3x2x6x6xf32>
  %4 = cnn.relu %3 : tensor<32x6x6x6xf32>
  return %4 : tensor<32x6x6x6xf32>
}

// -----

// Functions that share a filter have one layout: the batch of one of them is no whole block.
// CHECK-LABEL: func.func @forward
// CHECK: cnn.conv2d {{.*}} {cnn.blocks = array<i64: 1>}
// CHECK-LABEL: func.func @gradient
// CHECK: cnn.conv2d {{.*}} {cnn.blocks = array<i64: 1>}
func.func @forward(%x: tensor<16x12x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                   %w: tensor<12x12x3x3xf32>) -> tensor<16x12x6x6xf32> {
  %0 = cnn.conv2d %x, %w : tensor<16x12x8x8xf32>, tensor<12x12x3x3xf32>
  return %0 : tensor<16x12x6x6xf32>
}
func.func @gradient(%x: tensor<3x12x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                    %w: tensor<12x12x3x3xf32>) -> tensor<3x12x6x6xf32> {
  %0 = cnn.conv2d %x, %w : tensor<3x12x8x8xf32>, tensor<12x12x3x3xf32>
  return %0 : tensor<3x12x6x6xf32>
}

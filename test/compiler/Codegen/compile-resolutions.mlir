// The ops that move images and change their resolution, in both directions: as a library they
// call nothing but mem*, and with blocks of images the bits are those of plain loops, since all
// numbers here are sums of powers of two.

// RUN: rm -rf %t && mkdir %t
// RUN: cnn-opt %s --cnn-reference -o %t/plain.mlir
// RUN: cnn-opt %s --cnn-phase-autodiff --cnn-phase-layout -o %t/packed.mlir
// RUN: FileCheck %s --check-prefix=PACKED < %t/packed.mlir
// RUN: cnn-opt %t/packed.mlir --cnn-phase-lowering --cnn-phase-tiling --cnn-phase-memory --cnn-phase-vector --cnn-phase-llvm -o %t/net.mlir
// RUN: codegen-test %t/plain.mlir native %t/plain > %t/plain.txt
// RUN: codegen-test %t/net.mlir native %t/net > %t/net.txt
// RUN: FileCheck %s < %t/net.txt
// RUN: diff %t/plain.txt %t/net.txt
// RUN: llvm-nm --undefined-only --just-symbol-name %t/net.o | not grep -vxE 'mem[a-z]+'

// PACKED: cnn.conv2d {{.*}} {cnn.blocks = array<i64: 0>}
// PACKED: cnn.concat {{.*}} {cnn.blocks = array<i64: 0>}
// PACKED: cnn.upsample {{.*}} {cnn.blocks = array<i64: 0>}
// PACKED: cnn.upsample_adjoint {{.*}} {cnn.blocks = array<i64: 0>}

// CHECK: net batch 16
// CHECK: y {{[0-9a-f]+}} first {{-?[1-9]}}
// CHECK: gradient loss {{.*}} w {{-?[1-9]}}

cnn.variable @w parameter : tensor<4x1x3x3xf32> {constant = 0.5 : f64}

func.func @forward(%x: tensor<16x1x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                   %w: tensor<4x1x3x3xf32> {cnn.role = "variable", cnn.name = "w"})
    -> (tensor<16x1xf32> {cnn.role = "output", cnn.name = "y"}) {
  %0 = cnn.conv2d %x, %w : tensor<16x1x8x8xf32>, tensor<4x1x3x3xf32>
  %1 = cnn.pad %0 low [0, -1, 0, 1] high [0, 1, 1, 0] : tensor<16x4x6x6xf32>
  %2 = cnn.concat %0, %0 : tensor<16x4x6x6xf32>, tensor<16x4x6x6xf32>
  %3 = cnn.upsample %2 factor 2 bilinear : tensor<16x8x6x6xf32>
  %4 = cnn.adaptive_avg_pool %3 size [8, 3] : tensor<16x8x12x12xf32>
  %5 = cnn.pad %4 low [0, -2, 0, 0] high [0, -2, -1, 4] : tensor<16x8x8x3xf32>
  %6 = cnn.concat %1, %5 : tensor<16x4x7x7xf32>, tensor<16x4x7x7xf32>
  %7 = cnn.reshape %6 to [16, 2, 4, 7, 7] : tensor<16x8x7x7xf32>
  %8 = cnn.transpose %7 permutation [0, 2, 1, 3, 4] : tensor<16x2x4x7x7xf32>
  %9 = cnn.reshape %8 to [16, 8, 7, 7] : tensor<16x4x2x7x7xf32>
  %10 = cnn.pad %9 low [0, -4, 0, 0] high [0, 0, 0, 0] : tensor<16x8x7x7xf32>
  %11 = cnn.upsample %10 factor 2 : tensor<16x4x7x7xf32>
  %12 = cnn.transpose_filter %w : tensor<4x1x3x3xf32>
  %13 = cnn.conv2d %11, %12 pad [1, 2, 1, 2] input_dilation [2, 2] : tensor<16x4x14x14xf32>, tensor<1x4x3x3xf32>
  %14 = cnn.max_pool %13 kernel [28, 28] stride [28, 28] : tensor<16x1x28x28xf32>
  %15 = cnn.reshape %14 to [16, 1] : tensor<16x1x1x1xf32>
  return %15 : tensor<16x1xf32>
}

func.func @gradient(%x: tensor<16x1x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                    %w: tensor<4x1x3x3xf32> {cnn.role = "variable", cnn.name = "w"})
    -> (tensor<f32> {cnn.role = "loss"}, tensor<4x1x3x3xf32> {cnn.role = "gradient", cnn.name = "w"},
        tensor<16x1x8x8xf32> {cnn.role = "gradient", cnn.name = "input.x"}) {
  %0 = cnn.conv2d %x, %w : tensor<16x1x8x8xf32>, tensor<4x1x3x3xf32>
  %1 = cnn.pad %0 low [0, -1, 0, 1] high [0, 1, 1, 0] : tensor<16x4x6x6xf32>
  %2 = cnn.concat %0, %0 : tensor<16x4x6x6xf32>, tensor<16x4x6x6xf32>
  %3 = cnn.upsample %2 factor 2 bilinear : tensor<16x8x6x6xf32>
  %4 = cnn.adaptive_avg_pool %3 size [8, 3] : tensor<16x8x12x12xf32>
  %5 = cnn.pad %4 low [0, -2, 0, 0] high [0, -2, -1, 4] : tensor<16x8x8x3xf32>
  %6 = cnn.concat %1, %5 : tensor<16x4x7x7xf32>, tensor<16x4x7x7xf32>
  %7 = cnn.reshape %6 to [16, 2, 4, 7, 7] : tensor<16x8x7x7xf32>
  %8 = cnn.transpose %7 permutation [0, 2, 1, 3, 4] : tensor<16x2x4x7x7xf32>
  %9 = cnn.reshape %8 to [16, 8, 7, 7] : tensor<16x4x2x7x7xf32>
  %10 = cnn.pad %9 low [0, -4, 0, 0] high [0, 0, 0, 0] : tensor<16x8x7x7xf32>
  %11 = cnn.upsample %10 factor 2 : tensor<16x4x7x7xf32>
  %12 = cnn.transpose_filter %w : tensor<4x1x3x3xf32>
  %13 = cnn.conv2d %11, %12 pad [1, 2, 1, 2] input_dilation [2, 2] : tensor<16x4x14x14xf32>, tensor<1x4x3x3xf32>
  %14 = cnn.max_pool %13 kernel [28, 28] stride [28, 28] : tensor<16x1x28x28xf32>
  %15 = cnn.reshape %14 to [16, 1] : tensor<16x1x1x1xf32>
  %loss = cnn.reduce_sum %15 dims [0, 1] : tensor<16x1xf32>
  %g:2 = cnn.gradient %loss of %w, %x : tensor<f32> of tensor<4x1x3x3xf32>, tensor<16x1x8x8xf32>
  return %loss, %g#0, %g#1 : tensor<f32>, tensor<4x1x3x3xf32>, tensor<16x1x8x8xf32>
}

// Every activation, norm and join through all phases, with its gradient, in f32: a bare object that
// calls nothing but libm. log1p and erfc are libm's own, not their expansions, which cancel.
// RUN: rm -rf %t && mkdir %t
// RUN: cnn-opt %s --cnn-phase-autodiff --cnn-phase-fusion --cnn-phase-layout -o %t/packed.mlir
// RUN: FileCheck %s --check-prefix=PACKED < %t/packed.mlir
// RUN: cnn-opt %t/packed.mlir --cnn-phase-lowering --cnn-phase-tiling --cnn-phase-memory --cnn-phase-vector --cnn-phase-llvm -o %t/net.mlir
// RUN: not codegen-test %t/net.mlir aarch64 %t/net 2>&1 | FileCheck %s --check-prefix=FOREIGN
// RUN: llvm-nm --undefined-only --just-symbol-name %t/net.o | sort | FileCheck %s --check-prefix=CALLS
// RUN: llvm-nm --undefined-only --just-symbol-name %t/net.o | not grep -vxE 'erfc|(exp|log|log1p|pow)f|mem[a-z]+'

// PACKED: cnn.prelu {{.*}}cnn.blocks
// PACKED: cnn.group_norm
// FOREIGN: cannot run on this processor
// CALLS: erfc
// CALLS: expf
// CALLS: log1pf

cnn.variable @w parameter : tensor<6x1x3x3xf32> {uniform = 0.5 : f64}
cnn.variable @a parameter : tensor<6xf32> {constant = 0.25 : f64}
cnn.variable @seed slot : tensor<i64>
cnn.variable @step slot : tensor<i64>

func.func @forward(%x: tensor<32x1x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                   %w: tensor<6x1x3x3xf32> {cnn.role = "variable", cnn.name = "w"},
                   %a: tensor<6xf32> {cnn.role = "variable", cnn.name = "a"})
    -> (tensor<32x6x6x6xf32> {cnn.role = "output", cnn.name = "y"}) {
  %c = cnn.conv2d %x, %w : tensor<32x1x8x8xf32>, tensor<6x1x3x3xf32>
  %y = cnn.prelu %c, %a : tensor<32x6x6x6xf32>, tensor<6xf32>
  return %y : tensor<32x6x6x6xf32>
}

func.func @train_step(%x: tensor<32x1x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                      %w: tensor<6x1x3x3xf32> {cnn.role = "variable", cnn.name = "w"},
                      %a: tensor<6xf32> {cnn.role = "variable", cnn.name = "a"},
                      %seed: tensor<i64> {cnn.role = "variable", cnn.name = "seed"},
                      %step: tensor<i64> {cnn.role = "variable", cnn.name = "step"},
                      %rate: tensor<f32> {cnn.role = "learning_rate"})
    -> (tensor<f32> {cnn.role = "loss"}, tensor<6x1x3x3xf32> {cnn.role = "update", cnn.name = "w"},
        tensor<6xf32> {cnn.role = "update", cnn.name = "a"}) {
  %c = cnn.conv2d %x, %w : tensor<32x1x8x8xf32>, tensor<6x1x3x3xf32>
  %0 = cnn.prelu %c, %a : tensor<32x6x6x6xf32>, tensor<6xf32>
  %1, %m1, %v1 = cnn.group_norm %0 groups 3 epsilon 1.0e-5 : tensor<32x6x6x6xf32>
  %2 = cnn.lrelu %1 slope 1.0e-2 : tensor<32x6x6x6xf32>
  %3 = cnn.elu %2 : tensor<32x6x6x6xf32>
  %4 = cnn.softplus %3 : tensor<32x6x6x6xf32>
  %5, %m5, %v5 = cnn.position_norm %4 epsilon 1.0e-5 : tensor<32x6x6x6xf32>
  %6 = cnn.gelu %5 : tensor<32x6x6x6xf32>
  %7 = cnn.silu %6 : tensor<32x6x6x6xf32>
  %8 = cnn.hardswish %7 : tensor<32x6x6x6xf32>
  %9 = cnn.dropout %8, %seed, %step probability 2.5e-1 stream 0 whole_images : tensor<32x6x6x6xf32>
  %sums = cnn.reduce_sum %9 dims [2, 3] : tensor<32x6x6x6xf32>
  %gate = cnn.hardsigmoid %sums : tensor<32x6xf32>
  %gates = cnn.broadcast %gate dims [0, 1] to [32, 6, 6, 6] : tensor<32x6xf32>
  %10 = cnn.mul %9, %gates : tensor<32x6x6x6xf32>
  %11 = cnn.max %10, %c : tensor<32x6x6x6xf32>
  %12 = cnn.relu6 %11 : tensor<32x6x6x6xf32>
  %13 = cnn.logsoftmax %12 : tensor<32x6x6x6xf32>
  %loss = cnn.reduce_sum %13 dims [0, 1, 2, 3] : tensor<32x6x6x6xf32>
  %dw, %da = cnn.gradient %loss of %w, %a : tensor<f32> of tensor<6x1x3x3xf32>, tensor<6xf32>
  %w1 = cnn.sgd %w, %dw, %rate : tensor<6x1x3x3xf32>
  %a1 = cnn.sgd %a, %da, %rate : tensor<6xf32>
  return %loss, %w1, %a1 : tensor<f32>, tensor<6x1x3x3xf32>, tensor<6xf32>
}

// RUN: cnn-opt --cnn-fuse-epilogue --cnn-fuse-pool --remark-format=emitRemark --remarks-filter=cnn-fuse %s 2>&1 >/dev/null | FileCheck %s
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-fuse-epilogue{max-extras=0}))' \
// RUN:   --remark-format=emitRemark --remarks-filter=cnn-fuse %s 2>&1 >/dev/null | FileCheck %s --check-prefix=FULL

// A remark stands at the op that joins or does not, and says where the kernel is.
// CHECK:      net.cnn:4:7: remark: [Passed] epilogue | Category:cnn-fuse | Remark="runs on the results of a kernel"
// CHECK-SAME: Source={{"?}}loc("net.cnn":3:5)
// Once an op is taken in, the kernel is still named by its own position.
// CHECK:      net.cnn:5:9: remark: [Missed] epilogue | Category:cnn-fuse | Remark="does not run on the results of a kernel: it is a kernel itself"
// CHECK-SAME: Source={{"?}}loc(fused["net.cnn":3:5, "net.cnn":4:7])
// FULL:       net.cnn:4:7: remark: [Missed] epilogue | Category:cnn-fuse | Remark="does not run on the results of a kernel: the kernel reads enough tensors already"
// FULL-SAME:  Source={{"?}}loc("net.cnn":3:5)
// FULL-NOT:   [Passed]
func.func @two_layers(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %b: tensor<8x16xf32>, %v: tensor<4x16xf32>) -> tensor<8x4xf32> {
  %t = tensor.empty() : tensor<8x16xf32>
  %s = tensor.empty() : tensor<8x4xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32> loc("net.cnn":3:5)
  %z = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%y, %b : tensor<8x16xf32>, tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %i1: f32, %out: f32):
    %0 = arith.addf %i0, %i1 : f32
    linalg.yield %0 : f32
  } -> tensor<8x16xf32> loc("net.cnn":4:7)
  %r = cnn.kernel ins(%z, %v : tensor<8x16xf32>, tensor<4x16xf32>) outs(%s : tensor<8x4xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>]
      extents [8, 4, 16] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x4xf32> loc("net.cnn":5:9)
  return %r : tensor<8x4xf32>
}

// RUN: cnn-opt --cnn-fuse-epilogue %s | FileCheck %s
// RUN: cnn-opt --cnn-fuse-epilogue --remark-format=emitRemark --remarks-filter=cnn-fuse %s 2>&1 >/dev/null \
// RUN:   | FileCheck %s --check-prefix=REMARK
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-fuse-epilogue{max-extras=0}))' %s \
// RUN:   | FileCheck %s --check-prefix=FULL

#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (j, k)>
#c = affine_map<(i, j, k) -> (i, j)>
#all = affine_map<(i, j) -> (i, j)>
#turned = affine_map<(i, j) -> (j, i)>
#column = affine_map<(i, j) -> (j)>
#row = affine_map<(i, j) -> (i)>
#i3 = affine_map<(i, j, k) -> (i, j, k)>

// Bias and activation: their op is a part of the kernel, whose sums reach no memory.
// CHECK-LABEL: func.func @bias_relu(
// CHECK-SAME: %[[X:[a-z0-9_]+]]: tensor<8x64xf32>, %[[W:[a-z0-9_]+]]: tensor<16x64xf32>, %[[B:[a-z0-9_]+]]: tensor<16xf32>
// CHECK: %[[Y:[a-z0-9_]+]] = cnn.kernel ins(%[[X]], %[[W]] : {{.*}}) extras(%[[B]] : tensor<16xf32>) outs(%{{[0-9a-z]+}} : tensor<8x16xf32>)
// CHECK: } finish {
// CHECK-NEXT: ^bb0(%[[SUM:[a-z0-9_]+]]: f32, %[[BIAS:[a-z0-9_]+]]: f32):
// CHECK-NEXT: %[[ADDED:[a-z0-9_]+]] = arith.addf %[[SUM]], %[[BIAS]]
// CHECK-NEXT: %[[MAX:[a-z0-9_]+]] = arith.maximumf %[[ADDED]], %{{.*}}
// CHECK-NEXT: cnn.yield %[[MAX]] : f32
// CHECK-NOT: linalg.generic
// CHECK: return %[[Y]]
// REMARK: [[#@LINE+19]]:8: remark: [Passed] epilogue | Category:cnn-fuse | Remark="runs on the results of a kernel"
// No further input is allowed: none of these ops has a place.
// FULL-LABEL: func.func @bias_relu(
// FULL: cnn.kernel
// FULL-NOT: extras
// FULL: linalg.generic
func.func @bias_relu(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %b: tensor<16xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #column, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y, %b : tensor<8x16xf32>, tensor<16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %i1: f32, %out: f32):
    %0 = arith.addf %i0, %i1 : f32
    %1 = arith.maximumf %0, %zero : f32
    linalg.yield %1 : f32
  } -> tensor<8x16xf32>
  return %z : tensor<8x16xf32>
}

// The shortcut, then the activation: two ops, one after the other.
// CHECK-LABEL: func.func @residual(
// CHECK-SAME: %[[R:[a-z0-9_]+]]: tensor<8x16xf32>)
// CHECK: cnn.kernel {{.*}} extras(%[[R]] : tensor<8x16xf32>)
// CHECK: } finish {
// CHECK: arith.addf
// CHECK-NEXT: arith.maximumf
// CHECK-NEXT: cnn.yield
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @residual(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %r: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %s = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%r, %y : tensor<8x16xf32>, tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %i1: f32, %out: f32):
    %0 = arith.addf %i0, %i1 : f32
    linalg.yield %0 : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%s : tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %out: f32):
    %0 = arith.maximumf %i0, %zero : f32
    linalg.yield %0 : f32
  } -> tensor<8x16xf32>
  return %z : tensor<8x16xf32>
}

// The mask of an activation's gradient reads what the activation has made.
// CHECK-LABEL: func.func @mask(
// CHECK-SAME: %[[R:[a-z0-9_]+]]: tensor<8x16xf32>)
// CHECK: cnn.kernel {{.*}} extras(%[[R]] : tensor<8x16xf32>)
// CHECK: } finish {
// CHECK-NEXT: ^bb0(%[[SUM:[a-z0-9_]+]]: f32, %[[Y:[a-z0-9_]+]]: f32):
// CHECK-NEXT: %[[ALIVE:[a-z0-9_]+]] = arith.cmpf ogt, %[[Y]]
// CHECK-NEXT: arith.select %[[ALIVE]], %[[SUM]]
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @mask(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %r: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y, %r : tensor<8x16xf32>, tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %i1: f32, %out: f32):
    %0 = arith.cmpf ogt, %i1, %zero : f32
    %1 = arith.select %0, %i0, %zero : f32
    linalg.yield %1 : f32
  } -> tensor<8x16xf32>
  return %z : tensor<8x16xf32>
}

// What the user calls its first loop may be the second of the kernel.
// CHECK-LABEL: func.func @turned(
// CHECK: cnn.kernel {{.*}} extras(%{{[a-z0-9_]+}} : tensor<16xf32>) outs(%{{[a-z0-9_]+}} : tensor<16x8xf32>)
// CHECK-SAME: maps [#[[A:[a-z0-9_]+]], #[[B:[a-z0-9_]+]], #[[COLUMN:[a-z0-9_]+]], #[[OUT:[a-z0-9_]+]]]
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @turned(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %b: tensor<16xf32>) -> tensor<16x8xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %u = tensor.empty() : tensor<16x8xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#turned, #row, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y, %b : tensor<8x16xf32>, tensor<16xf32>) outs(%u : tensor<16x8xf32>) {
  ^bb0(%i0: f32, %i1: f32, %out: f32):
    %0 = arith.addf %i0, %i1 : f32
    linalg.yield %0 : f32
  } -> tensor<16x8xf32>
  return %z : tensor<16x8xf32>
}

// Others read the sums, too: they are still written, beside what becomes of them.
// CHECK-LABEL: func.func @kept(
// CHECK: %[[Y:[a-z0-9_]+]]:2 = cnn.kernel {{.*}} outs(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<8x16xf32>, tensor<8x16xf32>)
// CHECK: } finish {
// CHECK-NEXT: ^bb0(%[[SUM:[a-z0-9_]+]]: f32):
// CHECK-NEXT: %[[MAX:[a-z0-9_]+]] = arith.maximumf %[[SUM]]
// CHECK-NEXT: cnn.yield %[[SUM]], %[[MAX]] : f32, f32
// CHECK: return %[[Y]]#0, %[[Y]]#1
func.func @kept(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>) -> (tensor<8x16xf32>, tensor<8x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %out: f32):
    %0 = arith.maximumf %i0, %zero : f32
    linalg.yield %0 : f32
  } -> tensor<8x16xf32>
  return %y, %z : tensor<8x16xf32>, tensor<8x16xf32>
}

// A sum of sums.
// CHECK-LABEL: func.func @reduces(
// CHECK: cnn.kernel
// CHECK: linalg.generic
// REMARK: [Missed] epilogue | Category:cnn-fuse | Remark="does not run on the results of a kernel: it reduces"
func.func @reduces(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %s: tensor<8xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%y : tensor<8x16xf32>) outs(%s : tensor<8xf32>) {
  ^bb0(%i0: f32, %out: f32):
    %0 = arith.addf %i0, %out : f32
    linalg.yield %0 : f32
  } -> tensor<8xf32>
  return %z : tensor<8xf32>
}

// The number of an element is known in its own loops only.
// CHECK-LABEL: func.func @counts(
// CHECK: cnn.kernel
// CHECK: linalg.generic
// REMARK: [Missed] epilogue | Category:cnn-fuse | Remark="does not run on the results of a kernel: it counts its elements"
func.func @counts(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %out: f32):
    %0 = linalg.index 1 : index
    %1 = arith.index_cast %0 : index to i32
    %2 = arith.sitofp %1 : i32 to f32
    %3 = arith.mulf %i0, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<8x16xf32>
  return %z : tensor<8x16xf32>
}

// A step of the optimizer.
// CHECK-LABEL: func.func @updates(
// CHECK: cnn.kernel
// CHECK: linalg.generic
// REMARK: [Missed] epilogue | Category:cnn-fuse | Remark="does not run on the results of a kernel: it updates what it writes"
func.func @updates(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %s: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<8x16xf32>) outs(%s : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %out: f32):
    %0 = arith.subf %out, %i0 : f32
    linalg.yield %0 : f32
  } -> tensor<8x16xf32>
  return %z : tensor<8x16xf32>
}

// Upsampling.
// CHECK-LABEL: func.func @repeats(
// CHECK: cnn.kernel
// CHECK: linalg.generic
// REMARK: [Missed] epilogue | Category:cnn-fuse | Remark="does not run on the results of a kernel: it reads elements several times"
func.func @repeats(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>) -> tensor<8x16x4xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %u = tensor.empty() : tensor<8x16x4xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#c, #i3], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%y : tensor<8x16xf32>) outs(%u : tensor<8x16x4xf32>) {
  ^bb0(%i0: f32, %out: f32):
    %0 = arith.maximumf %i0, %zero : f32
    linalg.yield %0 : f32
  } -> tensor<8x16x4xf32>
  return %z : tensor<8x16x4xf32>
}

// Two operands, one tensor.
// CHECK-LABEL: func.func @square(
// CHECK: cnn.kernel
// CHECK: linalg.generic
// REMARK: [Missed] epilogue | Category:cnn-fuse | Remark="does not run on the results of a kernel: it reads the result twice"
func.func @square(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y, %y : tensor<8x16xf32>, tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %i1: f32, %out: f32):
    %0 = arith.addf %i0, %i1 : f32
    linalg.yield %0 : f32
  } -> tensor<8x16xf32>
  return %z : tensor<8x16xf32>
}

// Two results of one kernel.
// CHECK-LABEL: func.func @both(
// CHECK: cnn.kernel
// CHECK: linalg.generic
// REMARK: [Missed] epilogue | Category:cnn-fuse | Remark="does not run on the results of a kernel: it reads another result, too"
func.func @both(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y:2 = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t, %t : tensor<8x16xf32>, tensor<8x16xf32>) maps [#a, #b, #c, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32, 0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32, %dif: f32):
    %0 = arith.addf %sum, %p : f32
    %1 = arith.subf %dif, %q : f32
    cnn.yield %0, %1 : f32, f32
  } finish {
  ^bb0(%sum: f32, %dif: f32):
    cnn.yield %sum, %dif : f32, f32
  } -> tensor<8x16xf32>, tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y#0, %y#1 : tensor<8x16xf32>, tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %i1: f32, %out: f32):
    %0 = arith.addf %i0, %i1 : f32
    linalg.yield %0 : f32
  } -> tensor<8x16xf32>
  return %z : tensor<8x16xf32>
}

// The sums are needed before the op that could join: by then it cannot have run, as it reads what
// comes of them.
// CHECK-LABEL: func.func @earlier(
// CHECK: cnn.kernel
// CHECK: linalg.exp
// CHECK: linalg.generic
// REMARK: [Missed] epilogue | Category:cnn-fuse | Remark="does not run on the results of a kernel: another op needs the result earlier"
// REMARK-NOT: remark:
func.func @earlier(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %t = tensor.empty() : tensor<8x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%t : tensor<8x16xf32>) maps [#a, #b, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %e = linalg.exp ins(%y : tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) -> tensor<8x16xf32>
  %z = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y, %e : tensor<8x16xf32>, tensor<8x16xf32>) outs(%t : tensor<8x16xf32>) {
  ^bb0(%i0: f32, %i1: f32, %out: f32):
    %0 = arith.addf %i0, %i1 : f32
    linalg.yield %0 : f32
  } -> tensor<8x16xf32>
  return %z : tensor<8x16xf32>
}

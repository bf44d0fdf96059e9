// RUN: cnn-opt --cnn-form-kernels %s | FileCheck %s

#all = affine_map<(i, k) -> (i, k)>
#row = affine_map<(i, k) -> (i)>
#one = affine_map<(i) -> (i)>

// The start is a part of the op; nothing is filled with it any more.
// CHECK-LABEL: func.func @sum(
// CHECK-SAME: %[[X:[a-z0-9_]+]]: tensor<8x64xf32>)
// CHECK-NOT: linalg.fill
// CHECK: %[[Y:[a-z0-9_]+]] = cnn.kernel ins(%[[X]] : tensor<8x64xf32>) outs(%{{[a-z0-9_]+}} : tensor<8xf32>) maps [#[[ALL:.*]], #[[ROW:.*]]] extents [8, 64] reductions [false, true] starts [1.000000e+00 : f32] reduce {
// CHECK-NEXT: ^bb0(%[[A:[a-z0-9_]+]]: f32, %[[S:[a-z0-9_]+]]: f32):
// CHECK-NEXT: %[[NEXT:[a-z0-9_]+]] = arith.addf %[[S]], %[[A]] : f32
// CHECK-NEXT: cnn.yield %[[NEXT]] : f32
// CHECK-NEXT: } finish {
// CHECK-NEXT: ^bb0(%[[S:[a-z0-9_]+]]: f32):
// CHECK-NEXT: cnn.yield %[[S]] : f32
// CHECK-NEXT: } -> tensor<8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @sum(%x: tensor<8x64xf32>) -> tensor<8xf32> {
  %start = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %t = linalg.fill ins(%start : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = arith.addf %s, %a : f32
    linalg.yield %0 : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// An operand that only gave its shape to the window's loops is gone.
// CHECK-LABEL: func.func @window(
// CHECK: cnn.kernel ins(%{{[a-z0-9_]+}} : tensor<9xf32>) outs(%{{[a-z0-9_]+}} : tensor<7xf32>)
// CHECK-SAME: extents [7, 3] reductions [false, true]
// CHECK-NEXT: ^bb0(%{{[a-z0-9_]+}}: f32, %{{[a-z0-9_]+}}: f32):
func.func @window(%x: tensor<9xf32>) -> tensor<7xf32> {
  %start = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<7xf32>
  %shape = tensor.empty() : tensor<3xf32>
  %t = linalg.fill ins(%start : f32) outs(%e : tensor<7xf32>) -> tensor<7xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (k)>, #row],
                       iterator_types = ["parallel", "reduction"]}
      ins(%x, %shape : tensor<9xf32>, tensor<3xf32>) outs(%t : tensor<7xf32>) {
  ^bb0(%a: f32, %unused: f32, %s: f32):
    %0 = arith.maximumf %s, %a : f32
    linalg.yield %0 : f32
  } -> tensor<7xf32>
  return %y : tensor<7xf32>
}

// Two results, two starts.
// CHECK-LABEL: func.func @two(
// CHECK: cnn.kernel {{.*}} starts [0.000000e+00 : f32, 0xFF800000 : f32] reduce
func.func @two(%x: tensor<8x64xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<8xf32>
  %t = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %u = linalg.fill ins(%least : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %y:2 = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x64xf32>) outs(%t, %u : tensor<8xf32>, tensor<8xf32>) {
  ^bb0(%a: f32, %s: f32, %m: f32):
    %0 = arith.addf %s, %a : f32
    %1 = arith.maximumf %m, %a : f32
    linalg.yield %0, %1 : f32, f32
  } -> (tensor<8xf32>, tensor<8xf32>)
  return %y#0, %y#1 : tensor<8xf32>, tensor<8xf32>
}

// What a variable holds is no constant.
// CHECK-LABEL: func.func @adds_to_tensor(
// CHECK-NOT: cnn.kernel
// CHECK: return
func.func @adds_to_tensor(%x: tensor<8x64xf32>, %t: tensor<8xf32>) -> tensor<8xf32> {
  %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = arith.addf %s, %a : f32
    linalg.yield %0 : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// Nor is a number that the function gets.
// CHECK-LABEL: func.func @starts_from_argument(
// CHECK-NOT: cnn.kernel
// CHECK: return
func.func @starts_from_argument(%x: tensor<8x64xf32>, %start: f32) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %t = linalg.fill ins(%start : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = arith.addf %s, %a : f32
    linalg.yield %0 : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// Windows that overlap where they write: one result is written several times.
// CHECK-LABEL: func.func @scattered(
// CHECK-NOT: cnn.kernel
// CHECK: return
func.func @scattered(%x: tensor<8x3xf32>) -> tensor<10xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<10xf32>
  %t = linalg.fill ins(%zero : f32) outs(%e : tensor<10xf32>) -> tensor<10xf32>
  %y = linalg.generic {indexing_maps = [#all, affine_map<(i, k) -> (i + k)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x3xf32>) outs(%t : tensor<10xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = arith.addf %s, %a : f32
    linalg.yield %0 : f32
  } -> tensor<10xf32>
  return %y : tensor<10xf32>
}

// The position of the largest element.
// CHECK-LABEL: func.func @asks_for_position(
// CHECK-NOT: cnn.kernel
// CHECK: return
func.func @asks_for_position(%x: tensor<8x64xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %t = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>) {
  ^bb0(%a: f32, %s: f32):
    %k = linalg.index 1 : index
    %number = arith.index_cast %k : index to i32
    %0 = arith.sitofp %number : i32 to f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// Nothing is reduced.
// CHECK-LABEL: func.func @elementwise(
// CHECK-NOT: cnn.kernel
// CHECK: return
func.func @elementwise(%x: tensor<8xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %t = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#one, #one], iterator_types = ["parallel"]}
      ins(%x : tensor<8xf32>) outs(%t : tensor<8xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = arith.addf %s, %a : f32
    linalg.yield %0 : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// A result that nobody reads is an accumulator and no output.
// CHECK-LABEL: func.func @unread(
// CHECK: cnn.kernel ins(%{{[a-z0-9_]+}} : tensor<8x64xf32>) outs(%{{[a-z0-9_]+}} : tensor<8xi8>)
// CHECK-SAME: starts [0xFF800000 : f32, -1 : i8]
// CHECK: } finish {
// CHECK-NEXT: ^bb0(%{{[a-z0-9_]+}}: f32, %[[PLACE:[a-z0-9_]+]]: i8):
// CHECK-NEXT: cnn.yield %[[PLACE]] : i8
func.func @unread(%x: tensor<8x64xf32>) -> tensor<8xi8> {
  %lowest = arith.constant 0xFF800000 : f32
  %none = arith.constant -1 : i8
  %one = arith.constant 1 : i8
  %e = tensor.empty() : tensor<8xf32>
  %i = tensor.empty() : tensor<8xi8>
  %t = linalg.fill ins(%lowest : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %u = linalg.fill ins(%none : i8) outs(%i : tensor<8xi8>) -> tensor<8xi8>
  %y:2 = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x64xf32>) outs(%t, %u : tensor<8xf32>, tensor<8xi8>) {
  ^bb0(%a: f32, %best: f32, %place: i8):
    %0 = arith.cmpf ogt, %a, %best : f32
    %1 = arith.maximumf %best, %a : f32
    %2 = arith.select %0, %one, %place : i8
    linalg.yield %1, %2 : f32, i8
  } -> (tensor<8xf32>, tensor<8xi8>)
  return %y#1 : tensor<8xi8>
}

// A dimension of one place is no loop: so is the filter of a depthwise convolution, whose gradient has its
// sums in registers, too.
// CHECK-LABEL: func.func @single_place(
// CHECK-NOT: linalg.fill
// CHECK: cnn.kernel
// CHECK-SAME: outs(%{{[a-z0-9_]+}} : tensor<8x1xf32>) maps [#{{.*}}, #[[SINGLE:.*]]] extents [8, 64]
// CHECK-LABEL: func.func @several_places(
// CHECK: linalg.fill
// CHECK-NOT: cnn.kernel
#first = affine_map<(i, k) -> (i, 0)>
func.func @single_place(%x: tensor<8x64xf32>) -> tensor<8x1xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x1xf32>
  %t = linalg.fill ins(%zero : f32) outs(%e : tensor<8x1xf32>) -> tensor<8x1xf32>
  %y = linalg.generic {indexing_maps = [#all, #first], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x64xf32>) outs(%t : tensor<8x1xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = arith.addf %s, %a : f32
    linalg.yield %0 : f32
  } -> tensor<8x1xf32>
  return %y : tensor<8x1xf32>
}

// The other column keeps its zeros, which a kernel would not write.
func.func @several_places(%x: tensor<8x64xf32>) -> tensor<8x2xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x2xf32>
  %t = linalg.fill ins(%zero : f32) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  %y = linalg.generic {indexing_maps = [#all, #first], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x64xf32>) outs(%t : tensor<8x2xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = arith.addf %s, %a : f32
    linalg.yield %0 : f32
  } -> tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// RUN: cnn-opt %s --cnn-bufferize --canonicalize --split-input-file --remark-format=emitRemark --remarks-filter=cnn-memory 2>%t.remarks | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK --input-file=%t.remarks
// RUN: cnn-opt %s --cnn-bufferize=in-place=false --canonicalize --split-input-file | FileCheck %s --check-prefix=OFF

// The second op is written over its second operand, of which nobody reads anything later; the third over
// that again, seen in another shape. The last one has a destination.
// CHECK-LABEL: func.func @chain(
// CHECK: %[[A:.*]] = memref.alloc() {{.*}} memref<4x4xf32>
// CHECK: linalg.exp ins(%{{.*}} : memref<4x4xf32>) outs(%[[A]] :
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[A]] : {{.*}}) outs(%[[A]] :
// CHECK: %[[V:.*]] = memref.collapse_shape %[[A]]
// CHECK: linalg.negf ins(%[[V]] : {{.*}}) outs(%[[V]] :
// CHECK-NOT: alloc
// CHECK: linalg.exp ins(%[[V]] : {{.*}}) outs(%[[Y:.*]] :
// OFF-LABEL: func.func @chain(
// OFF-COUNT-3: memref.alloc()
// OFF: linalg.exp
// REMARK: [Passed] in-place | Category:cnn-memory | Remark="is written over an operand"
// REMARK-NEXT: %s = linalg.generic
// REMARK: [Passed] in-place | Category:cnn-memory | Remark="is written over an operand"
// REMARK-NEXT: %n = linalg.negf
// REMARK-NOT: Passed
#same = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>
func.func @chain(%x: tensor<4x4xf32> {cnn.role = "input", cnn.name = "x"},
                 %b: tensor<4xf32> {cnn.role = "input", cnn.name = "b"})
    -> (tensor<16xf32> {cnn.role = "output", cnn.name = "y"}) {
  %e = tensor.empty() : tensor<4x4xf32>
  %f = tensor.empty() : tensor<16xf32>
  %a = linalg.exp ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %s = linalg.generic {indexing_maps = [#row, #same, #same], iterator_types = ["parallel", "parallel"]}
      ins(%b, %a : tensor<4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) {
  ^bb0(%p: f32, %q: f32, %unused: f32):
    %sum = arith.addf %p, %q : f32
    linalg.yield %sum : f32
  } -> tensor<4x4xf32>
  %flat = tensor.collapse_shape %s [[0, 1]] : tensor<4x4xf32> into tensor<16xf32>
  %n = linalg.negf ins(%flat : tensor<16xf32>) outs(%f : tensor<16xf32>) -> tensor<16xf32>
  %y = linalg.exp ins(%n : tensor<16xf32>) outs(%f : tensor<16xf32>) -> tensor<16xf32>
  return %y : tensor<16xf32>
}

// -----

// An argument is the caller's.
// CHECK-LABEL: func.func @argument(
// CHECK: %[[A:.*]] = memref.alloc()
// CHECK: linalg.negf ins(%{{.*}}) outs(%[[A]] :
// REMARK: [Missed] in-place | Category:cnn-memory | Remark="is not written over operand 0: it is an argument"
// REMARK-NEXT: %miss = 
func.func @argument(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %e = tensor.empty() : tensor<4xf32>
  %miss = linalg.negf ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %y = linalg.exp ins(%miss : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A constant has one place for all calls.
// CHECK-LABEL: func.func @constant(
// CHECK: %[[A:.*]] = memref.alloc()
// CHECK: linalg.negf ins(%{{.*}}) outs(%[[A]] :
// REMARK: [Missed] in-place | Category:cnn-memory | Remark="is not written over operand 0: it is a constant"
// REMARK-NEXT: %miss = 
func.func @constant(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %miss = linalg.negf ins(%c : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %y = linalg.add ins(%miss, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// Read later, as it is.
// CHECK-LABEL: func.func @read_later(
// CHECK-COUNT-2: memref.alloc()
// CHECK: linalg.exp {{.*}} outs(%[[A:[a-z0-9_]*]] :
// CHECK-NEXT: linalg.negf ins(%[[A]] : {{.*}}) outs(%[[B:[a-z0-9_]*]] :
// CHECK: linalg.add ins(%[[B]], %[[A]] :
// REMARK: [Missed] in-place | Category:cnn-memory | Remark="is not written over operand 0: it is read later"
// REMARK-NEXT: %miss = 
func.func @read_later(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %miss = linalg.negf ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %y = linalg.add ins(%miss, %a : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// Read later, in another shape.
// CHECK-LABEL: func.func @view_read_later(
// CHECK-COUNT-2: memref.alloc()
// CHECK: linalg.exp {{.*}} outs(%[[A:[a-z0-9_]*]] :
// CHECK-NEXT: linalg.negf ins(%[[A]] : {{.*}}) outs(%[[B:[a-z0-9_]*]] :
// CHECK: linalg.add ins(%[[B]], %
// REMARK: [Missed] in-place | Category:cnn-memory | Remark="is not written over operand 0: it is read later"
// REMARK-NEXT: %miss = 
func.func @view_read_later(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %miss = linalg.negf ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %v = tensor.expand_shape %a [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  %b = tensor.collapse_shape %v [[0, 1]] : tensor<2x2xf32> into tensor<4xf32>
  %y = linalg.add ins(%miss, %b : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A part of a larger tensor: that would live longer.
// CHECK-LABEL: func.func @part(
// CHECK: memref.alloc() {{.*}} memref<8xf32>
// CHECK: %[[A:.*]] = memref.alloc() {{.*}} memref<4xf32>
// CHECK: linalg.negf ins(%{{.*}}) outs(%[[A]] :
// REMARK: [Missed] in-place | Category:cnn-memory | Remark="is not written over operand 0: it is a part of a tensor"
// REMARK-NEXT: %miss = 
func.func @part(%x: tensor<8xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %e8 = tensor.empty() : tensor<8xf32>
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.exp ins(%x : tensor<8xf32>) outs(%e8 : tensor<8xf32>) -> tensor<8xf32>
  %p = tensor.extract_slice %a[2] [4] [1] : tensor<8xf32> to tensor<4xf32>
  %miss = linalg.negf ins(%p : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %y = linalg.exp ins(%miss : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// Another iteration reads what one writes.
// CHECK-LABEL: func.func @turned(
// CHECK-COUNT-2: memref.alloc()
// CHECK: linalg.generic {{.*}} ins(%[[A:[a-z0-9_]*]], %[[A]] : {{.*}}) outs(%[[B:[a-z0-9_]*]] :
// CHECK: linalg.exp ins(%[[B]] :
// REMARK: [Missed] in-place | Category:cnn-memory | Remark="is not written over operand 0: it is read at other places than the result is written at"
// REMARK-NEXT: %miss = 
#same = affine_map<(d0, d1) -> (d0, d1)>
#turned = affine_map<(d0, d1) -> (d1, d0)>
func.func @turned(%x: tensor<4x4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4x4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %e = tensor.empty() : tensor<4x4xf32>
  %f = tensor.empty() : tensor<4x4xf32>
  %a = linalg.exp ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %miss = linalg.generic {indexing_maps = [#same, #turned, #same], iterator_types = ["parallel", "parallel"]} ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) {
  ^bb0(%p: f32, %q: f32, %unused: f32):
    %sum = arith.addf %p, %q : f32
    linalg.yield %sum : f32
  } -> tensor<4x4xf32>
  %y = linalg.exp ins(%miss : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// -----

// One buffer for one result.
// CHECK-LABEL: func.func @two_results(
// CHECK-COUNT-2: memref.alloc()
// CHECK: linalg.generic {{.*}} ins(%[[A:[a-z0-9_]*]] : {{.*}}) outs(%[[A]], %[[B:[a-z0-9_]*]] :
// CHECK: linalg.add ins(%[[A]], %[[B]] :
// REMARK: [Missed] in-place | Category:cnn-memory | Remark="is not written over operand 0: another result is written over it"
// REMARK-NEXT: %miss:2 = 
#row = affine_map<(d0) -> (d0)>
func.func @two_results(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %miss:2 = linalg.generic {indexing_maps = [#row, #row, #row], iterator_types = ["parallel"]} ins(%a : tensor<4xf32>) outs(%e, %e : tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%p: f32, %u: f32, %v: f32):
    %s = arith.addf %p, %p : f32
    %m = arith.mulf %p, %p : f32
    linalg.yield %s, %m : f32, f32
  } -> (tensor<4xf32>, tensor<4xf32>)
  %y = linalg.add ins(%miss#0, %miss#1 : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

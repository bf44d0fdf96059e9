// RUN: cnn-opt --cnn-outline-kernels %s | FileCheck %s

// Two copies between different buffers are one kernel, called twice.
// CHECK-LABEL: func.func @shared
// CHECK: call @[[COPY:kernel_[0-9]+]](%{{.*}}, %{{.*}})
// CHECK: call @[[COPY]](%{{.*}}, %{{.*}})
// CHECK-NOT: linalg.copy
// CHECK: return
func.func @shared(%a: memref<4xf32>, %b: memref<4xf32>, %c: memref<4xf32>) {
  linalg.copy ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
  linalg.copy ins(%b : memref<4xf32>) outs(%c : memref<4xf32>)
  return
}

// Two halves of one buffer: nothing is promised about them.
// CHECK-LABEL: func.func @same_buffer
// CHECK: call @[[HALVES:kernel_[0-9]+]]
func.func @same_buffer(%a: memref<8xf32>) {
  %low = memref.subview %a[0] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1]>>
  %high = memref.subview %a[4] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: 4>>
  linalg.copy ins(%low : memref<4xf32, strided<[1]>>) outs(%high : memref<4xf32, strided<[1], offset: 4>>)
  return
}

// Views of a blob are buffers of their own, unless they start at the same byte.
// CHECK-LABEL: func.func @views
// CHECK: call @[[COPY]]
// CHECK: call @[[INPLACE:kernel_[0-9]+]]
func.func @views(%blob: memref<64xi8>) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %a = memref.view %blob[%c0][] : memref<64xi8> to memref<4xf32>
  %b = memref.view %blob[%c32][] : memref<64xi8> to memref<4xf32>
  %again = memref.view %blob[%c0][] : memref<64xi8> to memref<4xf32>
  linalg.copy ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
  linalg.copy ins(%a : memref<4xf32>) outs(%again : memref<4xf32>)
  return
}

// Constants come along, other scalars are arguments.
// CHECK-LABEL: func.func @scalars
// CHECK: call @[[CONSTANT:kernel_[0-9]+]](%{{[a-z0-9]+}}) : (memref<4xf32>)
// CHECK: call @{{kernel_[0-9]+}}(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}) : (f32, memref<4xf32>)
func.func @scalars(%a: memref<4xf32>, %s: f32) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%a : memref<4xf32>)
  linalg.fill ins(%s : f32) outs(%a : memref<4xf32>)
  return
}

// CHECK: func.func private @[[COPY]](%{{.*}}: memref<4xf32> {llvm.noalias}, %{{.*}}: memref<4xf32> {llvm.noalias}) attributes {passthrough = ["noinline"]}
// CHECK: func.func private @[[HALVES]](%{{[a-z0-9]+}}: memref<4xf32, strided<[1]>>, %{{[a-z0-9]+}}: memref<4xf32, strided<[1], offset: 4>>)
// CHECK: func.func private @[[INPLACE]](%{{[a-z0-9]+}}: memref<4xf32>, %{{[a-z0-9]+}}: memref<4xf32>)
// CHECK: func.func private @[[CONSTANT]]
// CHECK-NEXT: arith.constant

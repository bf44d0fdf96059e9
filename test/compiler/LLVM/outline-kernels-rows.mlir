// RUN: cnn-opt --cnn-outline-kernels %s | FileCheck %s
// RUN: cnn-opt --cnn-outline-kernels=l2-bytes=4194304 %s | FileCheck %s --check-prefix=LARGE
// RUN: cnn-opt --cnn-outline-kernels --cnn-emit-kernels='vector-bits=512' %s | FileCheck %s --check-prefix=LOOPS

#all = affine_map<(i, j) -> (i, j)>
#turned = affine_map<(i, j) -> (j, i)>
#row = affine_map<(i, j) -> (i)>

// A sum of each row and what is made of the row with it are one function. Its tasks are four rows each: their sums
// at once, then what is made of them. 100 columns are six vectors of 16 lanes and one of four.
// CHECK-LABEL: func.func @rows(
// CHECK-NEXT: call @[[ROWS:kernel_[0-9]+]](%arg0, %arg1, %arg2)
// CHECK-NEXT: return
// LOOPS-LABEL: func.func @rows(
// LOOPS: call @[[ROWS:kernel_[0-9]+]](%arg0, %arg1, %arg2, %c0, %c32)
// LOOPS: return
// LOOPS: func.func private @[[ROWS]](
// LOOPS: scf.for %{{.*}} = %arg3 to %arg4
// LOOPS: %{{.*}}:4 = scf.for {{.*}} -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// LOOPS: vector.load {{.*}} vector<4xf32>
// LOOPS: vector.reduction <add>, %{{.*}} : vector<4xf32> into f32
// LOOPS-NOT: memref.load {{.*}} : memref<12800xf32>
// LOOPS: arith.subf {{.*}} : vector<16xf32>
// LOOPS: arith.subf {{.*}} : vector<4xf32>
// LOOPS-NOT: scf.for %{{.*}} = %arg3
// LOOPS: return
func.func @rows(%x: memref<128x100xf32>, %s: memref<128xf32>, %y: memref<128x100xf32>) {
  cnn.kernel ins(%x : memref<128x100xf32>) outs(%s : memref<128xf32>) maps [#all, #row] extents [128, 100] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%v: f32, %sum: f32):
    %0 = arith.addf %sum, %v : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %s : memref<128x100xf32>, memref<128xf32>) outs(%y : memref<128x100xf32>) {
  ^bb0(%v: f32, %sum: f32, %old: f32):
    %0 = arith.subf %v, %sum : f32
    linalg.yield %0 : f32
  }
  return
}

// In the arena what is made may have the bytes of what it is made of: row by row the one follows the other. Then
// nothing is promised of the two.
// CHECK-LABEL: func.func @in_place(
// CHECK: call @[[PLACE:kernel_[0-9]+]](
// CHECK-NOT: call
// CHECK: return
func.func @in_place(%blob: memref<65536xi8>, %s: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %again = arith.constant 0 : index
  %x = memref.view %blob[%c0][] : memref<65536xi8> to memref<64x100xf32>
  %y = memref.view %blob[%again][] : memref<65536xi8> to memref<64x100xf32>
  cnn.kernel ins(%x : memref<64x100xf32>) outs(%s : memref<64xf32>) maps [#all, #row] extents [64, 100] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%v: f32, %sum: f32):
    %0 = arith.addf %sum, %v : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %s : memref<64x100xf32>, memref<64xf32>) outs(%y : memref<64x100xf32>) {
  ^bb0(%v: f32, %sum: f32, %old: f32):
    %0 = arith.subf %v, %sum : f32
    linalg.yield %0 : f32
  }
  return
}

// Where only some of the bytes are the same, rows are not.
// CHECK-LABEL: func.func @shifted(
// CHECK: call @
// CHECK: call @
func.func @shifted(%blob: memref<65536xi8>, %s: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c400 = arith.constant 400 : index
  %x = memref.view %blob[%c0][] : memref<65536xi8> to memref<64x100xf32>
  %y = memref.view %blob[%c400][] : memref<65536xi8> to memref<64x100xf32>
  cnn.kernel ins(%x : memref<64x100xf32>) outs(%s : memref<64xf32>) maps [#all, #row] extents [64, 100] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%v: f32, %sum: f32):
    %0 = arith.addf %sum, %v : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %s : memref<64x100xf32>, memref<64xf32>) outs(%y : memref<64x100xf32>) {
  ^bb0(%v: f32, %sum: f32, %old: f32):
    %0 = arith.subf %v, %sum : f32
    linalg.yield %0 : f32
  }
  return
}

// Sums of columns need all rows.
// CHECK-LABEL: func.func @columns(
// CHECK: call @
// CHECK: call @
func.func @columns(%x: memref<64x64xf32>, %s: memref<64xf32>, %y: memref<64x64xf32>) {
  cnn.kernel ins(%x : memref<64x64xf32>) outs(%s : memref<64xf32>) maps [#turned, #row] extents [64, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%v: f32, %sum: f32):
    %0 = arith.addf %sum, %v : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %s : memref<64x64xf32>, memref<64xf32>) outs(%y : memref<64x64xf32>) {
  ^bb0(%v: f32, %sum: f32, %old: f32):
    %0 = arith.subf %v, %sum : f32
    linalg.yield %0 : f32
  }
  return
}

// Rows that the second cache does not hold are not worth it; a larger one may.
// CHECK-LABEL: func.func @long_rows(
// CHECK: call @
// CHECK: call @
// LARGE-LABEL: func.func @long_rows(
// LARGE: call @
// LARGE-NEXT: return
func.func @long_rows(%x: memref<64x40000xf32>, %s: memref<64xf32>, %y: memref<64x40000xf32>) {
  cnn.kernel ins(%x : memref<64x40000xf32>) outs(%s : memref<64xf32>) maps [#all, #row] extents [64, 40000] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%v: f32, %sum: f32):
    %0 = arith.addf %sum, %v : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %s : memref<64x40000xf32>, memref<64xf32>) outs(%y : memref<64x40000xf32>) {
  ^bb0(%v: f32, %sum: f32, %old: f32):
    %0 = arith.subf %v, %sum : f32
    linalg.yield %0 : f32
  }
  return
}

// The second reads nothing that the first has written; without sums one pass follows another as well.
// CHECK-LABEL: func.func @strangers(
// CHECK: call @
// CHECK: call @
func.func @strangers(%x: memref<64x100xf32>, %s: memref<64xf32>, %t: memref<64xf32>, %y: memref<64x100xf32>) {
  cnn.kernel ins(%x : memref<64x100xf32>) outs(%s : memref<64xf32>) maps [#all, #row] extents [64, 100] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%v: f32, %sum: f32):
    %0 = arith.addf %sum, %v : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %t : memref<64x100xf32>, memref<64xf32>) outs(%y : memref<64x100xf32>) {
  ^bb0(%v: f32, %sum: f32, %old: f32):
    %0 = arith.subf %v, %sum : f32
    linalg.yield %0 : f32
  }
  return
}

// CHECK-LABEL: func.func @no_sums(
// CHECK: call @
// CHECK: call @
func.func @no_sums(%x: memref<64x100xf32>, %s: memref<64xf32>, %y: memref<64x100xf32>, %z: memref<64x100xf32>) {
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %s : memref<64x100xf32>, memref<64xf32>) outs(%y : memref<64x100xf32>) {
  ^bb0(%v: f32, %sum: f32, %old: f32):
    %0 = arith.subf %v, %sum : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%y, %s : memref<64x100xf32>, memref<64xf32>) outs(%z : memref<64x100xf32>) {
  ^bb0(%v: f32, %sum: f32, %old: f32):
    %0 = arith.subf %v, %sum : f32
    linalg.yield %0 : f32
  }
  return
}

// What is filled and then added to belongs to the rows; what is only filled does not.
// CHECK-LABEL: func.func @filled(
// CHECK: call @{{kernel_[0-9]+}}(%arg0, %arg1, %arg2)
// CHECK-NEXT: call @{{kernel_[0-9]+}}(%arg1)
// CHECK-NEXT: return
func.func @filled(%x: memref<64x100xf32>, %s: memref<64xf32>, %t: memref<64xf32>) {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  cnn.kernel ins(%x : memref<64x100xf32>) outs(%s : memref<64xf32>) maps [#all, #row] extents [64, 100] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%v: f32, %sum: f32):
    %0 = arith.addf %sum, %v : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  linalg.fill ins(%zero : f32) outs(%t : memref<64xf32>)
  linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%x, %s : memref<64x100xf32>, memref<64xf32>) outs(%t : memref<64xf32>) {
  ^bb0(%v: f32, %sum: f32, %old: f32):
    %0 = arith.subf %v, %sum : f32
    %1 = arith.addf %old, %0 : f32
    linalg.yield %1 : f32
  }
  linalg.fill ins(%one : f32) outs(%s : memref<64xf32>)
  return
}

// CHECK: func.func private @[[ROWS]](%{{.*}}: memref<128x100xf32> {llvm.noalias}, %{{.*}}: memref<128xf32> {llvm.noalias}, %{{.*}}: memref<128x100xf32> {llvm.noalias})
// CHECK: func.func private @[[PLACE]](%{{[a-z0-9]+}}: memref<64x100xf32>, %{{[a-z0-9]+}}: memref<64xf32> {llvm.noalias}, %{{[a-z0-9]+}}: memref<64x100xf32>)

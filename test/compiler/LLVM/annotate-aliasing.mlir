// RUN: cnn-opt %s --pass-pipeline='builtin.module(llvm.func(cnn-annotate-aliasing))' | FileCheck %s

// View 0 and 1 share no byte; view 2 lies over both, at another time.
// CHECK-DAG: #[[V0:.*]] = #llvm.alias_scope<id = "f.view0"
// CHECK-DAG: #[[V1:.*]] = #llvm.alias_scope<id = "f.view1"
// CHECK-DAG: #[[V2:.*]] = #llvm.alias_scope<id = "f.view2"
// CHECK-DAG: #[[V3:.*]] = #llvm.alias_scope<id = "f.view3"
// CHECK-LABEL: llvm.func @f(
// CHECK-NOT: cnn.views
llvm.func @f(%params: !llvm.ptr, %x: !llvm.ptr, %ws: !llvm.ptr, %i: i64)
    attributes {cnn.views = [array<i64: 2, 0, 64>, array<i64: 2, 64, 64>, array<i64: 2, 32, 64>, array<i64: 0, 64, 16>]} {
  // CHECK: llvm.load {{.*}} {alias_scopes = [#[[V0]]], noalias_scopes = [#[[V1]], #[[V3]]]}
  %a = llvm.getelementptr %ws[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %v = llvm.load %a : !llvm.ptr -> f32
  // CHECK: llvm.store {{.*}} {alias_scopes = [#[[V1]]], noalias_scopes = [#[[V0]], #[[V3]]]}
  %b0 = llvm.getelementptr %ws[64] : (!llvm.ptr) -> !llvm.ptr, i8
  %b = llvm.getelementptr %b0[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  llvm.store %v, %b : f32, !llvm.ptr
  // CHECK: llvm.store {{.*}} {alias_scopes = [#[[V2]]], noalias_scopes = [#[[V3]]]}
  %c = llvm.getelementptr %ws[32] : (!llvm.ptr) -> !llvm.ptr, i8
  llvm.store %v, %c : f32, !llvm.ptr
  // CHECK: llvm.load {{.*}} {alias_scopes = [#[[V3]]], noalias_scopes = [#[[V0]], #[[V1]], #[[V2]]]}
  %p = llvm.getelementptr %params[64] : (!llvm.ptr) -> !llvm.ptr, i8
  %w = llvm.load %p : !llvm.ptr -> f32

  // Near misses: no view, bytes, and an offset that is no view's.
  // CHECK: llvm.load %{{.*}} : !llvm.ptr -> f32
  %n0 = llvm.load %x : !llvm.ptr -> f32
  // CHECK: llvm.load %{{.*}} : !llvm.ptr -> i8
  %n1 = llvm.load %ws : !llvm.ptr -> i8
  // CHECK: llvm.load %{{.*}} : !llvm.ptr -> f32
  %d = llvm.getelementptr %ws[48] : (!llvm.ptr) -> !llvm.ptr, i8
  %n2 = llvm.load %d : !llvm.ptr -> f32
  llvm.return
}

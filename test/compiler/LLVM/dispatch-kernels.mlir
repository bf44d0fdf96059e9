// RUN: cnn-opt --cnn-dispatch-kernels --split-input-file %s | FileCheck %s
// RUN: cnn-opt --cnn-dispatch-kernels='profile=true' --split-input-file %s | FileCheck %s --check-prefix=PROFILE
// RUN: cnn-opt --cnn-dispatch-kernels --cnn-dispatch-kernels --split-input-file %s | FileCheck %s

// A split kernel is called through the caller's hook; the others are called as they are. One array
// on the stack serves all calls of a function.
// CHECK: llvm.mlir.global internal @cnn.parallel(#llvm.zero) {{.*}}: !llvm.array<2 x ptr>
// CHECK-LABEL: llvm.func @net_forward
// CHECK-SAME: (%[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr, %[[S:.*]]: f32)
// CHECK: %[[CONTEXT:.*]] = llvm.alloca %{{.*}} x !llvm.array<3 x i64>
// CHECK-NOT: llvm.alloca
// CHECK: %[[C8:.*]] = llvm.mlir.constant(8 : i64)
// CHECK: %[[SLOT0:.*]] = llvm.getelementptr %[[CONTEXT]][0]
// CHECK: llvm.store %[[X]], %[[SLOT0]] : !llvm.ptr
// CHECK: %[[SLOT1:.*]] = llvm.getelementptr %[[CONTEXT]][1]
// CHECK: llvm.store %[[Y]], %[[SLOT1]] : !llvm.ptr
// CHECK: %[[TASK:.*]] = llvm.mlir.addressof @split_task
// CHECK: llvm.call @cnn.dispatch(%[[TASK]], %[[CONTEXT]], %[[C8]])
// CHECK: llvm.call @whole(%[[Y]])
// CHECK: llvm.getelementptr %[[CONTEXT]][0]
// CHECK: %[[SLOT2:.*]] = llvm.getelementptr %[[CONTEXT]][2]
// CHECK: llvm.store %[[S]], %[[SLOT2]] : f32
// CHECK: llvm.mlir.addressof @scaled_task
// CHECK: llvm.call @cnn.dispatch
// CHECK: llvm.call @one_task(%{{.*}}, %{{.*}}, %{{.*}}) :
// CHECK: llvm.getelementptr %[[CONTEXT]][0]
// CHECK: llvm.call @cnn.dispatch

// The kernel keeps what is promised of its arguments.
// CHECK: llvm.func @split(%{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: i64, %{{.*}}: i64)
// CHECK-SAME: attributes {passthrough = ["noinline"], sym_visibility = "private"}

// CHECK: llvm.func internal @split_task(%[[FROM:.*]]: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64)
// CHECK: %[[A:.*]] = llvm.load %{{.*}} : !llvm.ptr -> !llvm.ptr
// CHECK: %[[B:.*]] = llvm.load %{{.*}} : !llvm.ptr -> !llvm.ptr
// CHECK: llvm.call @split(%[[A]], %[[B]], %[[BEGIN]], %[[END]])

// Without a hook, all tasks in the caller.
// CHECK: llvm.func internal @cnn.dispatch(%[[TASK:.*]]: !llvm.ptr, %[[CONTEXT:.*]]: !llvm.ptr, %[[N:.*]]: i64)
// CHECK: %[[PLACE:.*]] = llvm.mlir.addressof @cnn.parallel
// CHECK: %[[HOOK:.*]] = llvm.load %[[PLACE]]
// CHECK: llvm.icmp "eq" %[[HOOK]]
// CHECK: llvm.cond_br %{{.*}}, ^[[ALONE:.*]], ^[[TOGETHER:.*]]
// CHECK: ^[[ALONE]]:
// CHECK: %[[C0:.*]] = llvm.mlir.constant(0 : i64)
// CHECK: llvm.call %[[TASK]](%[[CONTEXT]], %[[C0]], %[[N]])
// CHECK: ^[[TOGETHER]]:
// CHECK: %[[POOL:.*]] = llvm.load
// CHECK: llvm.call %[[HOOK]](%[[POOL]], %[[TASK]], %[[CONTEXT]], %[[N]])

// CHECK: llvm.func internal @scaled_task
// CHECK: llvm.load %{{.*}} : !llvm.ptr -> f32
// A kernel that is called twice has one task function.
// CHECK-NOT: llvm.func internal @split_task
// CHECK-NOT: cnn.tasks

// Each call of a kernel, split or not, stands between two announcements.
// PROFILE: module attributes {cnn.model = {batch = 4 : i64, calls = [
// PROFILE-SAME: {direction = "", kernel = "split", layer = "conv1", line = 3 : i64},
// PROFILE-SAME: {direction = "weights", kernel = "whole", layer = "fc1", line = 9 : i64},
// PROFILE-SAME: {direction = "", kernel = "scaled", layer = "relu1", line = 4 : i64},
// PROFILE-SAME: {direction = "", kernel = "one_task", layer = "", line = 0 : i64},
// PROFILE-SAME: {direction = "", kernel = "split", layer = "conv2", line = 7 : i64}]}}
// PROFILE: llvm.mlir.global internal @cnn.probe
// PROFILE-LABEL: llvm.func @net_forward
// PROFILE: llvm.mlir.constant(8 : i64)
// PROFILE-NEXT: %[[CALL:.*]] = llvm.mlir.constant(0 : i64)
// PROFILE-NEXT: %[[START:.*]] = llvm.mlir.constant(1 : i32)
// PROFILE: llvm.call @cnn.probe_call(%[[CALL]], %[[START]])
// PROFILE: llvm.call @cnn.dispatch
// PROFILE: %[[STOP:.*]] = llvm.mlir.constant(0 : i32)
// PROFILE: llvm.call @cnn.probe_call(%[[CALL]], %[[STOP]])
// PROFILE: %[[NEXT:.*]] = llvm.mlir.constant(1 : i64)
// PROFILE: llvm.call @cnn.probe_call(%[[NEXT]]
// PROFILE: llvm.call @whole
// PROFILE: llvm.call @cnn.probe_call(%[[NEXT]]
// PROFILE: llvm.call @sqrtf
// PROFILE-NOT: probe_call
// PROFILE: llvm.mlir.constant(2 : i64)
// What a private function calls is a part of it.
// PROFILE-LABEL: llvm.func @whole
// PROFILE-NOT: probe_call
// PROFILE-LABEL: llvm.func @one_task
// PROFILE-LABEL: llvm.func internal @cnn.probe_call(%{{.*}}: i64, %{{.*}}: i32)
// PROFILE: llvm.mlir.addressof @cnn.probe
// PROFILE: llvm.call %{{.*}}(%{{.*}}, %{{.*}}, %{{.*}}) : !llvm.ptr, (!llvm.ptr, i64, i32) -> ()
module attributes {cnn.model = {batch = 4 : i64}} {
  llvm.func @sqrtf(f32) -> f32
  llvm.func @net_forward(%x: !llvm.ptr, %y: !llvm.ptr, %s: f32) {
    %0 = llvm.mlir.constant(0 : i64) : i64
    %1 = llvm.mlir.constant(1 : i64) : i64
    %8 = llvm.mlir.constant(8 : i64) : i64
    llvm.call @split(%x, %y, %0, %8) : (!llvm.ptr, !llvm.ptr, i64, i64) -> () loc("conv1"("net.cnn":3:5))
    llvm.call @whole(%y) : (!llvm.ptr) -> () loc("fc1"("weights"("net.cnn":9:5)))
    %root = llvm.call @sqrtf(%s) : (f32) -> f32
    llvm.call @scaled(%x, %y, %s, %0, %8) : (!llvm.ptr, !llvm.ptr, f32, i64, i64) -> () loc(fused["relu1"("net.cnn":4:5), "fc2"("data"("net.cnn":5:5))])
    llvm.call @one_task(%x, %0, %1) : (!llvm.ptr, i64, i64) -> () loc(unknown)
    llvm.call @split(%y, %x, %0, %8) : (!llvm.ptr, !llvm.ptr, i64, i64) -> () loc("conv2"("net.cnn":7:5))
    llvm.return
  }
  llvm.func @split(%a: !llvm.ptr {llvm.noalias}, %b: !llvm.ptr {llvm.noalias}, %begin: i64, %end: i64)
      attributes {cnn.tasks = 8 : i64, passthrough = ["noinline"], sym_visibility = "private"} {
    llvm.return
  }
  llvm.func @whole(%a: !llvm.ptr) attributes {sym_visibility = "private"} {
    %root = llvm.mlir.zero : !llvm.ptr
    llvm.call @part(%root) : (!llvm.ptr) -> ()
    llvm.return
  }
  llvm.func @part(%a: !llvm.ptr) attributes {sym_visibility = "private"} {
    llvm.return
  }
  llvm.func @scaled(%a: !llvm.ptr, %b: !llvm.ptr, %s: f32, %begin: i64, %end: i64)
      attributes {cnn.tasks = 8 : i64, sym_visibility = "private"} {
    llvm.return
  }
  llvm.func @one_task(%a: !llvm.ptr, %begin: i64, %end: i64)
      attributes {cnn.tasks = 1 : i64, sym_visibility = "private"} {
    llvm.return
  }
}

// -----

// Nothing is split: the module stays as it was.
// CHECK-LABEL: module @plain
// CHECK-NOT: @cnn.
// CHECK: llvm.call @kernel(
module @plain {
  llvm.func @net_forward(%x: !llvm.ptr) {
    llvm.call @kernel(%x) : (!llvm.ptr) -> ()
    llvm.return
  }
  llvm.func @kernel(%x: !llvm.ptr) attributes {sym_visibility = "private"} {
    llvm.return
  }
}

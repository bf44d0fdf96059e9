//===- Passes.td - Memory: tensors to buffers in one arena ----*- tablegen -*-===//

#ifndef CNNC_MEMORY_PASSES_TD
#define CNNC_MEMORY_PASSES_TD

include "mlir/Pass/PassBase.td"

def BufferizePass : Pass<"cnn-bufferize", "::mlir::ModuleOp"> {
  let summary = "tensors to buffers; results are written where the caller keeps them";
  let description = [{
    Gives every result of a function a destination among its arguments and then runs one-shot
    bufferization, whose analysis decides where a copy is needed:

    | result | destination |
    |---|---|
    | `"update"` | the argument of that variable: it is updated in place |
    | `"output"`, `"gradient"`, `"loss"`, `"probe"` | a new argument with the same role and name |

    Inputs, targets, the learning rate and variables that are not updated are never written. A
    variable that is still read after its new value exists keeps its old value until then: the new
    value waits in a buffer of its own. Buffers have static shapes and, where they are allocated or
    arguments, the identity layout. Copies are `linalg.copy`, never a call.

    An element-wise `linalg` op whose result would need a buffer is written over an operand of the
    same type that it reads at the same place, unless that is an argument, a constant or a part of
    another tensor, or is read later (`in-place`). A remark (`cnn-memory`) says so, or why not.

    Leaves alone: functions without a body; everything that is not a tensor.

    Fails, at the op, if a result has no `cnn.role`, if an update names no variable argument, if a
    variable is updated twice, or if a buffer would have a dynamic shape.

    ```mlir
    func.func @train_step(%w: tensor<4xf32> {cnn.role = "variable", cnn.name = "w"},
                          %g: tensor<4xf32> {cnn.role = "input", cnn.name = "g"})
        -> (tensor<4xf32> {cnn.role = "update", cnn.name = "w"}) {
      %e = tensor.empty() : tensor<4xf32>
      %r = linalg.sub ins(%w, %g : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
      return %r : tensor<4xf32>
    }
    ==>
    func.func @train_step(%w: memref<4xf32> {cnn.role = "variable", cnn.name = "w"},
                          %g: memref<4xf32> {cnn.role = "input", cnn.name = "g"}) {
      linalg.sub ins(%w, %g : memref<4xf32>, memref<4xf32>) outs(%w : memref<4xf32>)
      return
    }
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::tensor::TensorDialect"];
  let options = [
    Option<"inPlace", "in-place", "bool", "true",
           "element-wise ops are written over operands that nobody reads later">
  ];
  let statistics = [Statistic<"overwritten", "overwritten",
                              "ops that are written over an operand">];
}

def HoistUpdatesPass : Pass<"cnn-hoist-updates", "::mlir::func::FuncOp"> {
  let summary = "updates each variable as soon as its gradient is there, small ones together";
  let description = [{
    Moves an op that computes nothing but new values of the function's arguments up, behind the last
    op that it needs: what it reads, and all other readers of the arguments that it updates. So the
    memory of one gradient can be that of the next one.

    Small updates by the learning rate that do the same element by element wait for each other: as
    soon as some of them are together worth a sweep (8192 elements), they stand side by side behind
    what the last one needs, and `cnn-join-updates` makes one sweep of them. Their gradients live
    until then; they are small, and none lives across the ops at which about as much memory is in
    use as ever. What is left at the end, and updates that threads share alone (from 16384 elements),
    wait for nobody. A remark (`cnn-memory`) says of each update which it is.

    Legal because on tensors the order of ops means nothing but "defined before used"; behind the
    other readers the update needs no copy of the old value.

    Leaves alone: ops whose result is used by another op, and functions of several blocks.

    ```mlir
    %g = "gradient of w"
    %h = "gradient of the layer before"
    %r = linalg.sub ins(%w, %g : tensor<4xf32>, tensor<4xf32>) outs(%w : tensor<4xf32>) -> tensor<4xf32>
    ==>
    %g = "gradient of w"
    %r = linalg.sub ins(%w, %g : tensor<4xf32>, tensor<4xf32>) outs(%w : tensor<4xf32>) -> tensor<4xf32>
    %h = "gradient of the layer before"
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
  let statistics = [Statistic<"hoisted", "hoisted", "updates that moved up">,
                    Statistic<"gathered", "gathered", "updates that stand side by side">];
}

def PlanArenaPass : Pass<"cnn-plan-arena", "::mlir::func::FuncOp"> {
  let summary = "places all temporary buffers of a function in one workspace";
  let description = [{
    Replaces every allocation by a view into one new argument, the workspace, so that buffers which
    are never alive together share memory. A buffer is alive from the first to the last op of the
    function's block that touches it or a view of it; an op inside a region counts as the op of the
    block that holds it, so what a loop touches is alive during the whole loop. Each buffer goes into
    the tightest gap that fits, in several orders (by size, by size and life, …), of which the
    smallest arena is kept; offsets are multiples of 64.

    Legal because the functions have one block, do not recurse and return no buffer. The function
    gets `cnn.arena_bytes`; each view keeps its interval of steps as `cnn.live`. A step is an op of
    the block that does something: no constant, no view. With `record`, the function also gets
    `cnn.arena`: of each buffer its place in the text, bytes, offset and steps, and of each step its
    place in the text; `cnnc plan` shows it.

    Leaves alone: functions without a body; arguments and globals.

    Fails, at the allocation, if it has a dynamic shape or a layout, or if it leaves the region that
    allocates it (one iteration's buffer would have to outlive the next one's birth).

    ```mlir
    func.func @forward(%x: memref<16xf32>) {
      %a = memref.alloc() : memref<16xf32>
      linalg.copy ins(%x : memref<16xf32>) outs(%a : memref<16xf32>)
      return
    }
    ==>
    func.func @forward(%x: memref<16xf32>, %workspace: memref<64xi8> {cnn.role = "workspace"})
        attributes {cnn.arena_bytes = 64 : i64} {
      %c0 = arith.constant 0 : index
      %a = memref.view %workspace[%c0][] {cnn.live = array<i64: 0, 0>} : memref<64xi8> to memref<16xf32>
      linalg.copy ins(%x : memref<16xf32>) outs(%a : memref<16xf32>)
      return
    }
    ```
  }];
  let options = [Option<"record", "record", "bool", "false", "keep the plan as cnn.arena">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
  let statistics = [
    Statistic<"arenaBytes", "arena-bytes", "bytes of all workspaces">,
    Statistic<"bufferBytes", "buffer-bytes", "bytes of all buffers, had each its own memory">
  ];
}

#endif // CNNC_MEMORY_PASSES_TD

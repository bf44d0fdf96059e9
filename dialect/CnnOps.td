//===- CnnOps.td - All ops of the dialect ----------------------*- tablegen -*-===//

#ifndef CNN_OPS_TD
#define CNN_OPS_TD

include "dialect/Ops/Variable.td"
include "dialect/Ops/Conv.td"
include "dialect/Ops/Pool.td"
include "dialect/Ops/Resample.td"
include "dialect/Ops/Norm.td"
include "dialect/Ops/Activation.td"
include "dialect/Ops/Linear.td"
include "dialect/Ops/Elementwise.td"
include "dialect/Ops/Shape.td"
include "dialect/Ops/Border.td"
include "dialect/Ops/Loss.td"
include "dialect/Ops/Optimizer.td"
include "dialect/Ops/Kernel.td"

#endif // CNN_OPS_TD

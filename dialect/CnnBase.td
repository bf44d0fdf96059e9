//===- CnnBase.td - The cnn dialect ----------------------------*- tablegen -*-===//

#ifndef CNN_BASE_TD
#define CNN_BASE_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Cnn_Dialect : Dialect {
  let name = "cnn";
  let cppNamespace = "::mlir::cnn";
  let summary = "what a convolutional network means";
  let description = [{
    Ops of convolutional networks and of their gradients, on ranked tensors of static shape whose
    first dimension is the batch: `tensor<NxCxHxWxf32>`, or `f64` where gradients are checked. No
    op knows of a loop, a buffer or a memory layout.

    A module holds one network at one batch size: `cnn.variable` ops name what outlives a call, and
    functions compute. The arguments and results of these functions say by attributes what they are:

    | argument | `cnn.role` | `cnn.name` |
    |---|---|---|
    | an input of the network | `"input"` | its name |
    | what the loss compares with | `"target"` | its name |
    | a parameter, a statistic or a slot | `"variable"` | the symbol of its `cnn.variable` |
    | the learning rate, `tensor<f32>` | `"learning_rate"` | absent |

    | result | `cnn.role` | `cnn.name` |
    |---|---|---|
    | an output of the network | `"output"` | its name |
    | the loss, a tensor of rank 0 | `"loss"` | absent |
    | the new value of a variable | `"update"` | its symbol |
    | a gradient | `"gradient"` | the parameter's symbol, or `input.<name>` |
    | a further value of forward or gradient, for a check | `"probe"` | absent |
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"]; // constants of gradients
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

class Cnn_Op<string mnemonic, list<Trait> traits = []> : Op<Cnn_Dialect, mnemonic, traits>;

def Cnn_Role : I32EnumAttr<"VariableRole", "what a variable is for", [
    I32EnumAttrCase<"parameter", 0>, // trained
    I32EnumAttrCase<"statistic", 1>, // running mean and variance: kept with the parameters
    I32EnumAttrCase<"slot", 2>,      // of the optimizer: momentum, moments, step, seed
    I32EnumAttrCase<"frozen", 3>     // a parameter that is not trained
  ]> {
  let cppNamespace = "::mlir::cnn";
}

def Cnn_Float : FloatOfWidths<[32, 64]>;
def Cnn_Scalar : 0DTensorOf<[Cnn_Float]>;
def Cnn_Rate : 0DTensorOf<[F32]>,
    BuildableType<"::mlir::RankedTensorType::get({}, $_builder.getF32Type())">;
def Cnn_Counter : 0DTensorOf<[I64]>,
    BuildableType<"::mlir::RankedTensorType::get({}, $_builder.getI64Type())">;
def Cnn_Tensor : StaticShapeTensorOf<[Cnn_Float]>;
class Cnn_StaticTensor<Type type, string what> : ConfinedType<type, [HasStaticShapePred],
    what # " of static shape">;
def Cnn_Vector : Cnn_StaticTensor<1DTensorOf<[Cnn_Float]>, "1D tensor of f32 or f64">;
def Cnn_Matrix : Cnn_StaticTensor<2DTensorOf<[Cnn_Float]>, "2D tensor of f32 or f64">;
def Cnn_Image : Cnn_StaticTensor<4DTensorOf<[Cnn_Float]>, "4D tensor of f32 or f64">;
def Cnn_Index : Cnn_StaticTensor<4DTensorOf<[I8, I32]>, "4D tensor of i8 or i32">;

#endif // CNN_BASE_TD

//===- PrintedStep.h - One op as a step of a chain --------------------------===//
#ifndef CNNC_IRGEN_PRINTEDSTEP_H
#define CNNC_IRGEN_PRINTEDSTEP_H

#include "compiler/Frontend/TypedAST.h"
#include "dialect/CnnOps.h"

namespace cnnc {

/// What a value is in the language: its size, with or without a batch.
struct Form {
  Shape shape;
  bool isWhole = false;
};

/// A value, and steps on its way into a layer: (dy, w -> flip).
struct PrintedOperand {
  mlir::Value value;
  std::string steps;
};

/// An op's result in the language: operands, then a layer. Without a layer it is its
/// operand under another name.
struct PrintedStep {
  llvm::SmallVector<PrintedOperand, 2> operands;
  std::string layer;
  Form form;
};

/// Finds the steps of a function's values, in the order of its ops.
class StepFinder {
public:
  void declare(mlir::Value value, Form form) { forms[value] = std::move(form); }
  /// Nothing if no layer computes the value by itself: it may be part of a larger step.
  std::optional<PrintedStep> find(mlir::OpResult value);

  /// The numbers of a text that reads back to the same bits; 1/64 where that is shorter.
  static std::string number(double value);

private:
  using Step = std::optional<PrintedStep>;
  const Form *form(mlir::Value value) const;
  bool isWhole(mlir::Value value) const { return form(value) && form(value)->isWhole; }
  Step unary(mlir::Value input, std::string layer);
  Step unary(mlir::Value input, std::string layer, Form form);
  /// Element by element; constants take the form of a neighbour.
  Step elementwise(mlir::Operation *op, std::string layer);
  Step product(mlir::cnn::MulOp op);
  Step largeStep(mlir::Operation *op);
  /// An operand, where it is a constant as `like -> fill(c)`.
  PrintedOperand operand(mlir::Value value, mlir::Value like);

  // PrintedWindows.cpp
  Step convolution(mlir::cnn::Conv2DOp op);
  Step transposedConvolution(mlir::cnn::Conv2DOp op);
  /// The gradient of a filter ends in a transposition.
  Step correlation(mlir::cnn::TransposeOp op);
  Step flip(mlir::cnn::TransposeFilterOp op);
  Step pool(mlir::Operation *op);
  Step unpool(mlir::cnn::UnpoolOp op);
  Step sumPool(mlir::cnn::SumPoolOp op);
  // PrintedShapes.cpp
  Step matmul(mlir::cnn::MatmulOp op);
  Step biasAdd(mlir::cnn::BiasAddOp op);
  Step rearrange(mlir::cnn::TransposeOp op);
  Step reshape(mlir::cnn::ReshapeOp op);
  Step broadcast(mlir::cnn::BroadcastOp op);
  Step reduceSum(mlir::cnn::ReduceSumOp op);
  Step pad(mlir::cnn::PadOp op);
  Step norm(mlir::OpResult result);
  Step loss(mlir::Operation *op);

  llvm::DenseMap<mlir::Value, Form> forms;
  /// Convolutions and products that a bias may still join.
  llvm::DenseMap<mlir::Value, PrintedStep> weighted;
};

/// `name=value` arguments of a layer, in ( ) where there are any.
class ArgumentList {
public:
  void add(std::string value) { list.push_back(std::move(value)); }
  void add(llvm::StringRef name, const std::string &value) {
    list.push_back((name + "=" + value).str());
  }
  /// Leaves out what is the default.
  void addNumber(llvm::StringRef name, double value, double standard) {
    if (value != standard)
      add(name, StepFinder::number(value));
  }
  std::string on(llvm::StringRef layer) const;

private:
  llvm::SmallVector<std::string> list;
};

/// 3, or (3, 5).
std::string pairText(int64_t h, int64_t w);
/// [64, 56, 56]
std::string shapeText(const Shape &shape);
/// The constant that a value is everywhere.
std::optional<double> splatOf(mlir::Value value);

inline llvm::ArrayRef<int64_t> sizesOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

} // namespace cnnc

#endif // CNNC_IRGEN_PRINTEDSTEP_H

//===- LinearCheck.cpp - Adjoint identities on small integers -------------===//

#include "tools/cnnc/CheckNumbers.h"
#include "tools/cnnc/LayerCheck.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace cnnc;

/// Integers up to these are exact, in f32 and in f64.
static constexpr double kExactSingle = 0x1p24, kExactDouble = 0x1p53;

namespace {

/// The numbers that a check runs on.
struct Magnitude {
  int64_t most = 0; ///< from -most to most
  bool isDouble = false;
};

} // namespace

/// The largest integers for which every partial sum is exact: those of the compiled code in
/// its type, those of the scalar products in f64.
static std::optional<Magnitude> magnitudeFor(const LinearForm &form, double elements) {
  size_t degree = 1;
  for (const std::vector<size_t> &term : form.terms)
    degree = std::max(degree, term.size());
  constexpr int64_t largest = 32; // more would not find more
  for (bool isDouble : {false, true})
    for (int64_t most = largest; most > 0; --most) {
      double sum = std::pow(double(most), double(degree)) * form.longestSum + double(most);
      double product = sum * double(most) * elements * form.scale;
      if (sum <= (isDouble ? kExactDouble : kExactSingle) && product <= kExactDouble)
        return Magnitude{most, isDouble};
    }
  return std::nullopt;
}

namespace {

/// One layer's code, on one set of numbers after the other.
class LinearChecker {
public:
  LinearChecker(const TypedNet &alone, CheckedCode &code, const LinearForm &form, int64_t most)
      : code(code), form(form), most(most), operands(operandsOf(alone, code, code)),
        rows(operands.size()), told(operands.size()) {
    for (auto [row, operand] : llvm::zip_equal(rows, operands))
      row.towards = operand.name;
  }

  void check(uint64_t seed);
  bool knowsEnough() const;
  std::vector<CheckRow> takeRows();

private:
  void checkTerm(uint64_t seed, const std::vector<size_t> &term);

  CheckedCode &code;
  const LinearForm &form;
  int64_t most;
  std::vector<CheckedOperand> operands;
  std::vector<CheckRow> rows;
  std::vector<unsigned> told; ///< draws with a product that is not 0, of each operand
};

} // namespace

static void fillWithIntegers(const NumberView &view, uint64_t seed, size_t stream, int64_t most) {
  Draw draw(seed, stream);
  for (size_t i = 0; i < view.count; ++i)
    view.set(i, draw.integer(i, most));
}

/// The identity towards each operand of a term, all other terms being 0.
void LinearChecker::checkTerm(uint64_t seed, const std::vector<size_t> &term) {
  for (auto [i, operand] : llvm::enumerate(operands)) {
    if (llvm::is_contained(term, i))
      fillWithIntegers(operand.values, seed, i, most);
    else
      operand.values.fill(0);
  }
  code.forward();
  double forward = dot(code.outputs[0], code.targets[0]);
  for (size_t i : term) {
    if (!operands[i].gradient)
      continue;
    double backward = dot(operands[i].values, *operands[i].gradient);
    CheckRow &row = rows[i];
    row.numbers = operands[i].values.count;
    double error = std::fabs(forward - backward);
    told[i] += forward != 0;
    if (error == 0)
      continue;
    row.passed = false;
    row.worst = std::max(row.worst, std::isnan(error) ? HUGE_VAL : error);
    row.reason = fmt::format("<dy, A x> = {}, but <A^T dy, x> = {}", forward, backward);
  }
}

void LinearChecker::check(uint64_t seed) {
  for (auto [i, operand] : llvm::enumerate(operands))
    fillWithIntegers(operand.values, seed, i, most);
  fillWithIntegers(code.targets[0], seed, operands.size(), most);
  code.gradient();
  for (const std::vector<size_t> &term : form.terms)
    checkTerm(seed, term);
}

bool LinearChecker::knowsEnough() const {
  constexpr unsigned enough = 2; // two errors that cancel in one draw do not in another
  for (auto [count, operand] : llvm::zip_equal(told, operands))
    if (operand.gradient && count < enough)
      return false;
  return true;
}

std::vector<CheckRow> LinearChecker::takeRows() {
  std::vector<CheckRow> kept;
  for (auto [row, count, operand] : llvm::zip_equal(rows, told, operands)) {
    if (!operand.gradient)
      continue;
    if (count == 0 && row.passed) {
      row.passed = false;
      row.reason = "<dy, A x> is 0 on all numbers: nothing is tested";
    }
    kept.push_back(std::move(row));
  }
  return kept;
}

/// Elements of the largest tensor.
static double mostElements(const TypedNet &alone, int64_t batch) {
  double most = 0;
  auto consider = [&](const Shape &shape, double images) {
    for (int64_t size : shape)
      images *= double(size);
    most = std::max(most, images);
  };
  for (const Tensor &tensor : alone.tensors)
    consider(tensor.shape, double(batch));
  for (const Parameter &parameter : alone.parameters)
    consider(parameter.shape, 1);
  return most;
}

Result<LayerReport> cnnc::checkLinear(CheckCompiler &compiler, const TypedNet &alone,
                                      const LinearForm &form, uint64_t seed) {
  std::optional<Magnitude> magnitude =
      magnitudeFor(form, mostElements(alone, compiler.options().batch));
  if (!magnitude)
    return checkByDifferences(compiler, alone, seed);
  IRGenOptions irgen{.doublePrecision = magnitude->isDouble};
  irgen.checks = CheckFunctions::Outputs;
  Result<CheckedCode> code = compiler.compile(alone, irgen);
  if (!code)
    return code.status();
  LinearChecker checker(alone, *code, form, magnitude->most);
  constexpr uint64_t mostDraws = 16;
  for (uint64_t draw = 0; draw < mostDraws && !checker.knowsEnough(); ++draw)
    checker.check(seed + draw);
  const Layer &layer = alone.layers[0];
  return LayerReport{layer.name, layer.keyword, layer.range, "exact", checker.takeRows()};
}

//===- DifferenceCheck.cpp - Gradients against difference quotients -------===//

#include "tools/cnnc/DifferenceCheck.h"
#include "tools/cnnc/CheckNumbers.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace cnnc;

/// Up to so many coordinates all are moved, of more a random sample.
static constexpr size_t kAllCoordinates = 32, kSampledCoordinates = 16;
/// Directions that move all coordinates of an operand at once.
static constexpr size_t kDirections = 3;
/// Streams of random numbers.
static constexpr uint64_t kCoordinateStream = 10000, kDirectionStream = 20000;
/// Outputs and their probes are about 1. Derivatives this much smaller count as 0: rounding
/// is 2^-52 / kDistance, a ten-millionth of it.
static constexpr double kFloor = 1e-5;

double cnnc::extrapolatedSlope(llvm::function_ref<double(double)> difference, double distance) {
  // The errors of both are proportional to the square of the distance.
  double wide = difference(distance) / (2 * distance), narrow = difference(distance / 2) / distance;
  return (4 * narrow - wide) / 3;
}

void cnnc::compare(CheckRow &row, double found, double expected, double size, double bar,
                   llvm::function_ref<std::string()> place) {
  double error = std::fabs(found - expected) / std::max({size, std::fabs(expected), 1e-300});
  if (std::isnan(error))
    error = HUGE_VAL;
  row.worst = std::max(row.worst, error);
  if (error <= bar)
    return;
  row.passed = false;
  if (row.reason.empty() || error == row.worst)
    row.reason = fmt::format("{}: the gradient is {:.9g}, the difference quotient {:.9g}", place(),
                             found, expected);
}

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

void DifferenceChecker::checkCoordinates(const CheckedOperand &operand, size_t which,
                                         CheckRow &row) {
  size_t count = operand.values.count;
  double largest = floor;
  for (size_t i = 0; i < count; ++i)
    largest = std::max(largest, std::fabs(operand.gradient->at(i)));
  row.numbers = count <= kAllCoordinates ? count : kSampledCoordinates;
  Draw draw(seed, kCoordinateStream + which);
  for (size_t n = 0; n < row.numbers; ++n) {
    size_t i = count <= kAllCoordinates ? n : draw.word(n) % count;
    double value = operand.values.at(i);
    double slope = extrapolatedSlope(
        [&](double step) {
          double change = difference([&](double d) { operand.values.set(i, value + d); }, step);
          operand.values.set(i, value);
          return change;
        },
        distance);
    compare(row, operand.gradient->at(i), slope, largest, kDifferenceBar,
            [&] { return fmt::format("element {}", i); });
  }
}

void DifferenceChecker::checkDirections(const CheckedOperand &operand, size_t which,
                                        CheckRow &row) {
  std::vector<double> values = operand.values.copy();
  for (size_t n = 0; n < kDirections; ++n) {
    Draw draw(seed, kDirectionStream + kDirections * which + n);
    long double slope = 0, squares = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      long double part = (long double)operand.gradient->at(i) * draw.direction(i);
      slope += part;
      squares += part * part;
    }
    auto move = [&](double step) {
      for (size_t i = 0; i < values.size(); ++i)
        operand.values.set(i, values[i] + step * draw.direction(i));
    };
    double quotient =
        extrapolatedSlope([&](double step) { return difference(move, step); }, distance);
    operand.values.assign(values);
    compare(row, double(slope), quotient, std::max(floor, std::sqrt(double(squares))),
            kDifferenceBar, [&] { return fmt::format("direction {}", n + 1); });
  }
}

CheckRow DifferenceChecker::check(const CheckedOperand &operand, size_t which) {
  CheckRow row;
  row.towards = operand.name;
  checkCoordinates(operand, which, row);
  checkDirections(operand, which, row);
  row.directions = kDirections;
  return row;
}

//===----------------------------------------------------------------------===//
// One layer
//===----------------------------------------------------------------------===//

Result<LayerReport> cnnc::checkByDifferences(CheckCompiler &compiler, const TypedNet &alone,
                                             uint64_t seed) {
  IRGenOptions irgen{.doublePrecision = true};
  irgen.checks = CheckFunctions::Outputs;
  Result<CheckedCode> code = compiler.compile(alone, irgen);
  if (!code)
    return code.status();
  double distance = fillLayer(alone, *code, compiler.options().batch, seed);
  const NumberView &probe = code->targets[0], &output = code->outputs[0];
  constexpr uint64_t probeStream = 5000;
  Draw draw(seed, probeStream);
  for (size_t i = 0; i < probe.count; ++i)
    probe.set(i, draw.nonzero(i, 0.25, 1));
  code->gradient();

  // Output by output, so that those that do not change add no rounding.
  auto difference = [&](DifferenceChecker::Move move, double step) {
    move(step);
    code->forward();
    std::vector<double> above = output.copy();
    move(-step);
    code->forward();
    long double sum = 0;
    for (size_t i = 0; i < above.size(); ++i)
      sum += (long double)(above[i] - output.at(i)) * probe.at(i);
    return double(sum);
  };
  DifferenceChecker checker(difference, distance, kFloor, seed);
  const Layer &layer = alone.layers[0];
  LayerReport report{layer.name, layer.keyword, layer.range, "differences", {}};
  for (auto [i, operand] : llvm::enumerate(operandsOf(alone, *code, *code)))
    if (operand.gradient)
      report.rows.push_back(checker.check(operand, i));
  return report;
}

//===- losses.cpp - Losses and their derivatives --------------------------===//

#include "test/oracle/LayerRun.h"

using namespace cnnc;
using namespace cnnc::oracle;

//===----------------------------------------------------------------------===//
// Numbers against numbers
//===----------------------------------------------------------------------===//

namespace {

/// One element: its loss, and the derivatives towards prediction and target.
struct Element {
  double loss, towardsPrediction, towardsTarget;
};

} // namespace

static Element compareNumbers(const LossTerm &term, double prediction, double target,
                              Kinks &kinks) {
  double difference = prediction - target, distance = std::fabs(difference);
  double sign = difference > 0 ? 1 : difference < 0 ? -1 : 0;
  switch (term.kind) {
  case LossTerm::MeanSquaredError:
    return {difference * difference, 2 * difference, -2 * difference};
  case LossTerm::MeanAbsoluteError:
    kinks.compare(prediction, target);
    return {distance, sign, -sign};
  case LossTerm::Huber:
    kinks.compare(distance, term.delta); // of the slope
    if (distance <= term.delta)
      return {difference * difference / 2, difference, -difference};
    return {term.delta * (distance - term.delta / 2), term.delta * sign, -term.delta * sign};
  default:
    break;
  }
  // -t * log s(x) - (1-t) * log(1 - s(x)), with log s(x) = -log(1 + exp(-x)).
  auto softplus = [](double x) { return std::fmax(x, 0) + std::log1p(std::exp(-std::fabs(x))); };
  double sigmoid = 1 / (1 + std::exp(-prediction));
  return {target * softplus(-prediction) + (1 - target) * softplus(prediction), sigmoid - target,
          -prediction};
}

static double numberLoss(const LossTerm &term, LossRun &run, double factor) {
  const std::vector<double> &prediction = run.prediction->values, &target = run.target->values;
  double sum = 0, count = double(prediction.size());
  for (size_t i = 0; i < prediction.size(); ++i) {
    Element element = compareNumbers(term, prediction[i], target[i], *run.kinks);
    sum += element.loss;
    if (run.predictionGradient)
      run.predictionGradient->values[i] += factor * element.towardsPrediction / count;
    if (run.targetGradient)
      run.targetGradient->values[i] += factor * element.towardsTarget / count;
  }
  return sum / count;
}

//===----------------------------------------------------------------------===//
// Scores against classes
//===----------------------------------------------------------------------===//

/// -sum over k of t_k * log softmax(x)_k; t is 1 - smooth + smooth/K at the label and
/// smooth/K elsewhere.
static double crossEntropy(const std::vector<double> &scores, size_t label, double smooth,
                           std::vector<double> &slopes) {
  double sum = 0, largest = scores[0], loss = 0, classes = double(scores.size());
  for (double score : scores)
    largest = std::fmax(largest, score);
  for (double score : scores)
    sum += std::exp(score - largest);
  for (size_t k = 0; k < scores.size(); ++k) {
    double wanted = (k == label ? 1 - smooth : 0) + smooth / classes;
    loss -= wanted * (scores[k] - largest - std::log(sum));
    slopes[k] = std::exp(scores[k] - largest) / sum - wanted;
  }
  return loss;
}

static double hinge(const std::vector<double> &scores, size_t label, std::vector<double> &slopes,
                    Kinks &kinks) {
  double loss = 0;
  for (size_t k = 0; k < scores.size(); ++k) {
    double margin = 1 + scores[k] - scores[label];
    if (k == label)
      continue;
    kinks.compare(margin, 0);
    if (margin <= 0)
      continue;
    loss += margin;
    slopes[k] += 1;
    slopes[label] -= 1;
  }
  return loss;
}

static double classLoss(const LossTerm &term, LossRun &run, double factor) {
  const Array &scores = *run.prediction;
  size_t classes = size_t(scores.size(1)), area = size_t(scores.size(2) * scores.size(3));
  size_t labels = run.target->values.size();
  double sum = 0;
  for (size_t i = 0; i < labels; ++i) {
    size_t label = size_t(run.target->values[i]);
    auto place = [&](size_t k) { return (i / area * classes + k) * area + i % area; };
    std::vector<double> column(classes), slopes(classes);
    for (size_t k = 0; k < classes; ++k)
      column[k] = scores.values[place(k)];
    if (term.kind == LossTerm::CrossEntropy) {
      sum += crossEntropy(column, label, term.smooth, slopes);
    } else if (term.kind == LossTerm::Hinge) {
      sum += hinge(column, label, slopes, *run.kinks);
    } else {
      sum -= column[label];
      slopes[label] = -1;
    }
    for (size_t k = 0; run.predictionGradient && k < classes; ++k)
      run.predictionGradient->values[place(k)] += factor * slopes[k] / double(labels);
  }
  return sum / double(labels);
}

double oracle::evaluateLoss(const LossTerm &term, LossRun &run, double factor) {
  bool comparesClasses = term.kind == LossTerm::CrossEntropy || term.kind == LossTerm::Nll ||
                         term.kind == LossTerm::Hinge;
  return comparesClasses ? classLoss(term, run, factor) : numberLoss(term, run, factor);
}

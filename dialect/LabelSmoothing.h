//===- LabelSmoothing.h - What class probabilities shall be -----------------===//
#ifndef CNNC_DIALECT_LABELSMOOTHING_H
#define CNNC_DIALECT_LABELSMOOTHING_H

namespace cnnc {

/// The wanted probability of the label's class, and of each other one: of `classes`, `smooth` of
/// the certainty is spread evenly over all (Szegedy et al. 2016, section 7).
struct SmoothedLabel {
  double on, off;

  SmoothedLabel(double smooth, double classes)
      : on(1 - smooth + smooth / classes), off(smooth / classes) {}
};

} // namespace cnnc

#endif // CNNC_DIALECT_LABELSMOOTHING_H

// A shape function and a derivative rule in small, for sites.test.

#include <algorithm>
#include <cstdio>

struct Axis {
  int stride = 2, dilation = 1, padLow = 0, padHigh = 1;
};

struct Sink {
  double gradients[2] = {0, 0};
  void set(unsigned operand, double gradient) { gradients[operand] = gradient; }
};

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

static int outputs(int input, int size, const Axis &axis) {
  static constexpr int most = 9;
  if (input < 1 || size < 1)
    return 0;
  int padded = input + axis.padLow;
  return std::min((padded - size) / axis.stride + 1, most);
}

//===----------------------------------------------------------------------===//
// Cost
//===----------------------------------------------------------------------===//

static int cost(int outputs) { return 3 * outputs; }

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

static double distance(double from, double to) { return to - from; }

static void gradient(Sink &sink, double dy) {
  sink.set(0, -dy);
  sink.set(1, distance(0.5, dy));
}

//===----------------------------------------------------------------------===//
// Use
//===----------------------------------------------------------------------===//

int main() {
  int found = outputs(8, 3, Axis());
  Sink sink;
  gradient(sink, 4.0);
  std::printf("%d outputs cost %d, gradients %g %g\n", found, cost(found), sink.gradients[0],
              sink.gradients[1]);
}

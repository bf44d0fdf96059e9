//===- Digits.cpp - Handwritten-looking digits, drawn by program ----------===//
//
// A digit is one of a few skeletons: strokes through control points, in a box
// whose x and y run from 0 to 1, y down. Drawing moves each control point a
// little, smooths the strokes, bends and warps the plane, rasterizes by distance
// to the strokes, then blurs and adds noise.

#include "runtime/Digits.h"

#include "runtime/embedded/Philox.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

using namespace cnnc;

namespace {

struct Point {
  double x, y;
};

/// A stroke through its points: a smooth curve, or straight lines with corners.
struct Stroke {
  bool smooth;
  int count;
  std::array<Point, 13> points;
};

struct Skeleton {
  int digit;
  int count;
  std::array<Stroke, 3> strokes;
};

constexpr bool kCurve = true;
constexpr bool kLines = false;

// clang-format off: one number a line would hide the shapes
constexpr Skeleton kSkeletons[] = {
    {0, 1, {{{kCurve, 9, {{{.50, .10}, {.30, .22}, {.22, .50}, {.30, .78}, {.50, .90}, {.70, .78},
     {.78, .50}, {.70, .22}, {.50, .10}}}}}}},
    {0, 1, {{{kCurve, 9, {{{.62, .14}, {.42, .14}, {.27, .38}, {.28, .70}, {.44, .89}, {.63, .80},
     {.74, .52}, {.70, .24}, {.52, .12}}}}}}},
    {1, 1, {{{kLines, 2, {{{.52, .10}, {.48, .90}}}}}}},
    {1, 1, {{{kLines, 3, {{{.34, .30}, {.53, .11}, {.53, .90}}}}}}},
    {1, 2, {{{kLines, 3, {{{.33, .30}, {.52, .11}, {.52, .89}}}}, {kLines, 2, {{{.32, .89},
     {.73, .89}}}}}}},
    {2, 2, {{{kCurve, 7, {{{.27, .30}, {.36, .14}, {.55, .10}, {.71, .23}, {.67, .44}, {.50, .65},
     {.26, .88}}}}, {kLines, 2, {{{.26, .88}, {.77, .87}}}}}}},
    {2, 1, {{{kCurve, 10, {{{.28, .24}, {.46, .10}, {.67, .18}, {.67, .40}, {.48, .68}, {.30, .86},
     {.23, .77}, {.36, .71}, {.56, .84}, {.79, .84}}}}}}},
    {3, 1, {{{kCurve, 10, {{{.28, .20}, {.47, .10}, {.67, .19}, {.65, .38}, {.45, .48}, {.68, .55},
     {.74, .72}, {.60, .88}, {.40, .90}, {.24, .80}}}}}}},
    {3, 2, {{{kLines, 3, {{{.28, .12}, {.71, .12}, {.46, .43}}}}, {kCurve, 6, {{{.46, .43},
     {.68, .50}, {.75, .68}, {.62, .86}, {.42, .90}, {.25, .80}}}}}}},
    {4, 2, {{{kLines, 3, {{{.34, .12}, {.26, .56}, {.77, .54}}}}, {kLines, 2, {{{.64, .28},
     {.60, .90}}}}}}},
    {4, 1, {{{kLines, 5, {{{.78, .64}, {.22, .64}, {.60, .10}, {.61, .40}, {.60, .90}}}}}}},
    {5, 2, {{{kLines, 3, {{{.72, .12}, {.35, .12}, {.31, .46}}}}, {kCurve, 6, {{{.31, .46},
     {.50, .39}, {.70, .50}, {.73, .72}, {.54, .89}, {.26, .82}}}}}}},
    {5, 1, {{{kCurve, 8, {{{.74, .11}, {.42, .13}, {.34, .26}, {.36, .43}, {.62, .48}, {.72, .66},
     {.58, .86}, {.26, .86}}}}}}},
    {6, 1, {{{kCurve, 9, {{{.66, .12}, {.43, .26}, {.29, .50}, {.28, .74}, {.46, .90}, {.67, .82},
     {.70, .63}, {.52, .52}, {.32, .64}}}}}}},
    {6, 1, {{{kCurve, 9, {{{.48, .10}, {.34, .36}, {.28, .62}, {.34, .84}, {.54, .89}, {.70, .77},
     {.64, .60}, {.46, .58}, {.32, .72}}}}}}},
    {7, 1, {{{kLines, 3, {{{.24, .13}, {.76, .13}, {.42, .90}}}}}}},
    {7, 2, {{{kLines, 3, {{{.24, .13}, {.75, .13}, {.44, .90}}}}, {kLines, 2, {{{.36, .51},
     {.72, .50}}}}}}},
    {7, 2, {{{kLines, 3, {{{.25, .26}, {.27, .13}, {.76, .13}}}}, {kCurve, 4, {{{.76, .13},
     {.60, .38}, {.47, .64}, {.43, .90}}}}}}},
    {8, 1, {{{kCurve, 13, {{{.50, .48}, {.34, .35}, {.35, .17}, {.52, .10}, {.67, .19}, {.65, .36},
     {.50, .48}, {.32, .61}, {.29, .80}, {.50, .90}, {.71, .80}, {.69, .61}, {.50, .48}}}}}}},
    {8, 1, {{{kCurve, 10, {{{.70, .18}, {.50, .10}, {.33, .22}, {.42, .42}, {.66, .60}, {.64, .84},
     {.42, .90}, {.30, .74}, {.48, .50}, {.71, .22}}}}}}},
    {9, 2, {{{kCurve, 7, {{{.70, .32}, {.57, .12}, {.35, .16}, {.28, .36}, {.42, .52}, {.61, .47},
     {.71, .28}}}}, {kLines, 2, {{{.71, .20}, {.66, .90}}}}}}},
    {9, 2, {{{kCurve, 7, {{{.70, .28}, {.52, .11}, {.33, .20}, {.31, .40}, {.46, .51}, {.64, .44},
     {.71, .24}}}}, {kCurve, 5, {{{.71, .24}, {.73, .54}, {.66, .80}, {.48, .90}, {.30, .84}}}}}}},
};
// clang-format on

/// The numbers of one image, in the order in which they are asked for.
class Draw {
public:
  Draw(Split split, uint64_t index)
      : seed(split == Split::Train ? kTrainSeed : kTestSeed), index(index) {}

  uint32_t word() {
    if (used == 4) {
      // Room for 2^20 blocks an image keeps images apart.
      block = cnnc_philox_block(seed, CNNC_DRAW_DIGITS, blocks++, index);
      used = 0;
    }
    return block.word[used++];
  }

  /// Uniform in [low, high).
  double between(double low, double high) {
    return low + (high - low) * (static_cast<double>(word() >> 8) * 0x1p-24);
  }

  /// Uniform in [-reach, reach).
  double around(double reach) { return between(-reach, reach); }

private:
  static constexpr uint64_t kTrainSeed = 0x6469676974730001; // "digits" 1
  static constexpr uint64_t kTestSeed = 0x6469676974730002;  // "digits" 2
  uint64_t seed, index;
  cnnc_philox block{};
  uint32_t blocks = 0;
  int used = 4;
};

/// How far hands differ. Chosen so that a linear classifier stays below 93 % while
/// LeNet-5 passes 98 %: position and slant cost the linear one most.
struct Hand {
  static constexpr double kPointJitter = 0.033;
  static constexpr double kBend = 0.050;
  static constexpr double kTilt = 0.12; // tan of half the angle: 13.7 degrees
  static constexpr double kShear = 0.30;
  static constexpr double kScaleLow = 17.0, kScaleHigh = 23.5; // pixels a unit
  static constexpr double kAspect = 0.14;
  static constexpr double kShift = 2.4;
  static constexpr double kRadiusLow = 0.55, kRadiusHigh = 1.6; // half a stroke, pixels
  static constexpr double kNoise = 14.0;                        // grey levels
};

/// The plane's warp: a bend that varies over a coarse grid, then an affine map.
class Warp {
public:
  explicit Warp(Draw &draw) {
    for (Point &node : bend)
      node = {draw.around(Hand::kBend), draw.around(Hand::kBend)};
    // sin and cos as rational functions of tan(angle / 2): no library involved.
    double t = draw.around(Hand::kTilt);
    double cosine = (1 - t * t) / (1 + t * t), sine = 2 * t / (1 + t * t);
    double shear = draw.around(Hand::kShear);
    double scale = draw.between(Hand::kScaleLow, Hand::kScaleHigh);
    double aspect = 1 + draw.around(Hand::kAspect);
    double sx = scale * aspect, sy = scale / aspect;
    xx = cosine * sx;
    xy = (cosine * shear - sine) * sy;
    yx = sine * sx;
    yy = (sine * shear + cosine) * sy;
    cx = kDigitSide * 0.5 + draw.around(Hand::kShift);
    cy = kDigitSide * 0.5 + draw.around(Hand::kShift);
  }

  Point operator()(Point p) const {
    Point b = bendAt(p);
    double x = p.x + b.x - 0.5, y = p.y + b.y - 0.5;
    return {cx + xx * x + xy * y, cy + yx * x + yy * y};
  }

private:
  static constexpr int kNodes = 4;

  Point bendAt(Point p) const {
    double gx = std::clamp(p.x, 0.0, 1.0) * (kNodes - 1);
    double gy = std::clamp(p.y, 0.0, 1.0) * (kNodes - 1);
    int i = std::min(static_cast<int>(gx), kNodes - 2);
    int j = std::min(static_cast<int>(gy), kNodes - 2);
    double u = gx - i, v = gy - j;
    const Point *n = &bend[j * kNodes + i];
    double w00 = (1 - u) * (1 - v), w01 = u * (1 - v), w10 = (1 - u) * v, w11 = u * v;
    return {w00 * n[0].x + w01 * n[1].x + w10 * n[kNodes].x + w11 * n[kNodes + 1].x,
            w00 * n[0].y + w01 * n[1].y + w10 * n[kNodes].y + w11 * n[kNodes + 1].y};
  }

  std::array<Point, kNodes * kNodes> bend;
  double xx, xy, yx, yy, cx, cy;
};

/// The squared distance of each pixel's centre to the strokes drawn so far.
class Canvas {
public:
  explicit Canvas(double reach) : reach(reach) { distance.fill(reach * reach); }

  void line(Point a, Point b) {
    int left = first(std::min(a.x, b.x)), right = last(std::max(a.x, b.x));
    int top = first(std::min(a.y, b.y)), bottom = last(std::max(a.y, b.y));
    double dx = b.x - a.x, dy = b.y - a.y;
    double inverse = 1 / std::max(dx * dx + dy * dy, 1e-12);
    for (int row = top; row <= bottom; ++row) {
      double py = row + 0.5 - a.y;
      double *out = &distance[row * kDigitSide];
      for (int column = left; column <= right; ++column) {
        double px = column + 0.5 - a.x;
        double t = std::clamp((px * dx + py * dy) * inverse, 0.0, 1.0);
        double ex = px - t * dx, ey = py - t * dy;
        out[column] = std::min(out[column], ex * ex + ey * ey);
      }
    }
  }

  double at(int pixel) const { return std::sqrt(distance[pixel]); }

private:
  int first(double low) const {
    return static_cast<int>(std::clamp(low - reach, 0.0, kDigitSide - 1.0));
  }
  int last(double high) const {
    return static_cast<int>(std::clamp(high + reach, 0.0, kDigitSide - 1.0));
  }

  double reach;
  std::array<double, kDigitPixels> distance;
};

/// Catmull-Rom: from p1 to p2 at t, tangents along the neighbours.
Point spline(Point p0, Point p1, Point p2, Point p3, double t) {
  double a = t * (t * (2 - t) - 1), b = t * t * (3 * t - 5) + 2;
  double c = t * (t * (4 - 3 * t) + 1), d = t * t * (t - 1);
  return {0.5 * (a * p0.x + b * p1.x + c * p2.x + d * p3.x),
          0.5 * (a * p0.y + b * p1.y + c * p2.y + d * p3.y)};
}

void drawStroke(const Stroke &stroke, Draw &draw, const Warp &warp, Canvas &canvas) {
  constexpr int kPieces = 4; // of a curve between two control points, and of a line, to bend
  std::array<Point, 13> points;
  int last = stroke.count - 1;
  for (int i = 0; i <= last; ++i)
    points[i] = {stroke.points[i].x + draw.around(Hand::kPointJitter),
                 stroke.points[i].y + draw.around(Hand::kPointJitter)};
  Point from = warp(points[0]);
  for (int i = 0; i < last; ++i) {
    Point p1 = points[i], p2 = points[i + 1];
    Point p0 = stroke.smooth ? points[std::max(i - 1, 0)] : Point{2 * p1.x - p2.x, 2 * p1.y - p2.y};
    Point p3 =
        stroke.smooth ? points[std::min(i + 2, last)] : Point{2 * p2.x - p1.x, 2 * p2.y - p1.y};
    for (int piece = 1; piece <= kPieces; ++piece) {
      Point to = warp(spline(p0, p1, p2, p3, piece * (1.0 / kPieces)));
      canvas.line(from, to);
      from = to;
    }
  }
}

/// The skeletons of one digit, which stand together in the table.
std::span<const Skeleton> skeletonsOf(int32_t digit) {
  const Skeleton *begin = std::begin(kSkeletons), *end = std::end(kSkeletons);
  begin = std::find_if(begin, end, [=](const Skeleton &s) { return s.digit == digit; });
  end = std::find_if(begin, end, [=](const Skeleton &s) { return s.digit != digit; });
  return {begin, end};
}

} // namespace

int32_t cnnc::digitLabel(Split split, uint64_t index) {
  // One permutation for each ten images; the highest bit keeps its numbers apart
  // from those of images.
  Draw draw(split, (uint64_t{1} << 63) | (index / 10));
  std::array<int32_t, 10> order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (uint32_t left = 10; left > 1; --left)
    std::swap(order[left - 1], order[(uint64_t{draw.word()} * left) >> 32]);
  return order[index % 10];
}

void cnnc::drawDigit(Split split, uint64_t index, uint8_t *pixels) {
  Draw draw(split, index);
  std::span<const Skeleton> variants = skeletonsOf(digitLabel(split, index));
  const Skeleton &skeleton = variants[(uint64_t{draw.word()} * variants.size()) >> 32];
  Warp warp(draw);
  double radius = draw.between(Hand::kRadiusLow, Hand::kRadiusHigh);
  double blur = draw.between(0.8, 1.9); // width of the edge, pixels
  double ink = draw.between(175.0, 255.0);
  Canvas canvas(radius + blur * 0.5);
  for (int i = 0; i < skeleton.count; ++i)
    drawStroke(skeleton.strokes[i], draw, warp, canvas);
  double edge = radius + blur * 0.5, slope = 1 / blur;
  for (int i = 0; i < kDigitPixels; i += 2) {
    // The sum of two uniforms for each pixel, 16 bits each, from one word for two.
    uint32_t word = draw.word();
    for (int j = 0; j < 2; ++j) {
      uint32_t bits = word >> (16 * j);
      double noise = static_cast<double>((bits & 255) + (bits >> 8 & 255)) * (1.0 / 255) - 1;
      double grey = ink * std::clamp((edge - canvas.at(i + j)) * slope, 0.0, 1.0);
      grey += noise * Hand::kNoise + 0.5;
      pixels[i + j] = static_cast<uint8_t>(std::clamp(grey, 0.0, 255.0));
    }
  }
}

// Single layers with Debian's oneDNN, f32, for bench/layers.
//
//   g++ -std=c++17 -O3 -march=native -fopenmp onednn.cpp -ldnnl -o onednn
//
// Answers each line of standard input by a line of JSON. `layer KIND N C H W K k stride pad` makes
// the primitives, `time SECONDS RUNS` times them: direction to milliseconds. The layer is timed in
// steps of a small net, as cnnc's is, in the library's own layouts: reorders are not timed. Where
// it has no favourite layout, channel-blocked and NHWC compete.
#include <dnnl.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace dnnl;
using Tag = memory::format_tag;
using Arguments = std::unordered_map<int, memory>;

namespace {

struct Layer {
  std::string kind;
  long n, c, h, w, k, size, stride, pad;
};

// One part of a step; those with a direction are timed.
struct Piece {
  std::string direction;
  std::function<void()> run;
};

// A layer where a net would have it: what it reads, others have just written, and what it has
// written others read before it runs again.
class Step {
public:
  Step(const Layer &layer, Tag tag) : l(layer), tag(tag) {
    if (l.kind == "conv" || l.kind == "dwconv")
      convolution();
    else if (l.kind == "bn")
      batchnorm();
    else if (l.kind == "softmax")
      softmax();
    else
      pooling();
  }
  Step(const Step &) = delete;

  std::vector<Piece> pieces;

private:
  static memory::desc described(memory::dims dims, Tag tag) {
    return {dims, memory::data_type::f32, tag};
  }

  // Numbers around zero, none of them denormal; the padding of blocked layouts too, since only time
  // is measured.
  memory filled(const memory::desc &description) {
    memory result(description, cpu);
    auto *values = static_cast<float *>(result.get_data_handle());
    for (size_t i = 0; i < description.get_size() / sizeof(float); ++i)
      values[i] = float(i % 13) / 13 - 0.4f;
    return result;
  }

  void add(const char *direction, primitive made, Arguments arguments) {
    pieces.push_back({direction, [this, made, arguments] {
                        made.execute(queue, arguments);
                        queue.wait();
                      }});
  }

  // The tensor in the layout that another primitive of the row has chosen for it.
  memory inLayout(memory tensor, const memory::desc &wanted) {
    if (tensor.get_desc() == wanted)
      return tensor;
    memory other = filled(wanted);
    add("", reorder(tensor, other), {{DNNL_ARG_FROM, tensor}, {DNNL_ARG_TO, other}});
    return other;
  }

  //===--- Neighbours -----------------------------------------------------===//

  struct Pointwise {
    memory::desc x, w, y;
    memory::dims stride{1, 1}, pad{0, 0};
  };
  // A convolution of 1 x 1 between a tensor of the row and `channels` others.
  Pointwise pointwise(const memory::desc &tensor, long channels, bool isBefore) {
    memory::dims from = tensor.dims(), to = from;
    (isBefore ? from : to)[1] = channels;
    return {isBefore ? described(from, Tag::nchw) : tensor,
            described({to[1], from[1], 1, 1}, Tag::any),
            isBefore ? tensor : described(to, Tag::any)};
  }
  convolution_forward::primitive_desc forwardOf(const Pointwise &p) {
    return {{prop_kind::forward_training, algorithm::convolution_direct, p.x, p.w, p.y, p.stride,
             p.pad, p.pad},
            cpu};
  }

  // Rows that would be fused into a convolution stand between poolings, in cnnc's nets as here.
  bool isApart() const { return l.kind != "conv" && l.kind != "dwconv" && l.kind != "softmax"; }
  bool isImage() const { return l.kind == "conv" && l.c <= imageChannels; }
  long channelsBefore() const { return l.kind == "softmax" ? 16 : 1; }

  void smooth(const memory &from, const memory &to) {
    pooling_forward::primitive_desc forward = smoothing(from.get_desc());
    add("", pooling_forward(forward), {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}});
  }
  void smoothBack(const memory &from, const memory &to) {
    memory::dims one{1, 1}, three{3, 3};
    pooling_backward::primitive_desc back({algorithm::pooling_avg_exclude_padding, to.get_desc(),
                                           from.get_desc(), one, three, one, one},
                                          cpu, smoothing(to.get_desc()));
    add("", pooling_backward(back), {{DNNL_ARG_DIFF_DST, from}, {DNNL_ARG_DIFF_SRC, to}});
  }
  pooling_forward::primitive_desc smoothing(const memory::desc &tensor) {
    memory::dims one{1, 1}, three{3, 3};
    return {{prop_kind::forward_training, algorithm::pooling_avg_exclude_padding, tensor, tensor,
             one, three, one, one},
            cpu};
  }

  // Writes x.
  void before(const memory &x) {
    if (isImage())
      return;
    memory written = isApart() ? filled(x.get_desc()) : x;
    convolution_forward::primitive_desc forward =
        forwardOf(pointwise(x.get_desc(), channelsBefore(), true));
    add("", convolution_forward(forward),
        {{DNNL_ARG_SRC, filled(forward.src_desc())},
         {DNNL_ARG_WEIGHTS, filled(forward.weights_desc())},
         {DNNL_ARG_DST, written}});
    if (isApart())
      smooth(written, x);
  }

  // Reads y and writes its gradient.
  void after(const memory &y, const memory &dy) {
    constexpr long channels = 16;
    memory read = y, made = dy;
    if (isApart()) {
      read = filled(y.get_desc());
      made = filled(dy.get_desc());
      smooth(y, read);
    }
    Pointwise p = pointwise(y.get_desc(), channels, false);
    convolution_forward::primitive_desc forward = forwardOf(p);
    add("", convolution_forward(forward),
        {{DNNL_ARG_SRC, read},
         {DNNL_ARG_WEIGHTS, filled(forward.weights_desc())},
         {DNNL_ARG_DST, filled(forward.dst_desc())}});
    convolution_backward_data::primitive_desc data(
        {algorithm::convolution_direct, dy.get_desc(), p.w, p.y, p.stride, p.pad, p.pad}, cpu,
        forward);
    add("", convolution_backward_data(data),
        {{DNNL_ARG_DIFF_DST, filled(data.diff_dst_desc())},
         {DNNL_ARG_WEIGHTS, filled(data.weights_desc())},
         {DNNL_ARG_DIFF_SRC, made}});
    convolution_backward_weights::primitive_desc weights(
        {algorithm::convolution_direct, p.x, p.w, p.y, p.stride, p.pad, p.pad}, cpu, forward);
    add("", convolution_backward_weights(weights),
        {{DNNL_ARG_SRC, read},
         {DNNL_ARG_DIFF_DST, filled(weights.diff_dst_desc())},
         {DNNL_ARG_DIFF_WEIGHTS, filled(weights.diff_weights_desc())}});
    if (isApart())
      smoothBack(made, dy);
  }

  // Reads the gradient of x.
  void last(const memory &dx) {
    if (isImage())
      return;
    memory read = dx;
    if (isApart()) {
      read = filled(dx.get_desc());
      smoothBack(dx, read);
    }
    Pointwise p = pointwise(dx.get_desc(), channelsBefore(), true);
    convolution_backward_weights::primitive_desc weights(
        {algorithm::convolution_direct, p.x, p.w, p.y, p.stride, p.pad, p.pad}, cpu, forwardOf(p));
    add("", convolution_backward_weights(weights),
        {{DNNL_ARG_SRC, filled(weights.src_desc())},
         {DNNL_ARG_DIFF_DST, read},
         {DNNL_ARG_DIFF_WEIGHTS, filled(weights.diff_weights_desc())}});
  }

  //===--- Rows -----------------------------------------------------------===//

  long outputSize(long size) const { return (size + 2 * l.pad - l.size) / l.stride + 1; }

  void convolution() {
    memory::desc x = described({l.n, l.c, l.h, l.w}, Tag::any);
    memory::desc y = described({l.n, l.k, outputSize(l.h), outputSize(l.w)}, Tag::any);
    memory::desc w = l.kind == "conv" ? described({l.k, l.c, l.size, l.size}, Tag::any)
                                      : described({l.c, 1, 1, l.size, l.size}, Tag::any);
    memory::dims stride{l.stride, l.stride}, pad{l.pad, l.pad};
    const algorithm direct = algorithm::convolution_direct; // the bar is without Winograd
    convolution_forward::primitive_desc forward(
        {prop_kind::forward_training, direct, x, w, y, stride, pad, pad}, cpu);
    convolution_backward_data::primitive_desc data({direct, x, w, y, stride, pad, pad}, cpu,
                                                   forward);
    convolution_backward_weights::primitive_desc weights({direct, x, w, y, stride, pad, pad}, cpu,
                                                         forward);
    memory input = filled(forward.src_desc()), output = filled(forward.dst_desc());
    memory gradient = filled(data.diff_dst_desc()), inputGradient = filled(data.diff_src_desc());
    before(input);
    memory kept = inLayout(input, weights.src_desc());
    add("forward", convolution_forward(forward),
        {{DNNL_ARG_SRC, input},
         {DNNL_ARG_WEIGHTS, filled(forward.weights_desc())},
         {DNNL_ARG_DST, output}});
    after(output, gradient);
    memory forWeights = inLayout(gradient, weights.diff_dst_desc());
    add("data", convolution_backward_data(data),
        {{DNNL_ARG_DIFF_DST, gradient},
         {DNNL_ARG_WEIGHTS, filled(data.weights_desc())},
         {DNNL_ARG_DIFF_SRC, inputGradient}});
    add("weights", convolution_backward_weights(weights),
        {{DNNL_ARG_SRC, kept},
         {DNNL_ARG_DIFF_DST, forWeights},
         {DNNL_ARG_DIFF_WEIGHTS, filled(weights.diff_weights_desc())}});
    last(inputGradient);
  }

  void pooling() {
    memory::desc x = described({l.n, l.c, l.h, l.w}, tag),
                 y = described({l.n, l.c, outputSize(l.h), outputSize(l.w)}, tag);
    memory::dims stride{l.stride, l.stride}, window{l.size, l.size}, pad{l.pad, l.pad};
    algorithm kind =
        l.kind == "maxpool" ? algorithm::pooling_max : algorithm::pooling_avg_exclude_padding;
    pooling_forward::primitive_desc forward(
        {prop_kind::forward_training, kind, x, y, stride, window, pad, pad}, cpu);
    Arguments arguments{{DNNL_ARG_SRC, filled(x)}, {DNNL_ARG_DST, filled(y)}};
    Arguments backward{{DNNL_ARG_DIFF_DST, filled(y)}, {DNNL_ARG_DIFF_SRC, filled(x)}};
    if (kind == algorithm::pooling_max) {
      memory places(forward.workspace_desc(), cpu);
      arguments.emplace(DNNL_ARG_WORKSPACE, places);
      backward.emplace(DNNL_ARG_WORKSPACE, places);
    }
    pooling_backward::primitive_desc data({kind, x, y, stride, window, pad, pad}, cpu, forward);
    before(arguments.at(DNNL_ARG_SRC));
    add("forward", pooling_forward(forward), arguments);
    after(arguments.at(DNNL_ARG_DST), backward.at(DNNL_ARG_DIFF_DST));
    add("data", pooling_backward(data), backward);
    last(backward.at(DNNL_ARG_DIFF_SRC));
  }

  void batchnorm() {
    memory::desc x = described({l.n, l.c, l.h, l.w}, tag), channel = described({l.c}, Tag::a);
    memory::desc pair = described({2, l.c}, Tag::nc); // scale and shift
    const auto flags = normalization_flags::use_scale_shift;
    batch_normalization_forward::primitive_desc forward(
        {prop_kind::forward_training, x, 1e-5f, flags}, cpu);
    memory mean = filled(channel), variance = filled(channel), scale = filled(pair);
    memory input = filled(x), output = filled(x), gradient = filled(x), inputGradient = filled(x);
    batch_normalization_backward::primitive_desc data({prop_kind::backward, x, x, 1e-5f, flags},
                                                      cpu, forward);
    before(input);
    add("forward", batch_normalization_forward(forward),
        {{DNNL_ARG_SRC, input},
         {DNNL_ARG_DST, output},
         {DNNL_ARG_MEAN, mean},
         {DNNL_ARG_VARIANCE, variance},
         {DNNL_ARG_SCALE_SHIFT, scale}});
    after(output, gradient);
    add("data", batch_normalization_backward(data),
        {{DNNL_ARG_SRC, input},
         {DNNL_ARG_MEAN, mean},
         {DNNL_ARG_VARIANCE, variance},
         {DNNL_ARG_SCALE_SHIFT, scale},
         {DNNL_ARG_DIFF_DST, gradient},
         {DNNL_ARG_DIFF_SRC, inputGradient},
         {DNNL_ARG_DIFF_SCALE_SHIFT, filled(pair)}});
    last(inputGradient);
  }

  void softmax() {
    memory::desc x = described({l.n, l.c, l.h, l.w}, tag);
    softmax_forward::primitive_desc forward({prop_kind::forward_training, x, /*axis=*/1}, cpu);
    softmax_backward::primitive_desc data({x, x, /*axis=*/1}, cpu, forward);
    memory input = filled(x), output = filled(x), gradient = filled(x), inputGradient = filled(x);
    before(input);
    add("forward", softmax_forward(forward), {{DNNL_ARG_SRC, input}, {DNNL_ARG_DST, output}});
    after(output, gradient);
    add("data", softmax_backward(data),
        {{DNNL_ARG_DST, output},
         {DNNL_ARG_DIFF_DST, gradient},
         {DNNL_ARG_DIFF_SRC, inputGradient}});
    last(inputGradient);
  }

  // As bench/layers has it: an image is what the user gives.
  static constexpr long imageChannels = 4;

  const Layer l;
  const Tag tag;
  engine cpu{engine::kind::cpu, 0};
  stream queue{cpu};
};

std::vector<std::unique_ptr<Step>> prepare(const Layer &layer) {
#if defined(__AVX512F__)
  constexpr Tag blocked = Tag::nChw16c;
#else
  constexpr Tag blocked = Tag::nChw8c;
#endif
  std::vector<std::unique_ptr<Step>> steps;
  steps.push_back(std::make_unique<Step>(layer, blocked));
  if (layer.kind != "conv" && layer.kind != "dwconv") // these choose by themselves
    steps.push_back(std::make_unique<Step>(layer, Tag::nhwc));
  return steps;
}

struct Times {
  double median, least;
  size_t runs;
};

// After two runs for warming up, at least as many runs and as long as asked for.
std::map<std::string, Times> timed(const Step &step, double seconds, size_t runs) {
  using Clock = std::chrono::steady_clock;
  auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  std::map<std::string, std::vector<double>> times;
  auto run = [&](bool counts) {
    for (const Piece &piece : step.pieces) {
      Clock::time_point start = Clock::now();
      piece.run();
      if (counts && !piece.direction.empty())
        times[piece.direction].push_back(1e3 * since(start));
    }
  };
  run(false);
  run(false);
  Clock::time_point begin = Clock::now();
  for (size_t done = 0; done < runs || since(begin) < seconds; ++done)
    run(true);
  std::map<std::string, Times> result;
  for (auto &[direction, values] : times) {
    std::sort(values.begin(), values.end());
    result[direction] = {values[values.size() / 2], values.front(), values.size()};
  }
  return result;
}

// Of the layouts the fastest of each direction counts.
void printTimes(const std::vector<std::unique_ptr<Step>> &steps, double seconds, size_t runs) {
  std::map<std::string, Times> best;
  for (const auto &step : steps)
    for (const auto &[direction, times] : timed(*step, seconds, runs)) {
      auto [place, isNew] = best.emplace(direction, times);
      if (!isNew && times.median < place->second.median)
        place->second = times;
    }
  const char *separator = "";
  std::printf("{");
  for (const auto &[direction, times] : best) {
    std::printf(R"(%s"%s": {"ms": %.6g, "ms_min": %.6g, "runs": %zu})", separator,
                direction.c_str(), times.median, times.least, times.runs);
    separator = ", ";
  }
  std::puts("}");
}

} // namespace

int main() try {
  std::vector<std::unique_ptr<Step>> steps;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string verb;
    Layer l;
    double seconds = 0;
    size_t runs = 0;
    words >> verb;
    if (verb == "layer" &&
        words >> l.kind >> l.n >> l.c >> l.h >> l.w >> l.k >> l.size >> l.stride >> l.pad) {
      steps = prepare(l);
      std::puts("{}");
    } else if (verb == "time" && words >> seconds >> runs) {
      printTimes(steps, seconds, runs);
    } else {
      std::fprintf(stderr, "layer or time expected, but '%s' found\n", line.c_str());
      return 1;
    }
    std::fflush(stdout);
  }
} catch (const dnnl::error &failure) {
  std::fprintf(stderr, "oneDNN: %s\n", failure.what());
  return 1;
}

// Single layers with Debian's oneDNN, f32, for bench/layers.
//
//   g++ -std=c++17 -O3 -march=native -fopenmp onednn.cpp -ldnnl -o onednn
//
// Answers each line of standard input by a line of JSON. `layer KIND N C H W K k stride pad` makes
// the primitives, `time SECONDS RUNS` times them: direction to milliseconds. Tensors are in the
// library's own layouts and filled before: reorders are not timed. Where it has no favourite
// layout, channel-blocked and NHWC compete.
#include <dnnl.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

using namespace dnnl;
using Tag = memory::format_tag;
using Arguments = std::unordered_map<int, memory>;

namespace {

struct Layer {
  std::string kind;
  long n, c, h, w, k, size, stride, pad;
};

struct Timed {
  std::string direction;
  std::function<void()> run;
};

struct Times {
  double median, least;
  size_t runs;
};

class Library {
public:
  std::vector<Timed> prepare(const Layer &layer) {
    primitives.clear();
    if (layer.kind == "conv" || layer.kind == "dwconv")
      convolution(layer);
    else
      for (Tag tag : {blocked, Tag::nhwc})
        if (layer.kind == "bn")
          batchnorm(layer, tag);
        else if (layer.kind == "softmax")
          softmax(layer, tag);
        else
          pooling(layer, tag);
    return primitives;
  }

private:
#if defined(__AVX512F__)
  static constexpr Tag blocked = Tag::nChw16c;
#else
  static constexpr Tag blocked = Tag::nChw8c;
#endif
  engine cpu{engine::kind::cpu, 0};
  stream queue{cpu};
  std::vector<Timed> primitives;

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
    primitives.push_back({direction, [this, made, arguments] {
                            made.execute(queue, arguments);
                            queue.wait();
                          }});
  }

  void convolution(const Layer &l) {
    long height = (l.h + 2 * l.pad - l.size) / l.stride + 1,
         width = (l.w + 2 * l.pad - l.size) / l.stride + 1;
    memory::desc x = described({l.n, l.c, l.h, l.w}, Tag::any);
    memory::desc y = described({l.n, l.k, height, width}, Tag::any);
    memory::desc w = l.kind == "conv" ? described({l.k, l.c, l.size, l.size}, Tag::any)
                                      : described({l.c, 1, 1, l.size, l.size}, Tag::any);
    memory::dims stride{l.stride, l.stride}, pad{l.pad, l.pad};
    const algorithm direct = algorithm::convolution_direct; // the bar is without Winograd
    convolution_forward::primitive_desc forward(
        {prop_kind::forward_training, direct, x, w, y, stride, pad, pad}, cpu);
    add("forward", convolution_forward(forward),
        {{DNNL_ARG_SRC, filled(forward.src_desc())},
         {DNNL_ARG_WEIGHTS, filled(forward.weights_desc())},
         {DNNL_ARG_DST, filled(forward.dst_desc())}});
    convolution_backward_data::primitive_desc data({direct, x, w, y, stride, pad, pad}, cpu,
                                                   forward);
    add("data", convolution_backward_data(data),
        {{DNNL_ARG_DIFF_DST, filled(data.diff_dst_desc())},
         {DNNL_ARG_WEIGHTS, filled(data.weights_desc())},
         {DNNL_ARG_DIFF_SRC, filled(data.diff_src_desc())}});
    convolution_backward_weights::primitive_desc weights({direct, x, w, y, stride, pad, pad}, cpu,
                                                         forward);
    add("weights", convolution_backward_weights(weights),
        {{DNNL_ARG_SRC, filled(weights.src_desc())},
         {DNNL_ARG_DIFF_DST, filled(weights.diff_dst_desc())},
         {DNNL_ARG_DIFF_WEIGHTS, filled(weights.diff_weights_desc())}});
  }

  void pooling(const Layer &l, Tag tag) {
    long height = (l.h + 2 * l.pad - l.size) / l.stride + 1,
         width = (l.w + 2 * l.pad - l.size) / l.stride + 1;
    memory::desc x = described({l.n, l.c, l.h, l.w}, tag),
                 y = described({l.n, l.c, height, width}, tag);
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
    // Once, so that the workspace holds places that exist.
    pooling_forward(forward).execute(queue, arguments);
    queue.wait();
    add("forward", pooling_forward(forward), arguments);
    pooling_backward::primitive_desc data({kind, x, y, stride, window, pad, pad}, cpu, forward);
    add("data", pooling_backward(data), backward);
  }

  void batchnorm(const Layer &l, Tag tag) {
    memory::desc x = described({l.n, l.c, l.h, l.w}, tag), channel = described({l.c}, Tag::a);
    memory::desc pair = described({2, l.c}, Tag::nc); // scale and shift
    const auto flags = normalization_flags::use_scale_shift;
    batch_normalization_forward::primitive_desc forward(
        {prop_kind::forward_training, x, 1e-5f, flags}, cpu);
    memory mean = filled(channel), variance = filled(channel), scale = filled(pair);
    Arguments arguments{{DNNL_ARG_SRC, filled(x)},
                        {DNNL_ARG_DST, filled(x)},
                        {DNNL_ARG_MEAN, mean},
                        {DNNL_ARG_VARIANCE, variance},
                        {DNNL_ARG_SCALE_SHIFT, scale}};
    // Once, so that mean and variance are those of the values.
    batch_normalization_forward(forward).execute(queue, arguments);
    queue.wait();
    add("forward", batch_normalization_forward(forward), arguments);
    batch_normalization_backward::primitive_desc data({prop_kind::backward, x, x, 1e-5f, flags},
                                                      cpu, forward);
    add("data", batch_normalization_backward(data),
        {{DNNL_ARG_SRC, arguments.at(DNNL_ARG_SRC)},
         {DNNL_ARG_MEAN, mean},
         {DNNL_ARG_VARIANCE, variance},
         {DNNL_ARG_SCALE_SHIFT, scale},
         {DNNL_ARG_DIFF_DST, filled(x)},
         {DNNL_ARG_DIFF_SRC, filled(x)},
         {DNNL_ARG_DIFF_SCALE_SHIFT, filled(pair)}});
  }

  void softmax(const Layer &l, Tag tag) {
    memory::desc x = described({l.n, l.c, l.h, l.w}, tag);
    softmax_forward::primitive_desc forward({prop_kind::forward_training, x, /*axis=*/1}, cpu);
    memory result = filled(x);
    add("forward", softmax_forward(forward), {{DNNL_ARG_SRC, filled(x)}, {DNNL_ARG_DST, result}});
    softmax_backward::primitive_desc data({x, x, /*axis=*/1}, cpu, forward);
    add("data", softmax_backward(data),
        {{DNNL_ARG_DST, result}, {DNNL_ARG_DIFF_DST, filled(x)}, {DNNL_ARG_DIFF_SRC, filled(x)}});
  }
};

// After two runs for warming up, at least as many runs and as long as asked for.
Times timed(const std::function<void()> &run, double seconds, size_t runs) {
  using Clock = std::chrono::steady_clock;
  auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  run();
  run();
  std::vector<double> times;
  for (Clock::time_point begin = Clock::now(); times.size() < runs || since(begin) < seconds;) {
    Clock::time_point start = Clock::now();
    run();
    times.push_back(1e3 * since(start));
  }
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times.front(), times.size()};
}

// Of the primitives of one direction the fastest counts.
void printTimes(const std::vector<Timed> &primitives, double seconds, size_t runs) {
  std::map<std::string, Times> best;
  for (const Timed &one : primitives) {
    Times times = timed(one.run, seconds, runs);
    auto [place, isNew] = best.emplace(one.direction, times);
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
  Library library;
  std::vector<Timed> primitives;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string verb;
    Layer l;
    double seconds = 0;
    size_t runs = 0;
    words >> verb;
    if (verb == "layer" &&
        words >> l.kind >> l.n >> l.c >> l.h >> l.w >> l.k >> l.size >> l.stride >> l.pad) {
      primitives = library.prepare(l);
      std::puts("{}");
    } else if (verb == "time" && words >> seconds >> runs) {
      printTimes(primitives, seconds, runs);
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

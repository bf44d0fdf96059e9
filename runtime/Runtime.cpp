//===- Runtime.cpp - The C interface to datasets and threads --------------===//

#include "cnnc/runtime.h"

#include "runtime/Dataset.h"
#include "runtime/ThreadPool.h"

#include <memory>
#include <new>
#include <optional>

using namespace cnnc;

struct cnnc_dataset {
  Dataset data;
  std::optional<Loader> loader;
  uint64_t seed = 0;
  int64_t batch = 0;
};

struct cnnc_pool {
  explicit cnnc_pool(int threads) : threads(threads) {}
  ThreadPool threads;
};

namespace {

thread_local std::string lastError;

int answer(const Status &status) {
  if (!status.ok())
    lastError = status.message();
  return static_cast<int>(status.code());
}

/// Runs `body`; running out of memory is the one exception that can come out of it.
template <typename Body> int guarded(Body body) {
  try {
    return answer(body());
  } catch (const std::bad_alloc &) {
    return answer(Status(Exit::Limit, "out of memory"));
  }
}

} // namespace

int cnnc_dataset_open(const char *spec, cnnc_split split, cnnc_dataset **out) {
  *out = nullptr;
  return guarded([&]() -> Status {
    Result<DataSpec> parsed = parseDataSpec(spec);
    if (!parsed)
      return parsed.status();
    Result<Dataset> data =
        openDataset(*parsed, split == CNNC_SPLIT_TEST ? Split::Test : Split::Train);
    if (!data)
      return data.status();
    auto dataset = std::make_unique<cnnc_dataset>();
    dataset->data = std::move(*data);
    *out = dataset.release();
    return Status();
  });
}

void cnnc_dataset_close(cnnc_dataset *dataset) { delete dataset; }

int64_t cnnc_dataset_size(const cnnc_dataset *dataset) { return dataset->data.size(); }

int64_t cnnc_dataset_classes(const cnnc_dataset *dataset) { return dataset->data.classes; }

void cnnc_dataset_shape(const cnnc_dataset *dataset, int64_t shape[3]) {
  shape[0] = dataset->data.shape.channels;
  shape[1] = dataset->data.shape.height;
  shape[2] = dataset->data.shape.width;
}

int cnnc_dataset_batch(cnnc_dataset *dataset, uint64_t seed, int64_t epoch, int64_t step,
                       int64_t batch, float *images, void *targets) {
  return guarded([&]() -> Status {
    int64_t steps = batch > 0 ? dataset->data.size() / batch : 0;
    if (epoch < 0 || step < 0 || step >= steps)
      return fail(Exit::Request, "{}: no step {} of epoch {} with {} images in batches of {}",
                  dataset->data.name, step, epoch, dataset->data.size(), batch);
    if (!dataset->loader || dataset->seed != seed || dataset->batch != batch) {
      dataset->loader.emplace(dataset->data, batch, seed);
      dataset->seed = seed;
      dataset->batch = batch;
    }
    dataset->loader->fill(epoch, step, images, targets);
    return Status();
  });
}

int cnnc_dataset_images(const cnnc_dataset *dataset, int64_t first, int64_t count, float *images,
                        void *targets) {
  return guarded([&]() -> Status {
    int64_t size = dataset->data.size();
    if (first < 0 || count < 0 || first > size || count > size - first)
      return fail(Exit::Request, "{}: images {} to {} of {} are asked for", dataset->data.name,
                  first, first + count, size);
    // Labels and numbers both have four bytes.
    static_assert(sizeof(int32_t) == sizeof(float));
    size_t bytes = sizeof(float) * static_cast<size_t>(dataset->data.targetElements());
    Loader one(dataset->data, 1, 0);
    for (int64_t i = 0; i < count; ++i)
      one.fillInOrder(first + i, images + i * dataset->data.shape.elements(),
                      targets ? static_cast<char *>(targets) + i * bytes : nullptr);
    return Status();
  });
}

int cnnc_pool_create(int threads, cnnc_pool **out) {
  *out = nullptr;
  return guarded([&]() -> Status {
    if (threads < 0 || threads > ThreadPool::kMostThreads)
      return fail(Exit::Request, "expected 0 to {} threads, but {} are asked for",
                  ThreadPool::kMostThreads, threads);
    *out = new cnnc_pool(threads ? threads : ThreadPool::processorCount());
    return Status();
  });
}

void cnnc_pool_destroy(cnnc_pool *pool) { delete pool; }

void cnnc_pool_run(void *pool, void (*task)(void *context, int64_t begin, int64_t end),
                   void *context, int64_t tasks) {
  static_cast<cnnc_pool *>(pool)->threads.run(task, context, tasks);
}

const char *cnnc_error_text(void) { return lastError.c_str(); }

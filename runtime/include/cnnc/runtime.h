/*===- runtime.h - Data and threads for programs that use a generated library -----------===*
 *
 * C99 and C++. Opens the sources that `data =` names and delivers batches in the
 * order that `cnnc train` uses, so that a program with a generated library learns
 * exactly what `cnnc train` learns. Link with CnncRuntime.
 *
 *     cnnc_dataset *data;
 *     if (cnnc_dataset_open("digits()", CNNC_SPLIT_TRAIN, &data))
 *       return fprintf(stderr, "%s\n", cnnc_error_text()), 1;
 *     int64_t steps = cnnc_dataset_size(data) / LENET_BATCH;
 *     for (int64_t step = 0; step < steps; ++step) {
 *       cnnc_dataset_batch(data, seed, epoch, step, LENET_BATCH, image, label);
 *       loss = lenet_train_step(params, state, image, label, lr, workspace);
 *     }
 *     cnnc_dataset_close(data);
 *
 *===----------------------------------------------------------------------===*/
#ifndef CNNC_RUNTIME_H
#define CNNC_RUNTIME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cnnc_dataset cnnc_dataset;

typedef enum cnnc_split { CNNC_SPLIT_TRAIN = 0, CNNC_SPLIT_TEST = 1 } cnnc_split;

/* `spec` is "digits()", "digits(5000)", "idx(DIR)", "cifar(DIR)", "folder(DIR)" or
 * "npy(X, Y)". Functions that return int answer 0, or an exit code of cnnc (1 wrong request, 3
 * malformed file, 4 limit) with the reason in cnnc_error_text(). */
int cnnc_dataset_open(const char *spec, cnnc_split split, cnnc_dataset **out);
void cnnc_dataset_close(cnnc_dataset *dataset);

int64_t cnnc_dataset_size(const cnnc_dataset *dataset);
/* 0 where the targets are numbers. */
int64_t cnnc_dataset_classes(const cnnc_dataset *dataset);
/* Channels, height, width of every image. */
void cnnc_dataset_shape(const cnnc_dataset *dataset, int64_t shape[3]);

/* Batch `step` of `epoch` in the shuffled order of `seed`: `batch` images of f32
 * from 0 to 1, and into `targets` (may be null) their labels of int32_t or their numbers
 * of float, as the source has them. `step` is below size / batch. Not for two threads
 * at once on one dataset. */
int cnnc_dataset_batch(cnnc_dataset *dataset, uint64_t seed, int64_t epoch, int64_t step,
                       int64_t batch, float *images, void *targets);

/* Images first, first + 1, … in the source's order; `first + count` is at most the
 * size. */
int cnnc_dataset_images(const cnnc_dataset *dataset, int64_t first, int64_t count, float *images,
                        void *targets);

typedef struct cnnc_pool cnnc_pool;

/* Threads for a generated library:
 *
 *     cnnc_pool *pool;
 *     if (cnnc_pool_create(0, &pool))
 *       return fprintf(stderr, "%s\n", cnnc_error_text()), 1;
 *     lenet_set_parallel(cnnc_pool_run, pool);
 *
 * `threads` counts the one that calls; 0 takes as many as the process may use processors.
 * They start with the first work that can be divided; from then on, where each has a
 * processor of its own, it stays there, the calling thread too, until cnnc_pool_destroy.
 * Create and destroy a pool in the thread that calls the library. */
int cnnc_pool_create(int threads, cnnc_pool **out);
void cnnc_pool_destroy(cnnc_pool *pool);
/* A cnnc_parallel of abi.h; `pool` is a cnnc_pool. Calls of two threads are served one after
 * the other; in a task of any pool, all tasks run in the thread that calls. */
void cnnc_pool_run(void *pool, void (*task)(void *context, int64_t begin, int64_t end),
                   void *context, int64_t tasks);

/* Why the last call of this thread failed. Valid until the next call that fails. */
const char *cnnc_error_text(void);

#ifdef __cplusplus
}
#endif

#endif /* CNNC_RUNTIME_H */

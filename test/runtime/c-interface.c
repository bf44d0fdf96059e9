/* RUN: runtime-test-c-interface
 *
 * Datasets and threads from a C program. */

#include "cnnc/abi.h"
#include "cnnc/runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);                      \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

enum { BATCH = 10, PIXELS = 784 };

static void count(void *context, int64_t begin, int64_t end) {
  int *counts = (int *)context;
  for (; begin < end; ++begin)
    ++counts[begin];
}

static void check_pool(void) {
  int counts[100] = {0}, i;
  cnnc_pool *pool = NULL;
  cnnc_parallel run = cnnc_pool_run; /* what <prefix>_set_parallel takes */
  CHECK(cnnc_pool_create(-1, &pool) == 1 && pool == NULL);
  CHECK(strstr(cnnc_error_text(), "expected 0 to 1024 threads, but -1 are asked for"));
  CHECK(cnnc_pool_create(1025, &pool) == 1);
  for (i = 0; i <= 3; ++i) {
    CHECK(cnnc_pool_create(i, &pool) == 0);
    run(pool, count, counts, 100);
    cnnc_pool_destroy(pool);
  }
  cnnc_pool_destroy(NULL);
  for (i = 0; i < 100; ++i)
    CHECK(counts[i] == 4);
}

int main(void) {
  static float images[BATCH * PIXELS], again[BATCH * PIXELS];
  int32_t labels[BATCH], same[BATCH];
  int64_t shape[3];
  cnnc_dataset *data = NULL;
  int i;
  CHECK(cnnc_dataset_open("idx(nowhere)", CNNC_SPLIT_TRAIN, &data) == 3);
  CHECK(data == NULL && strstr(cnnc_error_text(), "nowhere: expected train-images-idx3-ubyte"));
  CHECK(cnnc_dataset_open("nothing()", CNNC_SPLIT_TRAIN, &data) == 1);
  CHECK(cnnc_dataset_open("digits(105)", CNNC_SPLIT_TRAIN, &data) == 0);
  CHECK(cnnc_dataset_size(data) == 105 && cnnc_dataset_classes(data) == 10);
  cnnc_dataset_shape(data, shape);
  CHECK(shape[0] == 1 && shape[1] == 28 && shape[2] == 28);
  CHECK(cnnc_dataset_batch(data, 7, 2, 9, BATCH, images, labels) == 0);
  CHECK(cnnc_dataset_batch(data, 8, 2, 9, BATCH, again, same) == 0);
  CHECK(memcmp(images, again, sizeof images) != 0);
  CHECK(cnnc_dataset_batch(data, 7, 2, 9, BATCH, again, same) == 0);
  CHECK(memcmp(images, again, sizeof images) == 0 && memcmp(labels, same, sizeof labels) == 0);
  for (i = 0; i < BATCH * PIXELS; ++i)
    CHECK(images[i] >= 0 && images[i] <= 1);
  CHECK(cnnc_dataset_batch(data, 7, 2, 10, BATCH, images, labels) == 1);
  CHECK(cnnc_dataset_batch(data, 7, -1, 0, BATCH, images, labels) == 1);
  CHECK(cnnc_dataset_batch(data, 7, 0, 0, 0, images, labels) == 1);
  CHECK(cnnc_dataset_images(data, 95, BATCH, images, labels) == 0);
  CHECK(cnnc_dataset_images(data, 96, BATCH, images, labels) == 1);
  CHECK(strstr(cnnc_error_text(), "images 96 to 106 of 105"));
  cnnc_dataset_close(data);
  cnnc_dataset_close(NULL);
  check_pool();
  printf("passed\n");
  return 0;
}

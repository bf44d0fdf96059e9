/* Trains lenet5.h's network on the built-in digits and prints each step's loss.
 *
 *     train-lenet EPOCHS SAVED.safetensors
 *
 * Then gives lenet5_load every truncation of the saved bytes, and the header with each
 * byte changed: it must answer with an error code, or load something, but not crash. */
#include "lenet5.h"

#include <cnnc/runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 1 };
static const float learning_rate = 0.05f;

/* Aligned to 64 bytes and zeroed; lives as long as the program. */
static void *aligned_zeros(size_t bytes) {
  char *memory = calloc(bytes + 64, 1);
  if (!memory)
    exit(1);
  return memory + (64 - (size_t)memory % 64) % 64;
}

static int train(void *params, int64_t epochs) {
  void *state = aligned_zeros(LENET5_STATE_BYTES);
  void *workspace = aligned_zeros(LENET5_TRAIN_WORKSPACE_BYTES);
  float *image = aligned_zeros(sizeof(float) * LENET5_BATCH * 28 * 28);
  int32_t *label = aligned_zeros(sizeof(int32_t) * LENET5_BATCH);
  cnnc_dataset *data;
  int64_t epoch, step, steps;
  if (cnnc_dataset_open("digits()", CNNC_SPLIT_TRAIN, &data))
    return fprintf(stderr, "%s\n", cnnc_error_text()), 1;
  steps = cnnc_dataset_size(data) / LENET5_BATCH;
  for (epoch = 0; epoch < epochs; ++epoch)
    for (step = 0; step < steps; ++step) {
      float loss;
      if (cnnc_dataset_batch(data, SEED, epoch, step, LENET5_BATCH, image, label))
        return fprintf(stderr, "%s\n", cnnc_error_text()), 1;
      loss = lenet5_train_step(params, state, image, label, learning_rate, workspace);
      printf("%a\n", (double)loss);
    }
  cnnc_dataset_close(data);
  return 0;
}

static int check_hostile_bytes(const void *params, const char *saved, size_t size) {
  void *loaded = aligned_zeros(LENET5_PARAMS_BYTES);
  char *bytes = malloc(size);
  size_t i;
  if (!bytes || lenet5_load(loaded, saved, size) != 0)
    return fprintf(stderr, "what was saved does not load\n"), 1;
  if (memcmp(loaded, params, LENET5_PARAMS_BYTES) != 0)
    return fprintf(stderr, "what was saved loads as something else\n"), 1;
  for (i = 0; i < size; i += i < 2048 ? 1 : 997)
    if (lenet5_load(loaded, saved, i) == 0)
      return fprintf(stderr, "%lu of %lu bytes load\n", (unsigned long)i, (unsigned long)size), 1;
  for (i = 0; i < 2048; ++i) {
    memcpy(bytes, saved, size);
    bytes[i] = (char)(bytes[i] ^ 0x15);
    (void)lenet5_load(loaded, bytes, size);
  }
  memset(bytes, 0xff, 8);
  if (lenet5_load(loaded, bytes, size) == 0)
    return fprintf(stderr, "a header of 2^64 - 1 bytes loads\n"), 1;
  free(bytes);
  return 0;
}

int main(int argc, char **argv) {
  void *params = aligned_zeros(LENET5_PARAMS_BYTES);
  size_t capacity = LENET5_PARAMS_BYTES + 65536, size;
  char *saved = malloc(capacity);
  FILE *file;
  if (argc != 3 || !saved)
    return 2;
  lenet5_init(params, SEED);
  if (train(params, atoi(argv[1])))
    return 1;
  size = lenet5_save(params, saved, capacity);
  file = fopen(argv[2], "wb");
  if (size == 0 || size > capacity || !file || fwrite(saved, 1, size, file) != size ||
      fclose(file) != 0)
    return fprintf(stderr, "cannot save %lu bytes\n", (unsigned long)size), 1;
  return check_hostile_bytes(params, saved, size);
}

/* Trains the library of lenet5.cnn on a batch of its own and prints the loss. See
 * README.md. */
#include "lenet5.h"
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  void *params = aligned_alloc(CNNC_ALIGNMENT, LENET5_PARAMS_BYTES);
  void *state = aligned_alloc(CNNC_ALIGNMENT, LENET5_STATE_BYTES);
  void *workspace = aligned_alloc(CNNC_ALIGNMENT, LENET5_TRAIN_WORKSPACE_BYTES);
  static float image[LENET5_BATCH][1][28][28];
  static int32_t label[LENET5_BATCH];
  int i;
  for (i = 0; i < LENET5_BATCH; ++i) {
    label[i] = i % 10;
    image[i][0][2 * label[i] + 4][14] = 1; /* a dot; its height is the class */
  }
  for (i = 0; i < LENET5_STATE_BYTES; ++i)
    ((char *)state)[i] = 0;
  lenet5_init(params, /*seed=*/1);
  for (i = 0; i <= 400; ++i) {
    float loss = lenet5_train_step(params, state, &image[0][0][0][0], label, 0.05f, workspace);
    if (i % 400 == 0)
      printf("step %d: loss %.1f\n", i, loss);
  }
  free(params);
  free(state);
  free(workspace);
  return 0;
}

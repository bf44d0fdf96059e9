/* lenet5.h, generated from lenet5.cnn */
#ifndef LENET5_H
#define LENET5_H

/*===- abi.h - What a compiled network offers -------------------------------===*
 *
 * C99 and C++. A copy of this text stands in every header that `cnnc compile`
 * writes, so that the generated library depends on no file of ours.
 *
 * Memory belongs to the caller. `params`, `state` and `workspace` must be aligned
 * to CNNC_ALIGNMENT bytes and have the sizes that cnnc_model_info states.
 * `state` starts as zeros. No function allocates, starts a thread or, but for
 * set_parallel, keeps a pointer. Different threads may share `params` while nobody
 * trains it; each needs a workspace of its own.
 *
 *===----------------------------------------------------------------------===*/
#ifndef CNNC_ABI_H
#define CNNC_ABI_H

#include <stddef.h>
#include <stdint.h>

#define CNNC_ABI_VERSION 3
#define CNNC_ALIGNMENT 64
#define CNNC_MAX_RANK 6

typedef enum cnnc_dtype { CNNC_F32 = 0, CNNC_F64 = 1, CNNC_I32 = 2, CNNC_I64 = 3 } cnnc_dtype;

/* How the library's init function fills a tensor. UNIFORM draws from [-value, value),
 * NORMAL with the mean 0 and the deviation value. */
typedef enum cnnc_init_kind {
  CNNC_INIT_CONSTANT = 0,
  CNNC_INIT_UNIFORM = 1,
  CNNC_INIT_NORMAL = 2
} cnnc_init_kind;

/* What a tensor of a network is for. */
typedef enum cnnc_role {
  CNNC_ROLE_INPUT = 0,     /* given to every call */
  CNNC_ROLE_TARGET = 1,    /* what the loss compares with */
  CNNC_ROLE_OUTPUT = 2,    /* written by forward */
  CNNC_ROLE_PARAMETER = 3, /* in params, trained */
  CNNC_ROLE_STATISTIC = 4, /* in params, not trained: running mean and variance */
  CNNC_ROLE_SLOT = 5,      /* in state: momentum, moments, step, seed */
  CNNC_ROLE_FROZEN = 6     /* in params, a parameter that is not trained */
} cnnc_role;

/* One tensor. `shape` includes the batch for inputs, targets and outputs.
 *
 * Inputs, targets, outputs, gradients and weight files are in row-major order. What lies in
 * params or state may be in blocks: dimensions 0 and 1, of O and C elements, are then divided
 * into blocks of B0 = block[0] and B1 = block[1] (1 where a dimension is whole), which lie
 * innermost. Element (o, c, r), with r its row-major index in the other dimensions, which
 * together have R elements, is stored at
 *
 *   ((o / B0 * ceil(C / B1) + c / B1) * R + r) * B1 * B0 + c % B1 * B0 + o % B0
 *
 * What the last block of a dimension has beyond its elements is zero, and must be. init, load
 * and train_step keep it so. */
typedef struct cnnc_tensor_info {
  const char *name;
  cnnc_role role;
  cnnc_dtype dtype;
  uint32_t rank;
  uint32_t init;     /* a cnnc_init_kind */
  double init_value; /* the constant, the bound of uniform, the deviation of normal */
  int64_t shape[CNNC_MAX_RANK];
  uint64_t offset;       /* bytes from the start of params or state; 0 for others */
  uint64_t bytes;        /* elements times element size */
  int64_t classes;       /* of a class target: labels are 0 .. classes-1; else 0 */
  uint64_t stored_bytes; /* in params or state, whole blocks; for others as bytes */
  uint32_t block[2];     /* sizes of the blocks of dimensions 0 and 1 */
} cnnc_tensor_info;

/* How a program lends threads to a library, which starts none: calls task(context, begin, end)
 * for ranges that together are 0 .. tasks-1, each number once, on any threads and in any order,
 * and returns when all of them have returned. The results have the same bits however the
 * tasks are divided. `pool` is what was given with the function. */
typedef void (*cnnc_parallel)(void *pool, void (*task)(void *context, int64_t begin, int64_t end),
                              void *context, int64_t tasks);

/* A compiled network. `train_step` and `gradient` are null where the text has no
 * train section. Arrays of pointers follow the order of the tables. */
typedef struct cnnc_model_info {
  uint32_t abi_version;
  uint32_t batch;
  const char *name;
  uint32_t input_count, target_count, output_count, param_count, state_count;
  const cnnc_tensor_info *inputs, *targets, *outputs;
  const cnnc_tensor_info *params; /* parameters and statistics, order of the text */
  const cnnc_tensor_info *state;
  uint64_t params_bytes, state_bytes;
  uint64_t workspace_bytes, train_workspace_bytes; /* of forward; of train_step and gradient */

  void (*forward)(const void *params, const void *const *inputs, void *const *outputs,
                  void *workspace);
  /* One step of the optimizer; returns the mean loss over the batch before the step. */
  float (*train_step)(void *params, void *state, const void *const *inputs,
                      const void *const *targets, float lr, void *workspace);
  /* The loss and, into `gradients`, one buffer for each trained parameter in the
   * order of `params`, then one for each float input. Changes nothing else.
   * Present in a network compiled in memory; a library has it null. */
  double (*gradient)(const void *params, const void *state, const void *const *inputs,
                     const void *const *targets, void *const *gradients, void *workspace);
  /* From the next call on, `run` divides the work; null, as at the start: the thread that
   * calls does all of it. Not while another thread is in a function of the library. */
  void (*set_parallel)(cnnc_parallel run, void *pool);
} cnnc_model_info;

/* What load answers. */
enum {
  CNNC_OK = 0,
  CNNC_BAD_FILE = 1,       /* not a well-formed safetensors file */
  CNNC_MISSING_TENSOR = 2, /* a tensor of the network is not in the file */
  CNNC_EXTRA_TENSOR = 3,   /* the file has a tensor that the network lacks */
  CNNC_WRONG_SHAPE = 4,
  CNNC_WRONG_DTYPE = 5
};

#endif /* CNNC_ABI_H */

/* Bytes of the blobs, which must be aligned to CNNC_ALIGNMENT. */
#define LENET5_BATCH 64
#define LENET5_PARAMS_BYTES 247040
#define LENET5_WORKSPACE_BYTES 563200
#define LENET5_STATE_BYTES 247104
#define LENET5_TRAIN_WORKSPACE_BYTES 3913728

#ifdef __cplusplus
extern "C" {
#endif

/* Names, sizes and initial values of everything below. */
const cnnc_model_info *lenet5_info(void);
/* Fills params with the initial values that belong to seed. */
void lenet5_init(void *params, uint64_t seed);
/* CNNC_OK, or an error code and params as it was. */
int lenet5_load(void *params, const void *safetensors, size_t bytes);
/* The bytes that the file needs; writes it only if capacity suffices. */
size_t lenet5_save(const void *params, void *safetensors, size_t capacity);
/* Threads for the functions below: run divides their work; null: none (the default).
 * Not while another thread is in one of them. */
void lenet5_set_parallel(cnnc_parallel run, void *pool);

/*
 *   in image: float[64][1][28][28]
 *   in label: int32_t[64], labels 0 .. 9
 *   out logits: float[64][10]
 *
 * The arrays of one call must not overlap.
 */
void lenet5_forward(const void *params, const float *image, float *logits, void *workspace);
/* One step of the optimizer; the mean loss over the batch before it. */
float lenet5_train_step(void *params, void *state, const float *image, const int32_t *label, float lr, void *workspace);

#ifdef __cplusplus
}
#endif

#endif /* LENET5_H */

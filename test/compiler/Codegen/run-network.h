/*===- run-network.h - Runs a network and prints what it computes, bit by bit ===*
 *
 * C99 and C++, after cnnc/abi.h or a generated header. Included by the program
 * that loads the network in memory and by the one that links the library, so equal
 * output means equal code.
 *
 *===----------------------------------------------------------------------===*/
#ifndef RUN_NETWORK_H
#define RUN_NETWORK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TENSORS = 8, STEPS = 3 };

static void *allocate(uint64_t bytes) {
  void *memory = aligned_alloc(CNNC_ALIGNMENT, (bytes / CNNC_ALIGNMENT + 1) * CNNC_ALIGNMENT);
  if (!memory)
    abort();
  memset(memory, 0, bytes);
  return memory;
}

static void fill(const cnnc_tensor_info *tensor, void *data) {
  uint64_t i;
  for (i = 0; i < tensor->bytes / 4; ++i)
    if (tensor->dtype == CNNC_F32)
      ((float *)data)[i] = (float)((int)(i * 37 % 101) - 50) / 32.0f;
    else
      ((int32_t *)data)[i] = (int32_t)(i % (uint64_t)tensor->classes);
}

static uint64_t hash(const void *data, uint64_t bytes) {
  uint64_t value = 14695981039346656037u, i;
  for (i = 0; i < bytes; ++i)
    value = (value ^ ((const unsigned char *)data)[i]) * 1099511628211u;
  return value;
}

static void allocate_all(const cnnc_tensor_info *tensors, uint32_t count, void **buffers) {
  uint32_t i;
  for (i = 0; i < count; ++i)
    fill(&tensors[i], buffers[i] = allocate(tensors[i].bytes));
}

/* Of a network with one trained parameter and one input. */
static void run_gradient(const cnnc_model_info *info, const void *params, const void *state,
                         void **inputs, void **targets, void *workspace) {
  void *gradients[2];
  double loss;
  gradients[0] = allocate(info->params[0].bytes);
  gradients[1] = allocate(info->inputs[0].bytes);
  loss = info->gradient(params, state, (const void *const *)inputs, (const void *const *)targets,
                        gradients, workspace);
  printf("gradient loss %a %s %g %s %g\n", loss, info->params[0].name, ((float *)gradients[0])[0],
         info->inputs[0].name, ((float *)gradients[1])[0]);
}

/* `params` holds the initial parameters. */
static void run_network(const cnnc_model_info *info, void *params) {
  void *inputs[MAX_TENSORS], *targets[MAX_TENSORS], *outputs[MAX_TENSORS];
  void *state = allocate(info->state_bytes);
  void *workspace = allocate(info->workspace_bytes + info->train_workspace_bytes);
  uint32_t i, step;
  allocate_all(info->inputs, info->input_count, inputs);
  allocate_all(info->targets, info->target_count, targets);
  allocate_all(info->outputs, info->output_count, outputs);
  printf("%s batch %u params %llx\n", info->name, info->batch,
         (unsigned long long)hash(params, info->params_bytes));
  for (step = 0; info->train_step && step < STEPS; ++step)
    printf("loss %a\n", info->train_step(params, state, (const void *const *)inputs,
                                         (const void *const *)targets, 0.125f, workspace));
  info->forward(params, (const void *const *)inputs, outputs, workspace);
  for (i = 0; i < info->output_count; ++i)
    printf("%s %llx first %.6g\n", info->outputs[i].name,
           (unsigned long long)hash(outputs[i], info->outputs[i].bytes), ((float *)outputs[i])[0]);
  printf("params %llx state %llx\n", (unsigned long long)hash(params, info->params_bytes),
         (unsigned long long)hash(state, info->state_bytes));
  if (info->gradient)
    run_gradient(info, params, state, inputs, targets, workspace);
}

#endif /* RUN_NETWORK_H */

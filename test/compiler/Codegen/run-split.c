/* Runs the library `net`, whose kernels are split: without an argument in this thread, with
 * `ranges` in ranges of this program's own, with a number on so many threads of the runtime. */
#include "net.h"

#include "cnnc/runtime.h"
#include "run-network.h"

static int64_t calls, ranges;

/* From the last task to the first, three at a time. */
static void run_backwards(void *pool, void (*task)(void *context, int64_t begin, int64_t end),
                          void *context, int64_t tasks) {
  ++calls;
  if (pool != &ranges)
    abort();
  for (; tasks > 0; tasks -= 3, ++ranges)
    task(context, tasks > 3 ? tasks - 3 : 0, tasks);
}

int main(int argc, char **argv) {
  const cnnc_model_info *info = net_info();
  void *params = allocate(NET_PARAMS_BYTES);
  cnnc_pool *pool = NULL;
  int isRanges = argc > 1 && strcmp(argv[1], "ranges") == 0;
  if (isRanges)
    net_set_parallel(run_backwards, &ranges);
  else if (argc > 1) {
    if (cnnc_pool_create(atoi(argv[1]), &pool))
      return fprintf(stderr, "%s\n", cnnc_error_text()), 1;
    info->set_parallel(cnnc_pool_run, pool);
  }
  run_network(info, params);
  /* One call for each split kernel, 13 and 32 tasks. */
  if (isRanges && (calls != 2 || ranges != 5 + 11))
    return fprintf(stderr, "%d calls, %d ranges\n", (int)calls, (int)ranges), 1;
  net_set_parallel(NULL, NULL);
  cnnc_pool_destroy(pool);
  return 0;
}

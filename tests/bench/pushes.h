/*
 * What is pushed: descriptors of all eight kinds in turn, each of the wanted
 * size, each with content that was never pushed before. Requests are packed
 * once; a push copies one and writes its system and its turn into the bytes,
 * so that making it costs next to nothing.
 *
 * Each time it is the model's turn its output type changes, so that of eight
 * pushes one opens or resolves a finding and changes the verdict.
 */
#ifndef BENCH_PUSHES_H
#define BENCH_PUSHES_H

#include <grpc/grpc.h>
#include <stdint.h>

enum {
	PUSHES_SYSTEM_SIZE = 16,
};

#define PUSHES_METHOD "/tally.v1.DescriptorService/PushDescriptors"

struct pushes;

/** @param size_bytes  a packed descriptor has so many or a few more @return owned */
struct pushes *pushes_new(size_t size_bytes);
void pushes_free(struct pushes *pushes);

/** Writes the id of a system. @param[out] id PUSHES_SYSTEM_SIZE bytes @return id */
char *pushes_system(int number, char *id);

/**
 * Creates systems and pushes all eight kinds to each.
 *
 * @param first  number of the first system; its turns begin at 0
 */
void pushes_create(struct pushes *pushes, const char *address, int first, int count);

/** Makes the request of one push. @param turn counts from 0, per system; no two alike @return owned */
grpc_slice pushes_request(const struct pushes *pushes, int system, int64_t turn);

/** As pushes_request(), but always the model: every push opens or resolves a finding. @return owned */
grpc_slice pushes_model_request(const struct pushes *pushes, int system, int64_t turn);

/** As pushes_request(), but always the raw data: no push changes a finding. @return owned */
grpc_slice pushes_raw_data_request(const struct pushes *pushes, int system, int64_t turn);

/** As pushes_request(), but all eight kinds at once: eight events. @return owned */
grpc_slice pushes_all_request(const struct pushes *pushes, int system, int64_t turn);

/** Ends the program when an answer to a push says that nothing changed. */
void pushes_check(void *context, const uint8_t *bytes, size_t size);

#endif

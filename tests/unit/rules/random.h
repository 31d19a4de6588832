/* Random descriptors of a few words, so that they meet. The same ones for the same seed. */
#ifndef RULES_RANDOM_H
#define RULES_RANDOM_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

void random_seed(uint64_t seed);

/** @return below `sides` */
unsigned random_roll(unsigned sides);

/** Lets random waivers name a finding that there was. @param finding its id */
void random_mention(const char *finding);

/** Makes a message; most of its fields are given. @return owned */
json_t *random_message(const ProtobufCMessageDescriptor *type);

/** Makes what a field holds, of a list all entries. @return owned */
json_t *random_field(const ProtobufCFieldDescriptor *field);

#endif

/* What a completion queue gives back: whose operation has ended, and what happens then. */
#ifndef TRANSPORT_TAG_H
#define TRANSPORT_TAG_H

#include <stdbool.h>

struct tag {
	void (*done)(void *owner, bool ok); /* on the queue's thread */
	void *owner;                        /* borrowed */
};

#endif

/* Reading ahead, in the letters of subscribe_stage.h: who comes back from far behind. */
#include "cases.h"

#include <string.h>

#include "subscribe_stage.h"

/* Makes a client come back for so many revisions of every system that the store gives them in several pages.
 */
static void come_back(struct world *world, int systems)
{
	char text[2601] = "";
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 2 ? '.' : 'a';
	world_begin(world, 2);
	if (systems == 1)
		world_want_alpha(world);
	world_subscribe(world);
	const char *start = world_last_token(world);
	world->client.fake.slow = true;
	for (int i = 0; i < systems; i++)
		world_push(world, i, text);
	fake_defers_reads = true;
	world->client.fake.slow = false;
	fake_go(&world->client.fake);
	fake_serve(NULL);
	world_resume(world, start);
	fake_serve(NULL);
	fake_go(&world->client.fake); /* it has the heads, and asks for the first page */
	assert_int_equal(atomic_load(&world->memory.ahead), 0);
	world->client.fake.slow = true;
	fake_serve(NULL);
	fake_go(&world->client.fake);
	fake_go(&world->client.fake); /* it is being sent the first message */
}

static void got(struct world *world, size_t events)
{
	size_t count = 0;
	for (const char *at = buffer_string(&world->client.received); *at; at++)
		count += at[0] == 'a' && at[1] == '!';
	assert_int_equal(count, events);
	assert_int_equal(atomic_load(&world->memory.ahead), 0);
	assert_int_equal(atomic_load(&world->memory.held), 0);
}

static void go_on(struct world *world)
{
	world->client.fake.slow = fake_defers_reads = false;
	fake_serve(NULL);
	fake_go(&world->client.fake);
}

static void read_ahead(struct world *world)
{
	come_back(world, 3);
	assert_in_range(atomic_load(&world->memory.ahead), 1, 2);
	go_on(world);
	got(world, 3 * 1300);
	world_end(world);
	come_back(world, 1);
	assert_int_equal(atomic_load(&world->memory.ahead), 1);
	go_on(world);
	got(world, 1300);
}

static void read_ahead_fails(struct world *world)
{
	come_back(world, 3);
	assert_true(atomic_load(&world->memory.ahead) > 0);
	fake_store.fault = FAULT_UNAVAILABLE;
	fake_serve(NULL);
	fake_store.fault = FAULT_NONE;
	go_on(world); /* without a pause: no time passes */
	got(world, 3 * 1300);
}

/* The reader has the reads when their call is gone. */
static void read_ahead_abandoned(struct world *world)
{
	come_back(world, 3);
	assert_true(atomic_load(&world->memory.ahead) > 0);
	world->client.fake.slow = false;
	fake_cancel(&world->client.fake);
	fake_close(&world->client.fake);
	assert_true(atomic_load(&world->memory.ahead) > 0);
	fake_serve(NULL);
	assert_int_equal(atomic_load(&world->memory.ahead), 0);
	assert_int_equal(atomic_load(&world->memory.held), 0);
}

/* Half of it is kept for those who wait. */
static void no_memory_to_read_ahead(struct world *world)
{
	come_back(world, 1);
	assert_int_equal(atomic_load(&world->memory.ahead), 1);
	go_on(world);
	got(world, 1300);
	world->memory.limit = 1;
	fake_defers_reads = true;
	world_resume(world, world->client.tokens[0]);
	for (int i = 0; i < 10; i++) {
		fake_serve(NULL);
		fake_go(&world->client.fake);
		assert_int_equal(atomic_load(&world->memory.ahead), 0);
	}
	go_on(world);
	got(world, 1300);
}

struct row {
	const char *name;
	void (*run)(struct world *world);
};

static const struct row rows[] = {
	{"who has far to come is read the next pages while one is sent, and gets every event once",
		read_ahead},
	{"a read ahead that fails is done again, and the client hears nothing of it", read_ahead_fails},
	{"a client may go while it is read ahead", read_ahead_abandoned},
	{"when memory is short nothing is read ahead", no_memory_to_read_ahead},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct world world;
	row->run(&world);
	world_end(&world);
}

int main(void)
{
	return CASES_RUN(rows, check);
}

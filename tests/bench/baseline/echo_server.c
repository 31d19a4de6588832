/* bench-echo: answers every call with the bytes that were kept. What a verdict costs is measured beside it.
 */
#include "raw.h"

static void echo(struct raw_call *call)
{
	raw_answer(call, raw_kept());
}

int main(int count, char **arguments)
{
	struct raw_method methods[] = {
		{.path = RAW_KEEP, .run = raw_keep},
		{.path = RAW_ECHO, .run = echo},
	};
	raw_serve(count, arguments, methods, sizeof(methods) / sizeof(methods[0]));
}

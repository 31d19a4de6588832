/* Where a server listens, and where it refuses to. */
#include "stage.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/log.h"

static char folder[] = "/tmp/tally-listen-XXXXXX";

static void in_folder(char *text, size_t size, const char *name)
{
	snprintf(text, size, "unix:%s/%s", folder, name);
}

static const char *path_of(const char *address)
{
	return address + strlen("unix:");
}

static bool exists(const char *address)
{
	struct stat status;
	return lstat(path_of(address), &status) == 0;
}

/* Leaves the socket file of a server that died. */
static void make_stale(const char *address)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	snprintf(name.sun_path, sizeof(name.sun_path), "%s", path_of(address));
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(fd, 1), 0);
	close(fd);
	assert_true(exists(address));
}

static void expect_refusal(const char *address, const char *reason, const char *words)
{
	struct stage stage;
	stage_prepare(&stage, address);
	struct fault fault = {0};
	struct rpc_server *server = NULL;
	assert_int_equal(rpc_server_start(&stage.options, &server, &fault), FAULT_INVALID);
	assert_null(server);
	assert_string_equal(fault.reason, reason);
	assert_non_null(strstr(fault.message, address));
	if (!strstr(fault.message, words))
		fail_msg("\"%s\" is not in \"%s\"", words, fault.message);
}

static void works_at(const char *address, bool insecure)
{
	struct stage stage;
	stage_prepare(&stage, address);
	stage.options.insecure = insecure;
	stage_open(&stage);
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	stage_strike(&stage);
}

static void port_0_chooses_a_port(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	const char *address = rpc_server_address(stage.server, 0);
	assert_memory_equal(address, "127.0.0.1:", 10);
	assert_true(strtol(address + 10, NULL, 10) > 0);
	stage_strike(&stage);
}

static void loopback_names_are_fine(void **state)
{
	(void)state;
	works_at("localhost:0", false);
	works_at("127.0.0.2:0", false);
}

static void other_addresses_need_insecure(void **state)
{
	(void)state;
	expect_refusal("0.0.0.0:0", "LISTEN_REFUSED", "--insecure");
	expect_refusal("[::]:0", "LISTEN_REFUSED", "--insecure");
	expect_refusal("192.0.2.1:0", "LISTEN_REFUSED", "--insecure");
	struct stage stage;
	stage_prepare(&stage, "0.0.0.0:0");
	stage.options.insecure = true;
	stage_open(&stage);
	client_free(stage.client);
	rpc_server_free(stage.server);
}

static void an_address_is_checked_without_a_server(void **state)
{
	(void)state;
	struct fault fault = {0};
	assert_int_equal(rpc_address_check("0.0.0.0:7443", false, &fault), FAULT_INVALID);
	assert_string_equal(fault.reason, "LISTEN_REFUSED");
	assert_int_equal(rpc_address_check("localhost:http", false, &fault), FAULT_INVALID);
	assert_int_equal(rpc_address_check("0.0.0.0:7443", true, &fault), FAULT_NONE);
	assert_int_equal(rpc_address_check("localhost:7443", false, &fault), FAULT_NONE);
	assert_int_equal(rpc_address_check("unix:/run/tallyd.sock", false, &fault), FAULT_NONE);
}

static void bad_addresses_are_explained(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"", "host:port"},
		{"localhost", "host:port"},
		{"localhost:", "port"},
		{"localhost:http", "port"},
		{"localhost:65536", "port"},
		{":7443", "host"},
		{"::1:7443", "brackets"},
		{"no such host:1", "cannot listen"},
		{"unix:relative", "absolute"},
		{"unix:/no/such/folder/socket", "No such file"},
	};
	for (size_t i = 0; i < CASES_COUNT(rows); i++)
		expect_refusal(rows[i][0], "LISTEN_FAILED", rows[i][1]);
}

static void a_port_in_use_is_said_so(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	expect_refusal(rpc_server_address(stage.server, 0), "LISTEN_FAILED", "Address already in use");
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	stage_strike(&stage);
}

static void a_unix_socket_is_private_and_removed(void **state)
{
	(void)state;
	char address[100];
	in_folder(address, sizeof(address), "private");
	struct stage stage;
	stage_prepare(&stage, address);
	stage_open(&stage);
	assert_string_equal(rpc_server_address(stage.server, 0), address);
	struct stat status;
	assert_int_equal(lstat(path_of(address), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0660);
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	stage_strike(&stage);
	assert_false(exists(address));
}

static void a_dead_servers_socket_is_replaced(void **state)
{
	(void)state;
	char address[100];
	in_folder(address, sizeof(address), "stale");
	make_stale(address);
	works_at(address, false);
	assert_false(exists(address));
}

static void a_living_servers_socket_is_left_alone(void **state)
{
	(void)state;
	char address[100];
	in_folder(address, sizeof(address), "living");
	struct stage stage;
	stage_prepare(&stage, address);
	stage_open(&stage);
	expect_refusal(address, "LISTEN_FAILED", "another server");
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	stage_strike(&stage);
}

static void a_file_that_is_no_socket_is_left_alone(void **state)
{
	(void)state;
	char address[100];
	in_folder(address, sizeof(address), "file");
	int fd = open(path_of(address), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	expect_refusal(address, "LISTEN_FAILED", "not a socket");
	assert_true(exists(address));
	unlink(path_of(address));
}

static void one_server_listens_at_several_places(void **state)
{
	(void)state;
	char address[100];
	in_folder(address, sizeof(address), "several");
	struct rpc_listener listeners[] = {{"127.0.0.1:0"}, {address}};
	struct stage stage;
	stage_prepare(&stage, NULL);
	stage.options.listeners = listeners;
	stage.options.listener_count = 2;
	stage_open(&stage);
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	struct client *other = client_new(rpc_server_address(stage.server, 1));
	struct client_answer answer;
	client_unary(other, "/test.Parrot/Say", "x", 1, 0, &answer);
	assert_int_equal(answer.code, STAGE_OK);
	client_answer_done(&answer);
	client_free(other);
	stage_strike(&stage);
}

static void a_half_bound_server_leaves_nothing(void **state)
{
	(void)state;
	char address[100];
	in_folder(address, sizeof(address), "half");
	struct rpc_listener listeners[] = {{address}, {"0.0.0.0:0"}};
	struct stage stage;
	stage_prepare(&stage, NULL);
	stage.options.listeners = listeners;
	stage.options.listener_count = 2;
	struct fault fault;
	assert_int_equal(rpc_server_start(&stage.options, &stage.server, &fault), FAULT_INVALID);
	assert_false(exists(address));
}

static const struct row {
	const char *name;
	CMUnitTestFunction check;
} rows[] = {
	{"port 0 chooses a port", port_0_chooses_a_port},
	{"loopback names are fine", loopback_names_are_fine},
	{"other addresses need --insecure", other_addresses_need_insecure},
	{"bad addresses are explained", bad_addresses_are_explained},
	{"an address is checked without a server", an_address_is_checked_without_a_server},
	{"a port in use is said so", a_port_in_use_is_said_so},
	{"a Unix socket is private and removed", a_unix_socket_is_private_and_removed},
	{"a dead server's socket is replaced", a_dead_servers_socket_is_replaced},
	{"a living server's socket is left alone", a_living_servers_socket_is_left_alone},
	{"a file that is no socket is left alone", a_file_that_is_no_socket_is_left_alone},
	{"one server listens at several places", one_server_listens_at_several_places},
	{"a half-bound server leaves nothing", a_half_bound_server_leaves_nothing},
};

static void check(void **state)
{
	const struct row *row = *state;
	row->check(NULL);
}

int main(void)
{
	log_setup(LOG_ERROR, LOG_LOGFMT);
	if (!mkdtemp(folder))
		return 1;
	int failed = CASES_RUN(rows, check);
	rmdir(folder);
	return failed;
}

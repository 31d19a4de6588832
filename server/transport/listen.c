/*
 * Binding of listeners. The C core does the binding; this file decides what
 * may be bound, clears the socket files of dead servers away, and says in
 * words why a bind failed, which the core does not tell.
 */
#include "transport/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <grpc/grpc_security.h>

static const char unix_prefix[] = "unix:";

static enum fault_code failed(struct fault *fault, const char *address, const char *why)
{
	fault_set(fault, FAULT_INVALID, "LISTEN_FAILED", "cannot listen at %s: %s", address, why);
	fault_add(fault, "address", "%s", address);
	return FAULT_INVALID;
}

static char *copy(const char *text)
{
	char *made = strdup(text);
	if (!made)
		abort();
	return made;
}

/* The core's answer: the port, or 0 when it could not bind. */
static int add_port(grpc_server *core, const char *address)
{
	grpc_server_credentials *plaintext = grpc_insecure_server_credentials_create();
	int port = grpc_server_add_http2_port(core, address, plaintext);
	grpc_server_credentials_release(plaintext);
	return port;
}

/* ---- TCP ---- */

struct host_port {
	char host[256]; /* without brackets */
	char written[260];
	char port[6];
};

/* Splits host:port, also [v6]:port. @return NULL, or what is wrong with it */
static const char *split(const char *address, struct host_port *parts)
{
	const char *colon = strrchr(address, ':');
	if (!colon)
		return "it must be host:port or unix:/path";
	size_t digits = strspn(colon + 1, "0123456789");
	if (digits == 0 || digits > 5 || colon[1 + digits] || strtol(colon + 1, NULL, 10) > 65535)
		return "the port must be a number from 0 to 65535";
	size_t length = (size_t)(colon - address);
	if (length == 0 || length >= sizeof(parts->host))
		return "the host is missing or too long";
	snprintf(parts->port, sizeof(parts->port), "%s", colon + 1);
	snprintf(parts->written, sizeof(parts->written), "%.*s", (int)length, address);
	bool bracketed = address[0] == '[' && address[length - 1] == ']';
	if (!bracketed && memchr(address, ':', length))
		return "an IPv6 address must stand in brackets";
	snprintf(parts->host, sizeof(parts->host), "%.*s", (int)(bracketed ? length - 2 : length),
		bracketed ? address + 1 : address);
	return NULL;
}

static bool is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)address;
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	}
	if (address->sa_family != AF_INET6)
		return false;
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
	return IN6_IS_ADDR_LOOPBACK(v6) || (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == 127);
}

static bool all_loopback(const struct addrinfo *found)
{
	for (; found; found = found->ai_next)
		if (!is_loopback(found->ai_addr))
			return false;
	return true;
}

/* Tries the bind that the core failed at, for the sake of errno. */
static const char *why_not(const struct addrinfo *found)
{
	int error = 0;
	for (; found && error == 0; found = found->ai_next) {
		int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) < 0 ||
			bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, 1) < 0)
			error = errno;
		if (fd >= 0)
			close(fd);
	}
	return error ? strerror(error) : "the system refused it";
}

/* Finds out what an address means, and whether it may be listened at. @param[out] found freeaddrinfo() */
static enum fault_code resolve(const char *address, bool insecure, struct host_port *parts,
	struct addrinfo **found, struct fault *fault)
{
	const char *wrong = split(address, parts);
	if (wrong)
		return failed(fault, address, wrong);
	int unresolved = getaddrinfo(parts->host, parts->port,
		&(struct addrinfo){.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV},
		found);
	if (unresolved)
		return failed(fault, address, gai_strerror(unresolved));
	if (insecure || all_loopback(*found))
		return FAULT_NONE;
	freeaddrinfo(*found);
	enum fault_code code = fault_set(fault, FAULT_INVALID, "LISTEN_REFUSED",
		"will not listen at %s: it is reachable from other machines and the connection is "
		"plaintext; "
		"listen at a loopback address or a Unix socket, or give --insecure if the network is "
		"trusted",
		address);
	fault_add(fault, "address", "%s", address);
	return code;
}

static enum fault_code bind_tcp(grpc_server *core, const char *address, bool insecure,
	struct listen_bound *bound, struct fault *fault)
{
	struct host_port parts;
	struct addrinfo *found;
	enum fault_code code = resolve(address, insecure, &parts, &found, fault);
	if (code)
		return code;
	int port = add_port(core, address);
	if (port > 0) {
		char text[300];
		snprintf(text, sizeof(text), "%s:%d", parts.written, port);
		bound->address = copy(text);
	} else
		code = failed(fault, address, why_not(found));
	freeaddrinfo(found);
	return code;
}

enum fault_code listen_check(const char *address, bool insecure, struct fault *fault)
{
	struct host_port parts;
	struct addrinfo *found;
	if (strncmp(address, unix_prefix, sizeof(unix_prefix) - 1) == 0)
		return FAULT_NONE;
	enum fault_code code = resolve(address, insecure, &parts, &found, fault);
	if (!code)
		freeaddrinfo(found);
	return code;
}

/* ---- Unix sockets ---- */

/* Is a server behind this socket file? */
static bool answers(const char *path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return true; /* not known: leave the file alone */
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	bool dead = connect(fd, (const struct sockaddr *)&name, sizeof(name)) < 0 &&
		    (errno == ECONNREFUSED || errno == ENOENT);
	close(fd);
	return !dead;
}

/* Makes room for a socket. @return NULL, or why there is none */
static const char *clear_path(const char *path)
{
	struct stat status;
	if (lstat(path, &status) < 0)
		return errno == ENOENT ? NULL : strerror(errno);
	if (!S_ISSOCK(status.st_mode))
		return "a file that is not a socket is in its place";
	if (answers(path))
		return "another server listens there";
	return unlink(path) < 0 && errno != ENOENT ? strerror(errno) : NULL;
}

static enum fault_code bind_unix(
	grpc_server *core, const char *address, struct listen_bound *bound, struct fault *fault)
{
	const char *path = address + sizeof(unix_prefix) - 1;
	if (path[0] != '/' || strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return failed(fault, address, "the path must be absolute and shorter than 108 bytes");
	const char *wrong = clear_path(path);
	if (wrong)
		return failed(fault, address, wrong);
	mode_t before = umask(0117); /* the socket is for its owner and group from its first moment */
	errno = 0;
	int port = add_port(core, address);
	int error = errno;
	umask(before);
	struct stat status;
	if (port <= 0 || lstat(path, &status) < 0)
		return failed(
			fault, address, error ? strerror(error) : "the folder is missing or closed to us");
	bound->address = copy(address);
	bound->path = copy(path);
	bound->device = status.st_dev;
	bound->inode = status.st_ino;
	return FAULT_NONE;
}

enum fault_code listen_bind(grpc_server *core, const char *address, bool insecure, struct listen_bound *bound,
	struct fault *fault)
{
	if (strncmp(address, unix_prefix, sizeof(unix_prefix) - 1) == 0)
		return bind_unix(core, address, bound, fault);
	return bind_tcp(core, address, insecure, bound, fault);
}

void listen_done(struct listen_bound *bound)
{
	struct stat status;
	if (bound->path && lstat(bound->path, &status) == 0 && status.st_ino == bound->inode &&
		status.st_dev == bound->device)
		unlink(bound->path);
	free(bound->path);
	free(bound->address);
	*bound = (struct listen_bound){0};
}

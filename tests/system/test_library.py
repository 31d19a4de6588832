"""What is installed: another program finds the library with pkg-config and makes calls; the unit fits."""

import os
import re
import shutil
import subprocess

import pytest

import places
from tallyd import tally

PROGRAM = r"""
#include <stdio.h>
#include <tally.h>
#include <tally/v1/event_service.pb-c.h>
#include <tally/v1/system.pb-c.h>

static int get(struct tally_client *client, char *name)
{
	Tally__V1__GetSystemRequest request = TALLY__V1__GET_SYSTEM_REQUEST__INIT;
	request.name = name;
	ProtobufCMessage *answer;
	struct tally_error error;
	if (!tally_call(client, "/tally.v1.SystemService/GetSystem", &request.base, &tally__v1__system__descriptor, 10000,
		    &answer, &error)) {
		printf("%s %s %s=%s\n", tally_code_name(error.code), error.reason,
			error.fact_count ? error.facts[0].key : "", error.fact_count ? error.facts[0].value : "");
		for (size_t i = 0; i < error.violation_count; i++)
			printf("violation %s\n", error.violations[i].field);
		return 1;
	}
	printf("%s\n", ((Tally__V1__System *)answer)->name);
	protobuf_c_message_free_unpacked(answer, NULL);
	return 0;
}

int main(int count, char **words)
{
	struct tally_client *client = tally_client_new(words[1]);
	for (int i = 2; i < count; i++)
		get(client, words[i]);
	Tally__V1__SubscribeRequest request = TALLY__V1__SUBSCRIBE_REQUEST__INIT;
	request.send_initial_state = 1;
	struct tally_stream *stream = tally_stream_open(client, "/tally.v1.EventService/Subscribe", &request.base,
		&tally__v1__subscribe_response__descriptor);
	ProtobufCMessage *message;
	struct tally_error error;
	int end = 0;
	while (!end && tally_stream_next(stream, &message, &error)) {
		end = ((Tally__V1__SubscribeResponse *)message)->phase == TALLY__V1__PHASE__PHASE_END_OF_STATE;
		protobuf_c_message_free_unpacked(message, NULL);
	}
	printf(end ? "state\n" : "no state: %s\n", error.message);
	tally_stream_cancel(stream);
	while (tally_stream_next(stream, &message, &error))
		protobuf_c_message_free_unpacked(message, NULL);
	printf("%s\n", tally_code_name(error.code));
	tally_stream_free(stream);
	tally_client_free(client);
	return 0;
}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    if places.SLOW > 1:
        pytest.skip("a library with a sanitizer inside is not what is installed")
    if not shutil.which("pkg-config") or not shutil.which("cc"):
        pytest.skip("needs pkg-config and a compiler")
    folder = tmp_path_factory.mktemp("install")
    for component in ("library", "server"):
        command = ["cmake", "--install", places.BINARY_DIR, "--component", component, "--prefix", folder / "usr"]
        subprocess.run(command, check=True, capture_output=True)
    return folder / "usr"


@pytest.fixture(scope="module")
def program(installed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("program")
    (folder / "program.c").write_text(PROGRAM)
    environment = {**os.environ, "PKG_CONFIG_PATH": str(next(installed.rglob("pkgconfig")))}
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "tally"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    library = next(installed.rglob("libtally.so")).parent
    command = ["cc", "-Wall", "-Werror", "-o", "program", "program.c", *flags, f"-Wl,-rpath,{library}"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "program"


def test_a_program_calls_and_listens_through_the_installed_library(server, program):
    tally("system", "create", "library", server=server, check=0)
    done = subprocess.run(
        [program, server.address, "systems/library", "systems/none", "nonsense"],
        env=places.environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "systems/library"
    assert lines[1].startswith("NOT_FOUND SYSTEM_NOT_FOUND ")
    assert lines[2].startswith("INVALID_ARGUMENT ") and lines[3] == "violation name"
    assert lines[4:] == ["state", "CANCELLED"]


def test_the_unit_starts_the_program_where_it_was_installed(installed):
    unit = (installed / "lib/systemd/system/tallyd.service").read_text()
    (start,) = re.findall(r"^ExecStart=(\S+)", unit, re.MULTILINE)
    assert start == str(installed / "bin/tallyd") and os.access(start, os.X_OK)
    if shutil.which("systemd-analyze"):
        verify = ["systemd-analyze", "verify", installed / "lib/systemd/system/tallyd.service"]
        done = subprocess.run(verify, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and done.stderr == ""


def test_every_installed_header_compiles_alone_also_as_cpp(installed, tmp_path):
    include = installed / "include/libtally"
    headers = sorted(path.relative_to(include) for path in include.rglob("*.h"))
    assert len(headers) > 15
    compilers = [["cc", "-x", "c"]] + ([["c++", "-x", "c++"]] if shutil.which("c++") else [])
    for header in headers:
        (tmp_path / "one.c").write_text(f"#include <{header}>\n")
        for compiler in compilers:
            command = [*compiler, "-fsyntax-only", "-Wall", "-Werror", f"-I{include}", tmp_path / "one.c"]
            subprocess.run(command, check=True)

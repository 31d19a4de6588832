"""buf curl needs nothing but the address: it finds every service by reflection."""

import base64
import json
import queue
import subprocess
import threading

import pytest

import client
import places

if not places.BUF.exists():
    pytest.skip("buf is not here: npm --prefix tests/lint install --no-save brings it", allow_module_level=True)


def command(server, method, data, *more):
    where = f"http://{server.address}/{method}"
    return [places.BUF, "curl", "--protocol", "grpc", "--http2-prior-knowledge", *more, "-d", json.dumps(data), where]


def call(server, method, data, *more):
    done = subprocess.run(
        command(server, method, data, *more), capture_output=True, text=True, check=False, timeout=120, cwd=places.ROOT
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout or "{}")


def stream(server, method, data):
    """Yields (process, queue of messages)."""
    process = subprocess.Popen(
        command(server, method, data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=places.ROOT
    )
    messages = queue.Queue()

    def read():
        text, decoder = "", json.JSONDecoder()
        for line in process.stdout:
            text += line
            try:
                message, end = decoder.raw_decode(text.lstrip())
            except json.JSONDecodeError:
                continue
            messages.put(message)
            text = text.lstrip()[end:]

    threading.Thread(target=read, daemon=True).start()
    return process, messages


def test_buf_curl_lists_the_services(server):
    listed = subprocess.run(
        [places.BUF, "curl", "--protocol", "grpc", "--http2-prior-knowledge", "--list-services"]
        + [f"http://{server.address}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout.split()
    assert set(listed) >= {
        "grpc.health.v1.Health",
        "tally.v1.DescriptorService",
        "tally.v1.EventService",
        "tally.v1.MismatchService",
        "tally.v1.SystemService",
    }


@pytest.mark.parametrize("reflection", ["grpc-v1", "grpc-v1alpha"])
def test_both_versions_of_reflection_and_health_answer(server, reflection):
    answer = call(server, "grpc.health.v1.Health/Check", {}, "--reflect-protocol", reflection)
    assert answer == {"status": "SERVING"}


def test_a_push_a_verdict_and_the_events_of_a_second_push(server):
    system = client.new_id()
    created = call(server, "tally.v1.SystemService/CreateSystem", {"systemId": system})
    assert created["name"] == f"systems/{system}"
    descriptors = [
        {"trainedModel": {"mlFrameworks": ["Keras"]}},
        {"developmentEnvironment": {"ml_frameworks": ["PyTorch"]}},
    ]
    push = {"parent": f"systems/{system}", "descriptors": descriptors}
    pushed = call(server, "tally.v1.DescriptorService/PushDescriptors", push)
    assert "environment.framework-unsupported" in [finding["rule"] for finding in pushed["opened"]]
    verdict = call(server, "tally.v1.MismatchService/GetVerdict", {"system": f"systems/{system}"})
    assert verdict["decision"] == "DECISION_BLOCKED" and verdict["revision"] == "2"

    subscribe = {"systems": [f"systems/{system}"], "sendInitialState": True}
    process, messages = stream(server, "tally.v1.EventService/Subscribe", subscribe)
    try:
        while messages.get(timeout=60)["phase"] != "PHASE_END_OF_STATE":
            pass
        push["descriptors"] = [{"developmentEnvironment": {"mlFrameworks": ["PyTorch", "Keras"]}}]
        call(server, "tally.v1.DescriptorService/PushDescriptors", push)
        types = []
        while "EVENT_TYPE_VERDICT_CHANGED" not in types:
            types += [event["type"] for event in messages.get(timeout=60).get("events", [])]
    finally:
        process.terminate()
        process.wait(30)
    assert "EVENT_TYPE_DESCRIPTOR_PUSHED" in types and "EVENT_TYPE_FINDING_RESOLVED" in types


def test_an_error_is_shown_with_its_details(server):
    done = subprocess.run(
        command(server, "tally.v1.MismatchService/GetVerdict", {"system": "systems/nowhere"}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode != 0
    shown = json.loads(done.stderr)
    assert shown["code"] == "not_found" and "nowhere" in shown["message"]
    # buf knows no ErrorInfo and shows its bytes.
    detail = base64.b64decode(shown["details"][0]["value"] + "==")
    assert shown["details"][0]["type"] == "google.rpc.ErrorInfo" and b"SYSTEM_NOT_FOUND" in detail

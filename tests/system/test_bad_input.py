"""Bad input: each kind has its own test, a precise status that names the field, and leaves the database unchanged."""

import struct
import uuid

import grpc
import pytest

import client
from client import descriptor, event_service_pb2, mismatch_service_pb2, model, new_id, offer, problem
from tally.v1 import descriptor_pb2, descriptor_service_pb2, system_pb2

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND
ABORTED = grpc.StatusCode.ABORTED
NAN, INFINITY = float("nan"), float("inf")

SYSTEM = new_id("known")


def everything(peer):
    """All that can be listed of all systems: a write that is not refused changes it."""
    found, token = [], ""
    while True:
        page = peer.systems.ListSystems(system_pb2.ListSystemsRequest(page_size=1000, page_token=token), timeout=20)
        found += [(system.name, system.etag, system.update_time.ToNanoseconds()) for system in page.systems]
        token = page.next_page_token
        if not token:
            return found


@pytest.fixture(scope="module", autouse=True)
def known(server):
    """A system at revision 3 with two descriptors, one of them in version 2."""
    with server.client() as peer:
        peer.create(SYSTEM)
        peer.push(SYSTEM, model("Keras"), offer("PyTorch"))
        peer.push(SYSTEM, model("Keras", "PyTorch"))


@pytest.fixture(autouse=True)
def unchanged(peer):
    before = everything(peer)
    yield
    assert everything(peer) == before


def name(rest="", system=None):
    return f"systems/{system or SYSTEM}{rest}"


def create(system_id, **more):
    return "systems", "CreateSystem", system_pb2.CreateSystemRequest(system_id=system_id, **more)


def created(**more):
    return create("never-made", system=system_pb2.System(**more))


def push(*descriptors, **more):
    more.setdefault("parent", name())
    request = descriptor_service_pb2.PushDescriptorsRequest(descriptors=descriptors, **more)
    return "descriptors", "PushDescriptors", request


def named(text, **spec):
    made = model(**spec)
    made.name = text
    return made


def sourced(count):
    made = model()
    made.sources.extend(descriptor_pb2.Source(field="a") for _ in range(count))
    return made


def owned(team):
    made = model()
    made.owner_team = team
    return made


def ask(service, method, module, **more):
    return service, method, getattr(module, method + "Request")(**more)


def systems(method, **more):
    return ask("systems", method, system_pb2, **more)


def descriptors(method, **more):
    return ask("descriptors", method, descriptor_service_pb2, **more)


def mismatches(method, **more):
    return ask("mismatches", method, mismatch_service_pb2, **more)


def environment(**resources):
    return descriptor("production_environment", computing_resources=resources)


MODEL = name("/trainedModels/default")

# What is wrong: (call, code, reason, field or None)
CASES = {
    # systems
    "no system id": (create(""), INVALID, "SYSTEM_ID_INVALID", "system_id"),
    "a system id with capitals": (create("Fraud"), INVALID, "SYSTEM_ID_INVALID", "system_id"),
    "a system id that begins with a digit": (create("1fraud"), INVALID, "SYSTEM_ID_INVALID", "system_id"),
    "a system id that ends with a hyphen": (create("fraud-"), INVALID, "SYSTEM_ID_INVALID", "system_id"),
    "a system id of 64 letters": (create("a" * 64), INVALID, "SYSTEM_ID_INVALID", "system_id"),
    "a system id with a slash": (create("a/b"), INVALID, "SYSTEM_ID_INVALID", "system_id"),
    "a system id with an umlaut": (create("bäcker"), INVALID, "SYSTEM_ID_INVALID", "system_id"),
    "a very long system id": (create("ä" * 100000), INVALID, "SYSTEM_ID_INVALID", "system_id"),
    "a system's name that is another's": (created(name="systems/other"), INVALID, "NAME_INVALID", "system.name"),
    "a system's name that is none": (created(name="never-made"), INVALID, "NAME_INVALID", "system.name"),
    "a display name too long": (created(display_name="x" * 201), INVALID, "TEXT_TOO_LONG", "system.display_name"),
    "a description too long": (created(description="x" * 10001), INVALID, "TEXT_TOO_LONG", "system.description"),
    "an owner too long": (created(owner_team="x" * 201), INVALID, "TEXT_TOO_LONG", "system.owner_team"),
    "65 labels": (
        created(labels={f"k{number}": "" for number in range(65)}),
        INVALID,
        "TOO_MANY_LABELS",
        "system.labels",
    ),
    "a label without a key": (created(labels={"": "x"}), INVALID, "LABEL_KEY_INVALID", 'system.labels[""]'),
    "a label's value too long": (created(labels={"k": "x" * 256}), INVALID, "TEXT_TOO_LONG", 'system.labels["k"]'),
    "a label's key too long": (
        created(labels={"k" * 64: ""}),
        INVALID,
        "TEXT_TOO_LONG",
        f'system.labels["{"k" * 64}"]',
    ),
    "a system that exists": (create(SYSTEM), grpc.StatusCode.ALREADY_EXISTS, "SYSTEM_EXISTS", None),
    "a dry run of a system that exists": (
        create(SYSTEM, validate_only=True),
        grpc.StatusCode.ALREADY_EXISTS,
        "SYSTEM_EXISTS",
        None,
    ),
    "a request id that is no UUID": (create("never-made", request_id="1"), INVALID, "REQUEST_ID_INVALID", "request_id"),
    "getting an unknown system": (systems("GetSystem", name="systems/nobody"), NOT_FOUND, "SYSTEM_NOT_FOUND", None),
    "getting no system": (systems("GetSystem"), INVALID, "NAME_INVALID", "name"),
    "getting a descriptor as a system": (systems("GetSystem", name=MODEL), INVALID, "NAME_INVALID", "name"),
    "a negative min_revision": (
        systems("GetSystem", name=name(), min_revision=-1),
        INVALID,
        "REVISION_NEGATIVE",
        "min_revision",
    ),
    "deleting an unknown system": (
        systems("DeleteSystem", name="systems/nobody"),
        NOT_FOUND,
        "SYSTEM_NOT_FOUND",
        None,
    ),
    "deleting with a foreign etag": (systems("DeleteSystem", name=name(), etag='"r99"'), ABORTED, "ETAG_MISMATCH", None),
    "deleting with a bad request id": (
        systems("DeleteSystem", name=name(), request_id="x" * 36),
        INVALID,
        "REQUEST_ID_INVALID",
        "request_id",
    ),
    # pushes
    "no descriptor": (push(), INVALID, "DESCRIPTORS_MISSING", "descriptors"),
    "101 descriptors": (push(*[model()] * 101), INVALID, "TOO_MANY_DESCRIPTORS", "descriptors"),
    "a descriptor without a spec": (
        push(model("A"), descriptor_pb2.Descriptor(owner_team="x")),
        INVALID,
        "SPEC_MISSING",
        "descriptors[1].spec",
    ),
    "the same descriptor twice": (push(model("A"), model("B")), INVALID, "DESCRIPTOR_REPEATED", "descriptors[1]"),
    "the same descriptor twice, once by its name": (
        push(model("A"), named(MODEL)),
        INVALID,
        "DESCRIPTOR_REPEATED",
        "descriptors[1]",
    ),
    "a descriptor of another system": (
        push(named("systems/other/trainedModels/default")),
        INVALID,
        "PARENT_MISMATCH",
        "descriptors[0].name",
    ),
    "a model in the collection of raw data": (
        push(named(name("/rawData/default"))),
        INVALID,
        "KIND_MISMATCH",
        "descriptors[0].name",
    ),
    "an unknown collection": (push(named(name("/models/default"))), INVALID, "NAME_INVALID", "descriptors[0].name"),
    "a descriptor's id alone": (push(named("default")), INVALID, "NAME_INVALID", "descriptors[0].name"),
    "a version's name in a push": (
        push(named(MODEL + "/versions/1")),
        INVALID,
        "NAME_INVALID",
        "descriptors[0].name",
    ),
    "a parent that is missing": (push(model(), parent=""), INVALID, "NAME_INVALID", "parent"),
    "a parent that is no system": (push(model(), parent=MODEL), INVALID, "NAME_INVALID", "parent"),
    "an unknown system": (push(model(), parent="systems/nobody"), NOT_FOUND, "SYSTEM_NOT_FOUND", None),
    "a dry run in an unknown system": (
        push(model(), parent="systems/nobody", validate_only=True),
        NOT_FOUND,
        "SYSTEM_NOT_FOUND",
        None,
    ),
    "a change note too long": (push(model(), change_note="x" * 2001), INVALID, "TEXT_TOO_LONG", "change_note"),
    "a team too long": (push(owned("x" * 201)), INVALID, "TEXT_TOO_LONG", "descriptors[0].owner_team"),
    "10,001 sources": (push(sourced(10001)), INVALID, "TOO_MANY_SOURCES", "descriptors[0].sources"),
    "a foreign etag": (push(model("C", etag='"7-0123456789abcdef"')), ABORTED, "ETAG_MISMATCH", None),
    "an etag of a descriptor that is not there": (
        push(descriptor("raw_data", etag='"1-0123456789abcdef"')),
        ABORTED,
        "ETAG_MISMATCH",
        None,
    ),
    "a good descriptor beside one with a foreign etag": (
        push(offer("Keras"), model("C", etag='"x"')),
        ABORTED,
        "ETAG_MISMATCH",
        None,
    ),
    "a push with a bad request id": (push(model(), request_id="no"), INVALID, "REQUEST_ID_INVALID", "request_id"),
    "NaN": (
        push(model(), environment(cpu=NAN)),
        INVALID,
        "NOT_FINITE",
        "descriptors[1].production_environment.computing_resources.cpu",
    ),
    "Infinity": (
        push(environment(memory=INFINITY)),
        INVALID,
        "NOT_FINITE",
        "descriptors[0].production_environment.computing_resources.memory",
    ),
    "-Infinity": (
        push(environment(storage=-INFINITY)),
        INVALID,
        "NOT_FINITE",
        "descriptors[0].production_environment.computing_resources.storage",
    ),
    "a NUL in text": (
        push(model("a\0b")),
        INVALID,
        "NOT_UTF8",
        "descriptors[0].trained_model.ml_frameworks[0]",
    ),
    "a NUL in a name": (push(model(), parent=name() + "\0x"), INVALID, "NOT_UTF8", "parent"),
    # descriptors
    "an unknown descriptor": (
        descriptors("GetDescriptor", name=name("/rawData/default")),
        NOT_FOUND,
        "DESCRIPTOR_NOT_FOUND",
        None,
    ),
    "a descriptor of an unknown system": (
        descriptors("GetDescriptor", name="systems/nobody/rawData/default"),
        NOT_FOUND,
        "SYSTEM_NOT_FOUND",
        None,
    ),
    "a version that is to come": (
        descriptors("GetDescriptor", name=MODEL + "/versions/3"),
        NOT_FOUND,
        "VERSION_NOT_FOUND",
        None,
    ),
    "version 0": (descriptors("GetDescriptor", name=MODEL + "/versions/0"), INVALID, "NAME_INVALID", "name"),
    "a version that is no number": (descriptors("GetDescriptor", name=MODEL + "/versions/x"), INVALID, "NAME_INVALID", "name"),
    "a version above all numbers": (
        descriptors("GetDescriptor", name=MODEL + "/versions/99999999999"),
        INVALID,
        "NAME_INVALID",
        "name",
    ),
    "a finding as a descriptor": (
        descriptors("GetDescriptor", name=name("/findings/f0")),
        INVALID,
        "NAME_INVALID",
        "name",
    ),
    "a negative min_revision of a descriptor": (
        descriptors("GetDescriptor", name=MODEL, min_revision=-7),
        INVALID,
        "REVISION_NEGATIVE",
        "min_revision",
    ),
    "listing an unknown system": (
        descriptors("ListDescriptors", parent="systems/nobody"),
        NOT_FOUND,
        "SYSTEM_NOT_FOUND",
        None,
    ),
    "listing with a kind unspecified": (
        descriptors("ListDescriptors", parent=name(), kinds=[0]),
        INVALID,
        "KIND_UNSPECIFIED",
        "kinds",
    ),
    "listing with a kind that is not known": (
        descriptors("ListDescriptors", parent=name(), kinds=[5, 9]),
        INVALID,
        "UNKNOWN_ENUM_VALUE",
        "kinds[1]",
    ),
    "versions of an unknown descriptor": (
        descriptors("ListDescriptorVersions", parent=name("/rawData/default")),
        NOT_FOUND,
        "DESCRIPTOR_NOT_FOUND",
        None,
    ),
    "versions of a system": (
        descriptors("ListDescriptorVersions", parent=name()),
        INVALID,
        "NAME_INVALID",
        "parent",
    ),
    "deleting an unknown descriptor": (
        descriptors("DeleteDescriptor", name=name("/rawData/default")),
        NOT_FOUND,
        "DESCRIPTOR_NOT_FOUND",
        None,
    ),
    "deleting a descriptor with a foreign etag": (
        descriptors("DeleteDescriptor", name=MODEL, etag='"1-0123456789abcdef"'),
        ABORTED,
        "ETAG_MISMATCH",
        None,
    ),
    "deleting a version": (
        descriptors("DeleteDescriptor", name=MODEL + "/versions/1"),
        INVALID,
        "NAME_INVALID",
        "name",
    ),
    "deleting with a note too long": (
        descriptors("DeleteDescriptor", name=MODEL, change_note="x" * 2001),
        INVALID,
        "TEXT_TOO_LONG",
        "change_note",
    ),
    # mismatches
    "a verdict of an unknown system": (
        mismatches("GetVerdict", system="systems/nobody"),
        NOT_FOUND,
        "SYSTEM_NOT_FOUND",
        None,
    ),
    "a verdict for an unknown environment": (
        mismatches("GetVerdict", system=name(), environment="mars"),
        NOT_FOUND,
        "ENVIRONMENT_NOT_FOUND",
        None,
    ),
    "an environment that is no id": (
        mismatches("GetVerdict", system=name(), environment="EU West"),
        INVALID,
        "NAME_INVALID",
        "environment",
    ),
    "a revision to come": (
        mismatches("ListFindings", parent=name(), as_of_revision=4),
        INVALID,
        "REVISION_IN_FUTURE",
        "as_of_revision",
    ),
    "a negative revision": (
        mismatches("ListFindings", parent=name(), as_of_revision=-1),
        INVALID,
        "REVISION_NEGATIVE",
        "as_of_revision",
    ),
    "an unknown class": (
        mismatches("ListFindings", parent=name(), rule_classes=["api", "apis"]),
        INVALID,
        "RULE_CLASS_UNKNOWN",
        "rule_classes[1]",
    ),
    "an unknown rule": (
        mismatches("ListFindings", parent=name(), rules=["api.output-typo"]),
        INVALID,
        "RULE_UNKNOWN",
        "rules[0]",
    ),
    "an unknown team": (
        mismatches("ListFindings", parent=name(), teams=["operation"]),
        INVALID,
        "TEAM_UNKNOWN",
        "teams[0]",
    ),
    "a severity that is not known": (
        mismatches("ListFindings", parent=name(), min_severity=9),
        INVALID,
        "UNKNOWN_ENUM_VALUE",
        "min_severity",
    ),
    "an unknown finding": (
        mismatches("GetFinding", name=name("/findings/f0123456789abcdef0123456789abcde")),
        NOT_FOUND,
        "FINDING_NOT_FOUND",
        None,
    ),
    "a finding's name that is none": (mismatches("GetFinding", name="f0"), INVALID, "NAME_INVALID", "name"),
    # streams
    "a forged resume token": (
        ("events", "Subscribe", event_service_pb2.SubscribeRequest(resume_token="AAAA")),
        INVALID,
        "RESUME_TOKEN_INVALID",
        "resume_token",
    ),
}

LISTS = {
    "systems": systems("ListSystems"),
    "descriptors": descriptors("ListDescriptors", parent=name()),
    "versions": descriptors("ListDescriptorVersions", parent=MODEL),
    "findings": mismatches("ListFindings", parent=name()),
    "rules": mismatches("ListRules"),
}


def make(peer, call):
    service, method, request = call
    answer = getattr(getattr(peer, service), method)(request, timeout=20)
    return list(answer) if method == "Subscribe" else answer


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_is_refused(peer, case):
    call, code, reason, field = case
    given = problem(make, peer, call)
    assert given[:2] == (code, reason)
    if field is None:
        assert given[2] == {}
    else:
        assert list(given[2]) == [field] and given[2][field]


@pytest.mark.parametrize("which", LISTS)
@pytest.mark.parametrize("size", [-1, -(1 << 31)])
def test_a_negative_page_size_is_refused(peer, which, size):
    service, method, request = LISTS[which]
    request = type(request).FromString(request.SerializeToString())
    request.page_size = size
    code, reason, fields, _ = problem(make, peer, (service, method, request))
    assert (code, reason, list(fields)) == (INVALID, "PAGE_SIZE_NEGATIVE", ["page_size"])


def page_token(peer, which):
    service, method, request = LISTS[which]
    request = type(request).FromString(request.SerializeToString())
    request.page_size = 1
    if which == "systems":
        peer.create(new_id())  # so that there are two
    return make(peer, (service, method, request)).next_page_token


@pytest.fixture(scope="module")
def tokens(server):
    with server.client() as peer:
        return {which: page_token(peer, which) for which in LISTS}


FORGERIES = {
    "made up": lambda token: "AAAA",
    "not base64": lambda token: "a page, please",
    "cut": lambda token: token[:-2],
    "longer": lambda token: token + "AA",
    "changed at its begin": lambda token: ("B" if token[0] == "A" else "A") + token[1:],
    "changed at its end": lambda token: token[:-2] + ("BB" if token[-2:] != "BB" else "CC"),
    "very long": lambda token: "A" * 100000,
}


@pytest.mark.parametrize("which", LISTS)
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_page_token_is_refused(peer, tokens, which, forge):
    service, method, request = LISTS[which]
    request = type(request).FromString(request.SerializeToString())
    assert tokens[which]
    request.page_token = forge(tokens[which])
    code, reason, fields, _ = problem(make, peer, (service, method, request))
    assert (code, reason, list(fields)) == (INVALID, "PAGE_TOKEN_INVALID", ["page_token"])


@pytest.mark.parametrize("which", LISTS)
def test_a_page_token_of_another_list_is_refused(peer, tokens, which):
    service, method, request = LISTS[which]
    request = type(request).FromString(request.SerializeToString())
    request.page_token = next(token for other, token in tokens.items() if other != which)
    code, reason, _, _ = problem(make, peer, (service, method, request))
    assert (code, reason) == (INVALID, "PAGE_TOKEN_INVALID")


def test_a_page_token_of_other_arguments_is_refused(peer, tokens):
    call = mismatches("ListFindings", parent=name(), min_severity=2, page_token=tokens["findings"])
    code, reason, fields, _ = problem(make, peer, call)
    assert (code, reason, list(fields)) == (INVALID, "PAGE_TOKEN_INVALID", ["page_token"])


def test_several_fields_are_named_at_once(peer):
    call = push(descriptor_pb2.Descriptor(), owned("x" * 300), parent="x", request_id="y", change_note="z" * 3000)
    code, reason, fields, _ = problem(make, peer, call)
    assert (code, reason) == (INVALID, "NAME_INVALID")
    assert list(fields) == [
        "parent",
        "descriptors[0].spec",
        "descriptors[1].owner_team",
        "change_note",
        "request_id",
    ]


def test_of_many_violations_the_number_is_told(peer):
    call = push(*[descriptor_pb2.Descriptor() for _ in range(50)])
    code, reason, fields, facts = problem(make, peer, call)
    assert (code, reason, len(fields), facts["violation_count"]) == (INVALID, "SPEC_MISSING", 8, "50")


def test_a_request_id_is_of_one_request(peer):
    system, request_id = peer.create(), str(uuid.uuid4())
    first = peer.push(system, model("A"), request_id=request_id)
    code, reason, fields, _ = problem(peer.push, system, model("B"), request_id=request_id)
    assert (code, reason, list(fields)) == (INVALID, "REQUEST_ID_REUSED", ["request_id"])
    assert peer.push(system, model("A"), request_id=request_id.upper()) == first
    peer.systems.DeleteSystem(system_pb2.DeleteSystemRequest(name=name("", system)), timeout=20)


def test_a_nearby_word_is_suggested(peer):
    call = mismatches("ListFindings", parent=name(), rule_classes=["monitorin"])
    _, _, fields, _ = problem(make, peer, call)
    assert "monitoring" in fields["rule_classes[0]"]


# Bytes that no serializer makes: (bytes, reason, field or None)
SPEC = b"\x12\x08\x32\x06\x5a\x04\x1a\x02"
MALFORMED = {
    "a tag that is cut off": (b"\x80", "MALFORMED_MESSAGE", None),
    "field number 0": (b"\x02\x00", "MALFORMED_MESSAGE", None),
    "a length beyond the end": (b"\x0a\x7fabc", "MALFORMED_MESSAGE", "parent"),
    "a group": (b"\x0b\x0c", "MALFORMED_MESSAGE", "parent"),
    "a thousand groups": (b"\x0b" * 1000, "MALFORMED_MESSAGE", "parent"),
    "a number for a text": (b"\x08\x01", "MALFORMED_MESSAGE", "parent"),
    "a number that does not end": (b"\x18" + b"\xff" * 11, "MALFORMED_MESSAGE", "validate_only"),
    "a spec that comes twice": (b"\x12\x04\x32\x00\x32\x00", "MALFORMED_MESSAGE", "descriptors[0].trained_model"),
    "Latin-1": (
        SPEC + b"A\xe4",
        "NOT_UTF8",
        "descriptors[0].trained_model.output_spec[0].item_type",
    ),
    "a surrogate": (b"\x0a\x03\xed\xa0\x80", "NOT_UTF8", "parent"),
    "an overlong slash": (b"\x0a\x02\xc0\xaf", "NOT_UTF8", "parent"),
    "a NaN with a payload": (
        b"\x12\x0f\x32\x0d\x5a\x0b\x22\x09\x11" + struct.pack("<Q", 0x7FF8000000000123),
        "NOT_FINITE",
        "descriptors[0].trained_model.output_spec[0].item_specification.min_value",
    ),
    "more empty descriptors than memory allows": (b"\x12\x00" * 200000, "TOO_MANY_VALUES", None),
    "a million and one values": (b"\x18\x01" * 1000001, "TOO_MANY_VALUES", None),
}


@pytest.mark.parametrize("case", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_bytes_are_refused(peer, case):
    body, reason, field = case
    call = peer.channel.unary_unary("/tally.v1.DescriptorService/PushDescriptors")
    given = problem(call, body, timeout=20)
    assert given[:2] == (INVALID, reason)
    assert "offset" in given[3]
    if field:
        assert list(given[2]) == [field]


def test_unknown_fields_are_passed_over(peer):
    call = peer.channel.unary_unary("/tally.v1.SystemService/GetSystem")
    request = system_pb2.GetSystemRequest(name=name()).SerializeToString() + b"\xfa\x3f\x03abc"
    assert system_pb2.System.FromString(call(request, timeout=20)).revision == 3


def test_of_labels_with_one_key_the_last_counts(peer):
    entries = b"".join(b"\x4a\x06\x0a\x01k\x12\x01" + value for value in (b"1", b"2"))
    system = new_id()
    body = b"\x0a" + bytes([len(system)]) + system.encode() + b"\x12" + bytes([len(entries)]) + entries
    call = peer.channel.unary_unary("/tally.v1.SystemService/CreateSystem")
    made = system_pb2.System.FromString(call(body, timeout=20))
    assert dict(made.labels) == {"k": "2"}
    peer.systems.DeleteSystem(system_pb2.DeleteSystemRequest(name=made.name), timeout=20)


def test_a_revision_that_does_not_come_is_told_before_the_deadline(peer):
    call = peer.mismatches.GetVerdict
    request = mismatch_service_pb2.GetVerdictRequest(system=name(), min_revision=1000)
    for _ in range(5):
        code, reason, _, facts = problem(call, request, timeout=1)
        assert code == grpc.StatusCode.DEADLINE_EXCEEDED
        if reason:  # else the client's own clock was first
            break
    assert (reason, facts["revision"], facts["min_revision"]) == ("REVISION_NOT_REACHED", "3", "1000")


def test_a_deleted_version_is_told_apart(peer):
    system = peer.create()
    peer.push(system, model("A"))
    of_model = name("/trainedModels/default", system)
    peer.descriptors.DeleteDescriptor(descriptor_service_pb2.DeleteDescriptorRequest(name=of_model), timeout=20)
    code, reason, _, _ = problem(make, peer, descriptors("GetDescriptor", name=of_model + "/versions/2"))
    assert (code, reason) == (NOT_FOUND, "DESCRIPTOR_DELETED")
    code, reason, _, _ = problem(make, peer, descriptors("GetDescriptor", name=of_model))
    assert (code, reason) == (NOT_FOUND, "DESCRIPTOR_NOT_FOUND")
    assert make(peer, descriptors("GetDescriptor", name=of_model + "/versions/1")).version == 1
    peer.systems.DeleteSystem(system_pb2.DeleteSystemRequest(name=name("", system)), timeout=20)

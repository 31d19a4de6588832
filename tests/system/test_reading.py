"""Reading: pages of one revision, past states, resolved findings, environments, freshness, large answers."""

import threading

import grpc
import pytest

import client
from client import descriptor, finding_pb2, mismatch_service_pb2, model, new_id, offer, problem
from tally.v1 import descriptor_pb2, descriptor_service_pb2, system_pb2
from tallyd import Tallyd

NARROW = 64 << 10  # bytes
FRAMEWORK = "environment.framework-unsupported"


def findings_page(peer, system, token="", size=3, **more):
    request = mismatch_service_pb2.ListFindingsRequest(
        parent=f"systems/{system}", page_size=size, page_token=token, **more
    )
    return peer.mismatches.ListFindings(request, timeout=20)


def descriptors_page(peer, system, token="", size=2, **more):
    request = descriptor_service_pb2.ListDescriptorsRequest(
        parent=f"systems/{system}", page_size=size, page_token=token, **more
    )
    return peer.descriptors.ListDescriptors(request, timeout=20)


def finding(peer, name, **more):
    return peer.mismatches.GetFinding(mismatch_service_pb2.GetFindingRequest(name=name, **more), timeout=20)


def framework(findings):
    return next(found for found in findings if found.rule == FRAMEWORK)


def rank(found):
    return (-found.severity, found.rule, found.subject, found.name)


def test_findings_come_errors_first_then_by_rule_and_subject(peer):
    system = peer.create()
    peer.push(system, model("Keras", "MXNet"), offer("PyTorch"))
    found = peer.findings(system)
    assert found == sorted(found, key=rank)


def test_pages_of_findings_show_the_revision_of_the_first(peer):
    system = peer.create()
    peer.push(system, model("Keras"), offer("PyTorch"))
    expected = peer.findings(system)
    page = findings_page(peer, system)
    seen = list(page.findings)
    number = 0
    while page.next_page_token:
        number += 1
        peer.push(system, model(f"F{number}"))  # the system moves on between the pages
        page = findings_page(peer, system, page.next_page_token)
        assert page.revision == 2
        seen += page.findings
    assert number > 3
    assert seen == expected


def test_pages_of_descriptors_show_the_revision_of_the_first(peer):
    system = peer.create()
    names = [f"m{number}" for number in range(5)]
    peer.push(system, offer(), *[descriptor("trained_model", name=name, system=system) for name in names])
    page = descriptors_page(peer, system)
    seen = list(page.descriptors)
    while page.next_page_token:
        peer.push(system, descriptor("raw_data", dataset_name=new_id()), model(new_id()))
        peer.push(system, descriptor("trained_model", name="m3", system=system, model_name=new_id()))
        page = descriptors_page(peer, system, page.next_page_token)
        assert page.revision == 2
        seen += page.descriptors
    assert [made.name.split("/")[3] for made in seen] == names + ["default"]
    assert {made.version for made in seen} == {1}
    assert all(made.WhichOneof("spec") is None for made in seen)


def test_descriptors_are_filtered_by_kind(peer):
    system = peer.create()
    peer.push(system, model("A"), offer("B"), descriptor("raw_data"))
    kinds = [descriptor_pb2.KIND_RAW_DATA, descriptor_pb2.KIND_TRAINED_MODEL]
    listed = descriptors_page(peer, system, size=10, kinds=kinds).descriptors
    assert [made.name.split("/")[2] for made in listed] == ["rawData", "trainedModels"]


def test_a_page_size_may_change_on_the_way(peer):
    system = peer.create()
    peer.push(system, model("Keras"), offer("PyTorch"))
    first = findings_page(peer, system, size=1)
    rest = findings_page(peer, system, first.next_page_token, size=1000)
    assert list(first.findings) + list(rest.findings) == peer.findings(system)


def test_a_resolved_finding_stays_readable_in_the_versions_it_was_found_in(peer):
    system = peer.create()
    opened = framework(peer.push(system, model("Keras"), offer("PyTorch")).opened)
    peer.push(system, offer("PyTorch", "TensorFlow"))
    before = finding(peer, opened.name)
    peer.push(system, offer("Keras"))
    peer.push(system, model("Keras", model_name="later"))
    got = finding(peer, opened.name)
    assert got.state == finding_pb2.STATE_RESOLVED and got.resolved_revision == 4
    assert [(ref.kind, ref.version) for ref in got.descriptors] == [(ref.kind, ref.version) for ref in before.descriptors]
    assert not [found for found in peer.findings(system) if found.name == opened.name]
    assert got in peer.findings(system, include_resolved=True)


def test_with_resolved_ones_a_past_state_knows_only_what_was_resolved_by_then(peer):
    system = peer.create()
    opened = framework(peer.push(system, model("Keras"), offer("PyTorch")).opened)
    peer.push(system, offer("Keras"))

    def states(revision):
        found = peer.findings(system, include_resolved=True, as_of_revision=revision)
        return [one.state for one in found if one.name == opened.name]

    assert [states(revision) for revision in (1, 2, 3)] == [
        [],
        [finding_pb2.STATE_OPEN],
        [finding_pb2.STATE_RESOLVED],
    ]


def test_a_finding_that_opens_again_is_open_once(peer):
    system = peer.create()
    opened = framework(peer.push(system, model("Keras"), offer("PyTorch")).opened)
    peer.push(system, offer("Keras"))
    again = framework(peer.push(system, offer("PyTorch")).opened)
    assert again.name == opened.name and again.opened_revision == 4
    found = [one for one in peer.findings(system, include_resolved=True) if one.name == opened.name]
    alone = finding(peer, opened.name)
    assert 2 in [one.version for one in alone.last_passed]
    alone.ClearField("last_passed")  # only GetFinding says so
    assert found == [alone] and found[0].state == finding_pb2.STATE_OPEN


def test_a_verdict_of_one_environment_leaves_out_what_is_about_another(peer):
    system = peer.create()
    small = descriptor("production_environment", "small", system, computing_resources={"cpu": 1})
    large = descriptor("production_environment", "large", system, computing_resources={"cpu": 64})
    peer.push(system, model(computing_resource_reqs={"cpu": 8}), small, large)
    about_small = [
        found
        for found in peer.findings(system, rule_classes=["resources"])
        if any(ref.name == "small" for ref in found.descriptors)
    ]
    assert about_small
    whole, of_small, of_large = (peer.verdict(system, environment=name) for name in ("", "small", "large"))
    assert (whole.environment, of_small.environment, of_large.environment) == ("", "small", "large")
    assert of_small.error_count + of_small.warning_count > of_large.error_count + of_large.warning_count
    assert {about_small[0].name} <= set(of_small.blocking_findings) | {one.name for one in about_small}
    assert about_small[0].name not in of_large.blocking_findings


def test_a_minimum_that_is_there_does_not_wait(peer):
    system = peer.create()
    peer.push(system, model("Keras"))
    for minimum in (0, 1, 2):
        assert peer.verdict(system, min_revision=minimum, timeout=5).revision == 2


def test_many_readers_wait_for_many_revisions(peer):
    system = peer.create()
    waiting = []
    for minimum in range(2, 42):
        request = mismatch_service_pb2.GetVerdictRequest(system=f"systems/{system}", min_revision=minimum)
        waiting += [(minimum, peer.mismatches.GetVerdict.future(request, timeout=60)) for _ in range(5)]
    for number in range(40):
        peer.push(system, model(f"F{number}"))
    for minimum, call in waiting:
        assert call.result().revision >= minimum


def test_waiting_ends_when_the_system_does(peer):
    system = peer.create()
    answers = []

    def wait():
        answers.append(problem(peer.verdict, system, min_revision=2, timeout=20))

    thread = threading.Thread(target=wait)
    thread.start()
    peer.systems.DeleteSystem(system_pb2.DeleteSystemRequest(name=f"systems/{system}"), timeout=20)
    thread.join()
    assert answers[0][:2] == (grpc.StatusCode.NOT_FOUND, "SYSTEM_NOT_FOUND")


def outputs(count):
    return [{"item_name": f"output-{number:05d}", "item_type": "Float"} for number in range(count)]


def create(peer, system, **more):
    request = system_pb2.CreateSystemRequest(system_id=system, system=system_pb2.System(**more))
    return peer.systems.CreateSystem(request, timeout=20)


@pytest.fixture(scope="module")
def narrow():
    """A client of a server with small messages."""
    own = Tallyd("--max-message", f"{NARROW >> 10}KiB").start()
    try:
        with own.client() as made:
            yield made
    finally:
        own.free()


def test_an_answer_with_too_many_findings_says_how_many_it_leaves_out(narrow):
    system = narrow.create()
    pushed = narrow.push(system, model(output_spec=outputs(300)), offer("x"))
    assert pushed.opened and pushed.omitted_findings > 0
    assert pushed.ByteSize() <= NARROW
    opened = [found for found in narrow.findings(system) if found.opened_revision == 2]
    changes = len(pushed.changed) + len(pushed.resolved)
    assert len(opened) <= len(pushed.opened) + pushed.omitted_findings + changes
    assert narrow.push(system, model(output_spec=outputs(300))).omitted_findings == 0


def test_pages_stay_below_the_message_size(narrow):
    system = narrow.create()
    narrow.push(system, model(output_spec=outputs(300)), offer("x"))
    seen, token, pages = 0, "", 0
    while pages == 0 or token:
        page = findings_page(narrow, system, token, size=1000)
        assert page.ByteSize() <= NARROW
        seen, token, pages = seen + len(page.findings), page.next_page_token, pages + 1
    assert seen >= 300 and pages > 2


def test_systems_with_long_descriptions_are_all_listed(narrow):
    made = {create(narrow, new_id(), description="ä" * 5000).name for _ in range(12)}
    listed, token, pages = set(), "", 0
    while pages == 0 or token:
        request = system_pb2.ListSystemsRequest(page_size=1000, page_token=token)
        page = narrow.systems.ListSystems(request, timeout=20)
        assert page.ByteSize() <= NARROW
        listed |= {system.name for system in page.systems}
        token, pages = page.next_page_token, pages + 1
    assert made <= listed and pages > 1


def test_a_system_that_is_made_again_starts_anew_and_counts_on(peer):
    system = new_id()
    create(peer, system, display_name="first")
    peer.push(system, model("A"))
    peer.systems.DeleteSystem(system_pb2.DeleteSystemRequest(name=f"systems/{system}"), timeout=20)
    create(peer, system, display_name="second")
    got = peer.systems.GetSystem(system_pb2.GetSystemRequest(name=f"systems/{system}"), timeout=20)
    assert (got.display_name, got.revision) == ("second", 4)
    assert not descriptors_page(peer, system).descriptors
    assert peer.push(system, model("A")).descriptors[0].version == 3

"""The main job with a stock client: push, evaluate, ask, subscribe; and what goes with it."""

import uuid

import grpc
import pytest

import client
from client import event_pb2, finding_pb2, model, offer, problem
from tally.v1 import descriptor_pb2, descriptor_service_pb2, mismatch_service_pb2, system_pb2

FRAMEWORK = "environment.framework-unsupported"


def rules(findings):
    return sorted((finding.rule, finding.subject) for finding in findings if not finding.rule.startswith("completeness"))


def mismatched(peer, **more):
    """A system with one mismatch, at revision 2. Returns (system, response)."""
    system = peer.create()
    return system, peer.push(system, model("Keras"), offer("PyTorch"), **more)


def get(peer, name, **more):
    return peer.descriptors.GetDescriptor(descriptor_service_pb2.GetDescriptorRequest(name=name, **more), timeout=20)


def versions(peer, name):
    request = descriptor_service_pb2.ListDescriptorVersionsRequest(parent=name)
    return peer.descriptors.ListDescriptorVersions(request, timeout=20).descriptors


def test_a_new_system_has_revision_1_and_an_unknown_verdict(peer):
    made = peer.systems.CreateSystem(
        system_pb2.CreateSystemRequest(
            system_id=client.new_id(), system=system_pb2.System(display_name="Fraud", labels={"tier": "1"})
        ),
        timeout=20,
    )
    assert (made.revision, made.display_name, dict(made.labels)) == (1, "Fraud", {"tier": "1"})
    assert made.etag.startswith('"') and made.HasField("create_time")
    verdict = peer.verdict(made.name.split("/")[1])
    assert (verdict.decision, verdict.revision, len(verdict.missing_kinds)) == (client.UNKNOWN, 1, 8)
    assert peer.systems.GetSystem(system_pb2.GetSystemRequest(name=made.name), timeout=20) == made


def test_a_push_answers_with_revision_versions_verdict_and_what_opened(peer):
    system, pushed = mismatched(peer, change_note="first")
    assert pushed.revision == 2 and not pushed.unchanged
    assert [d.name for d in pushed.descriptors] == [
        f"systems/{system}/trainedModels/default",
        f"systems/{system}/developmentEnvironments/default",
    ]
    assert all(d.version == 1 and d.revision == 2 and not d.WhichOneof("spec") for d in pushed.descriptors)
    assert all(d.author and d.change_note == "first" and d.digest.startswith("sha256:") for d in pushed.descriptors)
    assert (FRAMEWORK, "Keras") in rules(pushed.opened)
    assert pushed.verdict.error_count >= 1 and pushed.verdict.revision == 2
    found = next(f for f in pushed.opened if f.rule == FRAMEWORK)
    assert found.name in pushed.verdict.blocking_findings
    assert (found.severity, found.state) == (finding_pb2.SEVERITY_ERROR, finding_pb2.STATE_OPEN)
    assert found.message and found.rationale and found.remedy and list(found.teams)
    assert {ref.kind for ref in found.descriptors} == {
        descriptor_pb2.KIND_TRAINED_MODEL,
        descriptor_pb2.KIND_DEVELOPMENT_ENVIRONMENT,
    }


def test_a_second_push_resolves_and_its_events_arrive(peer):
    system, first = mismatched(peer)
    found = next(f for f in first.opened if f.rule == FRAMEWORK)
    with peer.subscribe(system, send_initial_state=True) as stream:
        stream.until(lambda message: message.phase == 2)
        pushed = peer.push(system, offer("PyTorch", "Keras"))
        assert pushed.revision == 3 and found.name in [f.name for f in pushed.resolved]
        events = client.events_of(stream.until(client.reaches(system, 3)))
    assert {event.revision for event in events} == {3}
    assert [event.last_of_revision for event in events] == [False] * (len(events) - 1) + [True]
    types = [event.type for event in events]
    assert event_pb2.EVENT_TYPE_DESCRIPTOR_PUSHED in types and event_pb2.EVENT_TYPE_VERDICT_CHANGED in types
    resolved = [e.finding for e in events if e.type == event_pb2.EVENT_TYPE_FINDING_RESOLVED]
    assert found.name in [f.name for f in resolved]
    assert peer.verdict(system, min_revision=3).decision == client.UNKNOWN


def test_findings_can_be_read_as_of_any_past_revision(peer):
    system, first = mismatched(peer)
    peer.push(system, offer("PyTorch", "Keras"))
    assert (FRAMEWORK, "Keras") not in rules(peer.findings(system))
    assert (FRAMEWORK, "Keras") in rules(peer.findings(system, as_of_revision=2))
    assert rules(peer.findings(system, as_of_revision=1)) == []
    names = {f.name for f in first.opened}
    before = {f.name for f in peer.findings(system, as_of_revision=2)}
    assert names <= before
    resolved = [f for f in peer.findings(system, include_resolved=True) if f.rule == FRAMEWORK]
    assert [(f.state, f.opened_revision, f.resolved_revision) for f in resolved] == [(finding_pb2.STATE_RESOLVED, 2, 3)]
    one = peer.mismatches.GetFinding(mismatch_service_pb2.GetFindingRequest(name=resolved[0].name), timeout=20)
    assert one == resolved[0]


def test_filters_of_findings_are_anded(peer):
    system, _ = mismatched(peer)
    every = peer.findings(system)
    errors = peer.findings(system, min_severity=finding_pb2.SEVERITY_ERROR)
    assert rules(errors) == [(FRAMEWORK, "Keras")]
    assert peer.findings(system, rule_classes=["environment"]) == errors
    assert peer.findings(system, rules=[FRAMEWORK], rule_classes=["api"]) == []
    assert len(peer.findings(system, kinds=[descriptor_pb2.KIND_TRAINED_MODEL])) < len(every)
    assert [f.severity for f in every] == sorted((f.severity for f in every), reverse=True)


def test_every_version_stays_readable(peer):
    system, _ = mismatched(peer)
    peer.push(system, model("JAX"), change_note="try JAX")
    name = f"systems/{system}/trainedModels/default"
    assert [(d.version, d.revision) for d in versions(peer, name)] == [(2, 3), (1, 2)]
    assert list(get(peer, name).trained_model.ml_frameworks) == ["JAX"]
    assert list(get(peer, f"{name}/versions/1").trained_model.ml_frameworks) == ["Keras"]
    assert get(peer, name) == get(peer, f"{name}/versions/2")
    code, reason, _, _ = problem(get, peer, f"{name}/versions/9")
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "VERSION_NOT_FOUND")


def test_the_same_content_is_the_same_version(peer):
    system, first = mismatched(peer)
    again = peer.push(system, model("Keras"), offer("PyTorch"))
    assert again.unchanged and again.revision == 2 and not again.opened
    assert [d.version for d in again.descriptors] == [1, 1]
    part = peer.push(system, model("Keras"), offer("PyTorch", "Keras"))
    assert not part.unchanged and [d.version for d in part.descriptors] == [1, 2]
    assert [d.digest for d in again.descriptors] == [d.digest for d in first.descriptors]


def test_validate_only_answers_the_same_and_stores_nothing(peer):
    system, _ = mismatched(peer)
    fix = offer("PyTorch", "Keras")
    tried = peer.push(system, fix, validate_only=True)
    assert (FRAMEWORK, "Keras") in rules(tried.resolved)
    assert peer.verdict(system).revision == 2
    assert len(versions(peer, f"systems/{system}/developmentEnvironments/default")) == 1
    done = peer.push(system, fix)
    assert done.revision == 3 and rules(done.resolved) == rules(tried.resolved)
    assert done.verdict.decision == tried.verdict.decision


def test_a_repeated_request_id_returns_the_earlier_answer(peer):
    system = peer.create()
    request_id = str(uuid.uuid4())
    first = peer.push(system, model("Keras"), request_id=request_id)
    peer.push(system, model("JAX"))
    assert peer.push(system, model("Keras"), request_id=request_id) == first
    assert peer.verdict(system).revision == 3
    code, reason, _, _ = problem(peer.push, system, model("Other"), request_id=request_id)
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")
    code, _, fields, _ = problem(peer.push, system, model("Other"), request_id="seven")
    assert code == grpc.StatusCode.INVALID_ARGUMENT and "request_id" in fields


def test_creating_again_with_the_same_request_id_answers_the_same(peer):
    request = system_pb2.CreateSystemRequest(system_id=client.new_id(), request_id=str(uuid.uuid4()))
    assert peer.systems.CreateSystem(request, timeout=20) == peer.systems.CreateSystem(request, timeout=20)
    request.request_id = str(uuid.uuid4())
    code, reason, _, _ = problem(peer.systems.CreateSystem, request, timeout=20)
    assert (code, reason) == (grpc.StatusCode.ALREADY_EXISTS, "SYSTEM_EXISTS")


def test_an_etag_guards_against_a_lost_update(peer):
    system, first = mismatched(peer)
    etag = first.descriptors[0].etag
    second = peer.push(system, model("JAX", etag=etag))
    assert second.descriptors[0].etag != etag
    code, reason, _, _ = problem(peer.push, system, model("TensorFlow", etag=etag))
    assert (code, reason) == (grpc.StatusCode.ABORTED, "ETAG_MISMATCH")
    assert peer.verdict(system).revision == 3


def test_a_push_is_all_or_nothing(peer):
    system, _ = mismatched(peer)
    code, _, _, _ = problem(peer.push, system, offer("Keras"), model("JAX", etag='"foreign"'))
    assert code == grpc.StatusCode.ABORTED
    assert peer.verdict(system).revision == 2
    assert len(versions(peer, f"systems/{system}/developmentEnvironments/default")) == 1


def test_a_deleted_descriptor_is_a_revision_and_can_come_back(peer):
    system, _ = mismatched(peer)
    name = f"systems/{system}/trainedModels/default"
    request = descriptor_service_pb2.DeleteDescriptorRequest(name=name, change_note="withdrawn")
    deleted = peer.descriptors.DeleteDescriptor(request, timeout=20)
    assert deleted.revision == 3 and (FRAMEWORK, "Keras") in rules(deleted.resolved)
    code, reason, _, _ = problem(get, peer, name)
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "DESCRIPTOR_NOT_FOUND")
    assert list(get(peer, f"{name}/versions/1").trained_model.ml_frameworks) == ["Keras"]
    code, reason, _, _ = problem(peer.descriptors.DeleteDescriptor, request, timeout=20)
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "DESCRIPTOR_NOT_FOUND")
    back = peer.push(system, model("Keras"))
    assert back.revision == 4 and back.descriptors[0].version > 1
    assert (FRAMEWORK, "Keras") in rules(back.opened)
    listed = versions(peer, name)
    assert [d.version for d in listed] == sorted((d.version for d in listed), reverse=True)
    assert [d.deleted for d in listed].count(True) == 1


def test_a_finding_keeps_its_identity_while_it_changes(peer):
    system, first = mismatched(peer)
    before = next(f for f in first.opened if f.rule == FRAMEWORK)
    pushed = peer.push(system, offer("JAX"))
    after = next(f for f in pushed.changed if f.rule == FRAMEWORK)
    assert after.name == before.name and (after.opened_revision, after.changed_revision) == (2, 3)


def test_a_deleted_system_is_gone_and_goes_on_when_it_comes_back(peer):
    system, _ = mismatched(peer)
    request = system_pb2.DeleteSystemRequest(name=f"systems/{system}")
    ended = peer.systems.DeleteSystem(request, timeout=20).revision
    assert ended == 3
    for call in (peer.verdict, peer.findings):
        code, reason, _, _ = problem(call, system)
        assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "SYSTEM_NOT_FOUND")
    code, _, _, _ = problem(peer.push, system, model("Keras"))
    assert code == grpc.StatusCode.NOT_FOUND
    made = peer.systems.CreateSystem(system_pb2.CreateSystemRequest(system_id=system), timeout=20)
    assert made.revision == ended + 1
    assert rules(peer.findings(system)) == []


def test_an_unknown_system_is_not_found(peer):
    code, reason, _, facts = problem(peer.push, "nowhere", model("Keras"))
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "SYSTEM_NOT_FOUND")
    assert any("nowhere" in value for value in facts.values())


def test_pages_are_complete_and_their_tokens_bound(peer):
    created = {f"systems/{peer.create(client.new_id('page'))}" for _ in range(5)}
    seen, token = [], ""
    while True:
        request = system_pb2.ListSystemsRequest(page_size=2, page_token=token)
        page = peer.systems.ListSystems(request, timeout=20)
        assert len(page.systems) <= 2
        seen += [system.name for system in page.systems]
        if not page.next_page_token:
            break
        token = page.next_page_token
    assert seen == sorted(set(seen)) and created <= set(seen)
    foreign = mismatch_service_pb2.ListFindingsRequest(parent=next(iter(created)), page_token=token)
    code, _, fields, _ = problem(peer.mismatches.ListFindings, foreign, timeout=20)
    assert code == grpc.StatusCode.INVALID_ARGUMENT and "page_token" in fields


@pytest.mark.parametrize("page_size, token, field", [(-1, "", "page_size"), (0, "forged", "page_token")])
def test_a_bad_page_is_refused_with_its_field(peer, page_size, token, field):
    request = system_pb2.ListSystemsRequest(page_size=page_size, page_token=token)
    code, _, fields, _ = problem(peer.systems.ListSystems, request, timeout=20)
    assert code == grpc.StatusCode.INVALID_ARGUMENT and field in fields


def test_min_revision_waits_for_the_revision(peer):
    system, _ = mismatched(peer)
    waiting = peer.mismatches.GetVerdict.future(
        mismatch_service_pb2.GetVerdictRequest(system=f"systems/{system}", min_revision=3), timeout=client.TIMEOUT
    )
    peer.push(system, offer("Keras"))
    assert waiting.result().revision == 3
    code, _, _, _ = problem(peer.verdict, system, min_revision=99, timeout=0.5)
    assert code == grpc.StatusCode.DEADLINE_EXCEEDED


def test_the_rules_are_listed_with_their_texts(peer):
    listed = peer.mismatches.ListRules(mismatch_service_pb2.ListRulesRequest(page_size=1000), timeout=20).rules
    assert len(listed) >= 23 and [r.name for r in listed] == sorted(r.name for r in listed)
    assert all(r.name == f"rules/{r.rule_class}.{r.name.split('.', 1)[1]}" for r in listed)
    assert all(r.title and r.rationale and r.remedy and r.default_severity and r.teams for r in listed)


def test_several_descriptors_of_a_kind_live_side_by_side(peer):
    system = peer.create()
    peer.push(system, model("Keras", name="blue", system=system), model("JAX", name="green", system=system))
    request = descriptor_service_pb2.ListDescriptorsRequest(parent=f"systems/{system}")
    listed = peer.descriptors.ListDescriptors(request, timeout=20)
    assert [d.name.rsplit("/", 1)[1] for d in listed.descriptors] == ["blue", "green"]
    assert listed.revision == 2

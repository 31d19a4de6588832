"""The reference sets, imported and pushed each into its own system, give exactly what is expected of them."""

import json

import pytest

import places
from tally.v1 import descriptor_pb2
from tallyd import tally

CASES = places.SHARED / "reference/sei-cases"
COMPLETENESS = ("completeness.field-missing", "completeness.descriptor-missing")

# The rules whose findings the sets list; others may report more.
RULES = """
purpose.goal-unmeasured environment.language-unsupported environment.framework-unsupported
api.output-type api.output-unmapped api.downstream-input-unfed api.input-type api.input-unmapped
api.upstream-output-unused resources.development-insufficient resources.production-insufficient
resources.inference-too-slow monitoring.business-metric-uncollected monitoring.algorithm-metric-uncollected
monitoring.log-uncollected monitoring.feedback-uncollected data.field-type data.training-field-unmapped
data.production-field-unmapped data.statistic-differs data.label-share-differs
""".split()

if not CASES.is_dir():
    pytest.skip("the reference sets are not on this machine", allow_module_level=True)


def kind_name(kind):
    return descriptor_pb2.Kind.Name(kind).removeprefix("KIND_").lower()


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_a_set_gives_exactly_its_findings_missing_fields_and_absent_kinds(server, peer, case):
    system = peer.create(f"sei-{case}")
    files = sorted(path for path in (CASES / case).glob("*.json") if path.name != "expected.json")
    # A gate's exit code: whatever the verdict, the push itself must have worked.
    done = tally("import", "sei", "--system", system, *files, "--push", server=server)
    assert done.returncode in (0, 1, 3), done.stderr
    expected = json.loads((CASES / case / "expected.json").read_text())
    findings = peer.findings(system)
    assert sorted([f.rule, f.subject] for f in findings if f.rule in RULES) == sorted(expected["findings"])
    missing = [[kind_name(f.descriptors[0].kind), f.subject] for f in findings if f.rule == COMPLETENESS[0]]
    assert sorted(missing) == sorted(expected["missing"])
    absent = [kind_name(kind) for kind in peer.verdict(system).missing_kinds]
    assert sorted(absent) == sorted(expected["absent"])
    assert sum(f.rule == COMPLETENESS[1] for f in findings) == len(expected["absent"])

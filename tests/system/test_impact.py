"""tally impact and tally explain: which rules and which teams depend on a field."""

import json

import pytest
from tallyd import tally

MODEL = """
apiVersion: tally/v1
kind: TrainedModel
metadata: {system: %s, ownerTeam: scoring}
spec: {model_name: scorer}
"""


@pytest.fixture(scope="module")
def system(server):
    tally("system", "create", "impact", server=server, check=0)
    tally("push", "-", server=server, text=MODEL % "impact", check=0)
    return "impact"


def impact(server, system, kind, field, check=0):
    return tally(
        *("impact", "--system", system, "--kind", kind, "--field", field, "--output", "json"),
        server=server,
        check=check,
    )


def test_the_rules_that_read_a_field_are_listed_with_what_they_read_beside_it(server, system):
    answer = json.loads(impact(server, system, "trained_model", "output_spec[3].item_type").stdout)
    assert answer["field"] == "output_spec[].item_type"
    rules = {rule["rule"]: rule for rule in answer["rules"]}
    assert set(rules) == {"api.output-type", "api.signature", "completeness.field-missing"}
    assert rules["api.output-type"]["reads"] == ["trained_model:output_spec[].item_type"]
    assert "development_environment:downstream_components[].input_spec[].item_type" in rules["api.output-type"]["with"]


def test_teams_are_the_owners_here_or_else_those_who_make_the_kind(server, system):
    answer = json.loads(impact(server, system, "trained_model", "output_spec.item_type").stdout)
    rules = {rule["rule"]: rule for rule in answer["rules"]}
    assert rules["api.output-type"]["teams"] == ["scoring", "software-engineers"]
    assert set(rules["api.output-type"]["teams"]) <= set(answer["teams"])


def test_a_message_has_the_rules_of_all_its_fields(server, system):
    answer = json.loads(impact(server, system, "trained_model", "computing_resource_reqs").stdout)
    rules = {rule["rule"] for rule in answer["rules"]}
    assert {"resources.development-insufficient", "resources.production-insufficient"} <= rules


def test_an_unknown_field_names_the_nearest(server, system):
    done = impact(server, system, "trained_model", "output_spec.item_typ", check=2)
    assert "did you mean output_spec[].item_type?" in done.stderr


def test_explain_shows_what_a_rule_reads(server):
    shown = tally("explain", "monitoring.log-uncollected", server=server, check=0).stdout
    assert "trained_model: log_data[].log" in shown and "production_environment: model_logs[].log" in shown
    shown = json.loads(tally("explain", "monitoring.overdue", "--output", "json", server=server, check=0).stdout)
    assert shown["fields"] == [
        "production_data:refresh_interval",
        "production_data:profile.window_end",
        "clock:time",
    ]

"""tally profile: from files of data to findings."""

import gzip
import json
import os
import pty
import select
import subprocess
import time

import pytest

import places
from tallyd import tally

SAMPLES = places.SHARED / "samples"
TRAIN = "".join(["age,plan,churned\n"] + [f"{18 + i % 50},{'plus' if i % 3 else 'basic'},{i % 2}\n" for i in range(600)])
LATER = "".join(["age,plan\n"] + [f"{40 + i % 50},{'plus' if i % 3 else 'gold'}\n" for i in range(600)])


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "train.csv").write_text(TRAIN)
    (tmp_path / "later.csv").write_text(LATER)
    return tmp_path


def document(*arguments, text=None):
    return json.loads(tally("profile", *arguments, "--output", "json", text=text, check=0).stdout)


def column(made, name):
    return next(field for field in made["spec"]["schema"] if field["field_name"] == name)


def findings(server, system, *arguments):
    answer = json.loads(tally("findings", system, "--output", "json", *arguments, server=server, check=0).stdout)
    return {(finding["rule"], finding["subject"]) for finding in answer["findings"]}


def test_training_data_are_described(folder):
    made = document(folder / "train.csv", "--label", "churned", "--system", "churn")
    spec = made["spec"]
    assert made["kind"] == "TrainingData" and made["metadata"]["system"] == "churn"
    assert spec["dataset_name"] == "train.csv"
    assert spec["number_of_instances"] == 600
    assert spec["dataset_version"] == spec["profile"]["digest"]
    assert spec["distribution"] == [
        {"label": "0", "percentage": 50.0, "mapping_production_data": "0"},
        {"label": "1", "percentage": 50.0, "mapping_production_data": "1"},
    ]
    age, plan, churned = (column(made, name) for name in ("age", "plan", "churned"))
    assert (age["field_type"], age["expected_values"], age["missing_values"]) == ("Integer", "18 to 67", "none")
    assert age["mapping_production_data"] == "age"
    assert plan["expected_values"] == "plus, basic"
    assert churned["label_field"] is True and "mapping_production_data" not in churned
    assert {"field": "age", "property": "Mean", "value": "42.5"} in spec["statistics"]


def test_other_kinds_have_their_own_fields(folder):
    raw = document(folder / "train.csv", "--kind", "raw-data", "--label", "churned")["spec"]
    assert raw["labels_distribution"][0] == {"label": "0", "percentage": 50.0}
    made = document(folder / "later.csv", "--kind", "production_data", "--window-start", "2026-11-01",
                    "--window-end", "2026-11-08T12:00:00+01:00")["spec"]
    assert made["profile"]["window_start"] == "2026-11-01T00:00:00Z"
    assert made["profile"]["window_end"] == "2026-11-08T11:00:00Z"
    assert "mapping_production_data" not in made["schema"][0]


def test_files_may_be_packed_or_come_from_a_pipe(folder):
    plain = document(folder / "train.csv")["spec"]["schema"]
    (folder / "train.csv.gz").write_bytes(gzip.compress(TRAIN.encode()))
    assert document(folder / "train.csv.gz")["spec"]["schema"] == plain
    assert document("-", text=TRAIN)["spec"]["schema"] == plain


def test_what_is_printed_pushes_as_it_is(server, folder):
    tally("system", "create", "printed", server=server, check=0)
    made = tally("profile", folder / "train.csv", "--system", "printed", check=0).stdout
    assert max(map(len, made.splitlines())) < 250
    tally("push", "-", text=made, server=server, check=0)
    again = tally("profile", folder / "train.csv", "--system", "printed", "--push", server=server, check=0).stdout
    assert "nothing new" in again


def test_profiles_of_both_sides_make_findings(server, folder):
    tally("system", "create", "sides", server=server, check=0)
    tally("profile", folder / "train.csv", "--label", "churned", "--system", "sides", "--push", server=server, check=0)
    tally("profile", folder / "later.csv", "--kind", "production-data", "--system", "sides", "--push",
          server=server, check=0)
    found = findings(server, "sides", "--class", "data")
    assert {("data.distribution-drift", "age"), ("data.distribution-drift", "plan"),
            ("data.new-categories", "plan"), ("data.out-of-range", "age")} <= found
    assert not {rule for rule, _ in found} & {"data.training-field-unmapped", "data.statistic-differs"}


def test_pushing_again_keeps_what_people_wrote(server, folder):
    tally("system", "create", "kept", server=server, check=0)
    words = ("profile", folder / "train.csv", "--label", "churned", "--system", "kept")
    made = tally(*words, check=0).stdout
    made = made.replace("    - field_name: age\n", "    - field_name: age\n      unit: years\n      min_value: 0\n")
    made = made.replace("mapping_production_data: plan", "mapping_production_data: tariff")
    made = made.replace("spec:\n", "spec:\n  dataset_description: customers of 2026\n", 1)
    tally("push", "-", text=made, server=server, check=0)
    (folder / "train.csv").write_text(TRAIN + "99,plus,1\n")
    tally(*words, "--push", server=server, check=0)
    spec = json.loads(tally("get", "training_data", "--system", "kept", "--output", "json", server=server,
                            check=0).stdout)["spec"]
    assert spec["dataset_description"] == "customers of 2026"
    assert spec["number_of_instances"] == 601
    age, plan = spec["schema"][:2]
    assert (age["unit"], age["min_value"], age["profile"]["max"]) == ("years", 0, 99)
    assert plan["mapping_production_data"] == "tariff"


def test_against_shows_what_the_server_would_find(server, folder):
    tally("system", "create", "against", server=server, check=0)
    tally("profile", folder / "train.csv", "--label", "churned", "--system", "against", "--push", server=server,
          check=0)
    text = tally("profile", folder / "later.csv", "--against", "against", server=server, check=0).stdout
    assert "data.new-categories" in text and "gold" in text and "\x1b" not in text and "nothing was pushed" in text
    assert max(len(line) for line in text.splitlines() if not line.startswith(("reference:", "current:"))) <= 80
    assert "mismatches would be found" in text
    shown = json.loads(
        tally("profile", folder / "later.csv", "--against", "against", "--output", "json", server=server, check=0).stdout
    )
    assert json.loads(tally("list", "against", "--output", "json", server=server, check=0).stdout)["revision"] == 2
    tally("profile", folder / "later.csv", "--kind", "production_data", "--system", "against", "--push", server=server,
          check=0)
    about = {(finding["rule"], finding["subject"]) for finding in shown["findings"]}
    assert about == findings(server, "against", "--class", "data")


def test_test_data_that_the_model_learned_from_are_found(server, folder):
    tally("system", "create", "leak", server=server, check=0)
    rows = [f"{i},{i * 7 % 13},{i % 2}\n" for i in range(1000)]
    (folder / "train.csv").write_text("a,b,y\n" + "".join(rows[:800]))
    (folder / "test.csv").write_text("a,b,y\n" + "".join(rows[700:]))
    tally("push", "-", text="apiVersion: tally/v1\nkind: TrainedModel\nmetadata: {system: leak}\n"
          "spec: {model_name: scorer, test_dataset: {name: hold-out}}\n", server=server, check=0)
    tally("profile", folder / "train.csv", "--label", "y", "--system", "leak", "--push", server=server, check=0)
    tally("profile", folder / "test.csv", "--label", "y", "--test-data-of", "default", "--system", "leak", "--push",
          server=server, check=0)
    model = json.loads(tally("get", "trained_model", "--system", "leak", "--output", "json", server=server,
                             check=0).stdout)["spec"]
    assert model["model_name"] == "scorer" and model["test_dataset"]["name"] == "hold-out"
    assert model["test_dataset"]["profile"]["rows"] == 300
    assert any(rule == "data.train-test-overlap" for rule, _ in findings(server, "leak"))


def test_parts_merge_to_the_whole(folder):
    lines = TRAIN.splitlines(keepends=True)
    (folder / "a.csv").write_text("".join(lines[:300]))
    (folder / "b.csv").write_text(lines[0] + "".join(lines[300:]))
    for name in "ab":
        (folder / f"{name}.yaml").write_text(tally("profile", folder / f"{name}.csv", check=0).stdout)
    whole = document(folder / "train.csv")["spec"]
    for made in (document("--merge", folder / "a.yaml", folder / "b.yaml"), document(folder / "a.csv", folder / "b.csv")):
        for field, expected in zip(made["spec"]["schema"], whole["schema"]):
            mean, right = field["profile"].pop("mean", 0), expected["profile"].get("mean", 0)
            assert mean == pytest.approx(right)
            field["profile"].pop("standard_deviation", None)
            assert field["profile"].items() <= expected["profile"].items()
        assert made["spec"]["profile"]["row_sketch"] == whole["profile"]["row_sketch"]


@pytest.mark.parametrize(
    "words, message",
    [
        (["--label", "nothing"], 'there is no column "nothing"; it has: age, plan, churned'),
        (["--delimiter", "ab"], "--delimiter"),
        (["--header", "0"], "--header"),
        (["--type", "age"], "--type"),
        (["--type", "old=string"], 'there is no column "old"'),
        (["--window-start", "yesterday"], "--window-start"),
        (["--window-start", "2026-11-08", "--window-end", "2026-11-01"], "--window-end is before"),
        (["--kind", "trained_model"], "--kind"),
        (["--against", "nothing.yaml"], "nothing.yaml"),
        (["--merge"], "train.csv"),
    ],
)
def test_a_mistake_is_told(folder, words, message):
    done = tally("profile", folder / "train.csv", *words, check=2)
    assert message in done.stderr and done.stdout == ""


@pytest.mark.parametrize(
    "content, message",
    [
        (b'a,b\n1,"x\n2,y\n', "odd.csv: nothing closes the quote that opens in line 2"),
        (b"a,b\n1,\0\n", "odd.csv: line 2 has a byte of 0, so this is no text in UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "odd.csv: this is UTF-16; make it UTF-8 first"),
        (b"PK\3\4" + bytes(40), "odd.csv: this is a zip archive or a workbook"),
        (gzip.compress(b"a,b\n" * 1000)[:30], "odd.csv: the packed data end too early"),
        (b"", "odd.csv: there is no record in it"),
        (b"1," * 100001, "odd.csv: more than 100000 columns"),
    ],
    ids=["open quote", "byte of 0", "UTF-16", "zip", "cut gzip", "nothing", "too wide"],
)
def test_what_is_no_table_is_refused(tmp_path, content, message):
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    done = tally("profile", file, check=2)
    assert message in done.stderr and done.stdout == ""


def test_what_was_left_out_is_told(tmp_path):
    file = tmp_path / "odd.csv"
    file.write_bytes(b"a,b\n1,x\n2\n3,y,z\n4,x\n")
    done = tally("profile", file, check=0)
    assert done.stderr.endswith(
        "odd.csv: 2 rows left out; the first in line 3: it has 1 cell, and there are 2 columns\n")
    file.write_bytes(b"a,b\n")
    assert tally("profile", file, check=0).stderr.endswith("odd.csv: no rows, only 2 columns\n")


def test_progress_shows_on_a_terminal_only(folder):
    quiet = tally("profile", folder / "train.csv", check=0)
    assert quiet.stderr == ""
    main, child = pty.openpty()
    with subprocess.Popen([places.TALLY, "profile", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          stderr=child, env=places.environment()) as run:
        os.close(child)
        run.stdin.write(b"a,b\n" + b"1,2\n" * 100000)
        run.stdin.flush()
        while not select.select([main], [], [], 0)[0] and run.poll() is None:
            time.sleep(0.05)
            try:
                run.stdin.write(b"3,4\n" * 20000)
                run.stdin.flush()
            except BrokenPipeError:
                break
        run.stdin.close()
        shown = b""
        try:
            while part := os.read(main, 4096):
                shown += part
        except OSError:
            pass
        assert run.wait() == 0
    os.close(main)
    assert b"standard input" in shown and b"rows" in shown and b"B/s" in shown and shown.endswith(b"\r\x1b[K")


def pairs():
    path = places.SHARED / "reference/drift_reference.json"
    if not path.exists():
        return []
    made = json.loads(path.read_text())["pairs"]
    return made if isinstance(made, list) else list(made.values())


@pytest.mark.skipif(not pairs(), reason="the reference is not beside the checkout")
@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: f"{pair['reference']} {pair['current']}")
def test_measures_are_those_of_the_reference(tmp_path, pair):
    reference = tmp_path / "reference.yaml"
    reference.write_text(tally("profile", SAMPLES / pair["reference"], check=0).stdout)
    shown = json.loads(
        tally("profile", SAMPLES / pair["current"], "--against", reference, "--output", "json", check=0).stdout
    )
    compared = 0
    for name, expected in pair["columns"].items():
        drift = expected.get("drift") or {}
        got = next((one for one in shown["columns"] if one["column"] == name), {})
        for side, names in (
            ("numeric", {"ks": "ks", "js_distance": "js_distance", "psi": "psi"}),
            ("categorical", {"linf": "linf", "category_js_distance": "js_distance", "category_psi": "psi_lumped"}),
        ):
            for key, theirs in names.items():
                if key not in got or not drift.get(side):
                    continue
                right = drift[side][theirs]
                allowed = max(0.002, 0.02 * right) if "psi" in key else 0.005
                # Columns that tell rows apart are compared for type and missing values only.
                if side == "categorical" and expected["reference"]["n_distinct"] * 2 > expected["reference"]["n"]:
                    continue
                assert abs(got[key] - right) <= allowed, (name, key)
                compared += 1
    assert compared > 20

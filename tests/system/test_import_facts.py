"""What the reference says about real files is what `tally import FORMAT FILE -o facts` reads from them.

A section of the reference belongs to one format. Its function yields (what, expected, read) for each fact of one
file; the number of facts is reported for each format. A section whose format is not there yet stands in MISSING.
"""

import json
import pathlib
import re

import pytest

import places
from tallyd import tally

SAMPLES = places.SHARED / "samples"
REFERENCE = places.SHARED / "reference"

if not (REFERENCE / "expected_facts.json").is_file() or not SAMPLES.is_dir():
    pytest.skip("the samples are not on this machine", allow_module_level=True)

EXPECTED = json.loads((REFERENCE / "expected_facts.json").read_text())
EXPECTED["onnx"] = json.loads((REFERENCE / "onnx_reference.json").read_text())

# Sections of the reference whose format is still to come. The end is an empty set.
MISSING = set()

# Section of the reference: the format's name, and the function that compares one file.
CHECKS = {}


def section(name, file_format):
    def register(function):
        CHECKS[name] = (file_format, function)
        return function

    return register


class Facts:
    """What was read from one file."""

    def __init__(self, lines, path):
        every = [json.loads(line) for line in lines.splitlines()]
        self.own = [fact for fact in every if fact["file"] == str(path)]

    def at(self, path):
        """The values at one place of the file, as the file wrote them."""
        return [f.get("original", f["value"]) for f in self.own if f["path"] == path and "value" in f]

    def one(self, path):
        return next(iter(self.at(path)), None)

    def matching(self, pattern):
        """(match, fact) for each value whose path matches wholly, each path once and in order."""
        seen = {}
        for fact in self.own:
            match = re.fullmatch(pattern, fact["path"])
            if match and "value" in fact:
                seen.setdefault(fact["path"], (match, fact))
        return list(seen.values())

    def field(self, path, ending):
        """The value at a place that went into a field, or None."""
        return next(
            (f["value"] for f in self.own if f["path"] == path and f.get("field", "").endswith(ending) and "value" in f),
            None,
        )


def read(file_format, path):
    done = tally("import", file_format, str(path), "-o", "facts")
    assert done.returncode == 0, done.stderr
    return Facts(done.stdout, path)


@section("mlmodel", "mlflow")
def mlmodel(expected, facts):
    generic = "flavors.python_function"
    yield "mlflow_version", expected["mlflow_version"], facts.one("mlflow_version")
    flavors = sorted(match[1] for match, _ in facts.matching(r"flavors\.(\w+)"))
    yield "flavors", sorted(expected["flavors"]), flavors
    yield "loader_module", expected["loader_module"], facts.one(f"{generic}.loader_module")
    yield "python_version", expected["python_version"], facts.field(f"{generic}.python_version", "languages[python].version")
    for name, version in expected["framework_versions"].items():
        read_version = [f for m, f in facts.matching(r"flavors\.\w+\.(\w+)") if m[1] == name]
        yield name, [version], [facts.field(f["path"], "].version") for f in read_version]
    yield "model_size_bytes", expected["model_size_bytes"], facts.one("model_size_bytes")
    yield "created", expected["created"], facts.field("utc_time_created", "training_date")
    yield from signature_side(expected["inputs"], facts, "inputs")
    yield from signature_side(expected["outputs"], facts, "outputs")
    yield "params", len(expected["params"] or []), len(facts.matching(r"signature\.params\[\d+\]"))


def signature_side(expected, facts, side):
    read_types = facts.matching(rf"signature\.{side}\[(\d+)\]\.(type|tensor-spec\.dtype)")
    yield side, len(expected or []), len(read_types)
    for i, item in enumerate(expected or []):
        at = f"signature.{side}[{i}]"
        if "tensor-spec" not in item:
            yield f"{at}.name", item.get("name"), facts.field(at, "item_name")
            yield f"{at}.type", item["type"], facts.field(f"{at}.type", "item_type")
            continue
        yield f"{at}.dtype", item["tensor-spec"]["dtype"], facts.one(f"{at}.tensor-spec.dtype")
        field = "input_signature" if side == "inputs" else "output_spec"
        shape = [int(f["value"]) for f in facts.own if f["path"] == f"{at}.tensor-spec.shape" and field in f["field"]]
        yield f"{at}.shape", item["tensor-spec"]["shape"], shape


@section("conda", "conda")
def conda(expected, facts):
    yield "name", expected["name"], facts.one("name")
    versions = [
        f["value"].removeprefix("==").removesuffix(".*")
        for f in facts.own
        if re.search(r"languages\[python\]\.(version|requirement)$", f.get("field", ""))
    ]
    yield "python", [expected["python"]] if expected["python"] else [], versions
    # The reference lists the first twelve of each.
    for kind, pattern in (("conda", r"dependencies\[\d+\]"), ("pip", r"dependencies\[\d+\]\.pip\[\d+\]")):
        names = {
            re.search(r"\[([^\]]+)\]\.name$", f["field"])[1]
            for f in facts.own
            if re.fullmatch(pattern, f["path"]) and f.get("field", "").endswith(".name")
        }
        for requirement in expected[kind] or []:
            name = re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()
            yield f"{kind}: {requirement}", True, name in names
            wanted = re.match(r"[\w.-]+\s*(.*)", requirement)[1].replace(" ", "")
            got = [
                f["value"]
                for f in facts.own
                if re.search(rf"\[{re.escape(name)}\]\.(version|requirement)$", f.get("field", ""))
                and re.fullmatch(pattern, f["path"])
            ]
            yield f"{kind}: {requirement}: version", [normal(wanted)] if wanted else [], [normal(v) for v in got]


def normal(version):
    """=1.0 and ==1.0.*, ==1.0 and 1.0 are the same to those who read them."""
    return re.sub(r"^=+", "", version).removesuffix(".*")


@section("kubernetes", "kubernetes")
def kubernetes(expected, facts):
    for i, document in enumerate(expected):
        prefix = f"[{i}]." if len(expected) > 1 else ""
        for key, path in (("kind", "kind"), ("apiVersion", "apiVersion"), ("name", "metadata.name")):
            yield f"{prefix}{key}", document[key], facts.one(f"{prefix}{path}")
        yield f"{prefix}replicas", document["replicas"], facts.field(f"{prefix}spec.replicas", "replicas")
        containers = [f["path"] for f in facts.own if f.get("value") == "container" and "field" not in f]
        paths = [prefix + "spec" + re.sub(r"/(\d+)", r"[\1]", c["at"]).replace("/", ".") for c in document["containers"]]
        # A model without resources is no container for the reference, but it is one for us.
        known = [c for c in containers if c in paths or facts.at(f"{c}.image") or facts.matching(rf"{re.escape(c)}\.resources\..*")]
        yield f"{prefix}containers", sorted(paths), sorted(known)
        for path, container in zip(paths, document["containers"]):
            yield f"{path}.name", container["name"], facts.one(f"{path}.name")
            yield f"{path}.image", container["image"], facts.one(f"{path}.image")
            for kind in ("requests", "limits"):
                for resource, amount in container.get(kind, {}).items():
                    at = f"{path}.resources.{kind}.{resource}"
                    notes = [f for f in facts.own if f["path"] == at and "field" not in f]
                    yield at, [amount["text"]], [f["original"] for f in notes]
                    yield f"{at} as a number", [amount["value"]], [float(f["value"]) for f in notes]


@section("compose", "compose")
def compose(expected, facts):
    names = [f["value"] for m, f in facts.matching(r"services\.[^.\[\]]+") if "field" not in f]
    yield "services", sorted(expected), sorted(names)
    for name, service in expected.items():
        at = f"services.{name}"
        yield f"{at}.image", service["image"], facts.one(f"{at}.image")
        yield f"{at}.build", service["build"], bool(facts.at(f"{at}.build"))
        ports = [f["value"] for m, f in facts.matching(rf"{re.escape(at)}\.ports\[\d+\]")]
        yield f"{at}.ports", service["ports"] or [], ports
        pattern = rf"{re.escape(at)}\.deploy\.resources[.\[].*"
        read_leaves = {f["path"]: f["value"] for m, f in facts.matching(pattern) if "field" not in f}
        yield f"{at}.deploy.resources", dict(leaves(service["deploy_resources"], f"{at}.deploy.resources")), read_leaves


def leaves(value, path):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{i}]")
    elif value is not None:
        yield path, str(value)


@section("dockerfile", "dockerfile")
def dockerfile(expected, facts):
    def notes(instruction):
        return [f["value"] for f in facts.own if f["path"].endswith(f": {instruction}") and "field" not in f]

    python = [
        normal(f["value"])
        for f in facts.own
        if re.search(r"languages\[python\]\.(version|requirement)$", f.get("field", ""))
    ]
    yield "from", expected["from"], notes("FROM")
    yield "python", [expected["python"]] if expected["python"] else [], python
    yield "expose", expected["expose"], notes("EXPOSE")
    yield "env", [" ".join(text.split()) for text in expected["env"]], [" ".join(text.split()) for text in notes("ENV")]


@section("croissant", "croissant")
def croissant(expected, facts):
    def several(path):
        return facts.at(path) or [f["value"] for _, f in facts.matching(rf"{re.escape(path)}\[\d+\]")]

    def english(text):
        return text["en"] if isinstance(text, dict) else text

    yield "name", english(expected["name"]), facts.field("name", "dataset_name")
    yield "version", None if expected["version"] is None else str(expected["version"]), facts.one("version")
    yield "conformsTo", expected["conformsTo"], several("conformsTo")
    licence = expected["license"]
    yield "license", licence["name"] if isinstance(licence, dict) else licence, facts.field("license", "data_rights")
    yield "files", len(expected["files"]), len(facts.matching(r"distribution\[\d+\]\.@id"))
    for i, file in enumerate(expected["files"]):
        at = f"distribution[{i}]"
        yield f"{at}.id", file["id"], facts.one(f"{at}.@id")
        yield f"{at}.type", file["type"], facts.one(f"{at}.@type")
        yield f"{at}.encodingFormat", file["encodingFormat"], several(f"{at}.encodingFormat")
        for digest in ("sha256", "md5"):
            yield f"{at}.{digest}", file[digest], facts.one(f"{at}.{digest}")
    yield "record sets", len(expected["record_sets"]), len(facts.matching(r"recordSet\[\d+\]\.@id"))
    for i, records in enumerate(expected["record_sets"]):
        at = f"recordSet[{i}]"
        yield f"{at}.id", records["id"], facts.one(f"{at}.@id")
        yield f"{at}.fields", len(records["fields"]), len(facts.matching(rf"{re.escape(at)}\.field\[\d+\]\.@id"))
        for j, field in enumerate(records["fields"]):
            yield f"{at}.field[{j}].id", field["id"], facts.one(f"{at}.field[{j}].@id")
            yield f"{at}.field[{j}].name", english(field["name"]), notes(facts, f"{at}.field[{j}].name")
            types = notes_below(facts, f"{at}.field[{j}].dataType")
            yield f"{at}.field[{j}].dataType", field["dataType"], types
            yield f"{at}.field[{j}].column", field["column"], facts.one(f"{at}.field[{j}].source.extract.column")


def notes(facts, path):
    return next((f["value"] for f in facts.own if f["path"] == path and "field" not in f), None)


def notes_below(facts, path):
    pattern = rf"{re.escape(path)}(\[\d+\])?"
    return [f["value"] for f in facts.own if re.fullmatch(pattern, f["path"]) and "field" not in f]


@section("prometheus_text", "prometheus")
def prometheus_text(expected, facts):
    exported = [f for f in facts.own if f.get("field", "").startswith("exported_metrics[")]
    names = sorted(f["value"] for f in exported if f["field"].endswith(".metric"))
    types = [f["value"] for f in exported if f["field"].endswith(".type")]
    yield "families", expected["families"], len(names)
    yield "first", expected["first"], names[: len(expected["first"])]
    yield "by_type", expected["by_type"], {t: types.count(t) for t in sorted(set(types))}
    # The reference counted with splitlines(), which also ends a line at control characters inside a label.
    text = pathlib.Path(facts.own[0]["file"]).read_bytes().decode()
    split = sum(line != "" for line in text.splitlines()) - sum(line != "" for line in text.split("\n"))
    yield "samples", expected["samples"] - split, int(facts.one("samples"))


@section("prometheus_rules", "kubernetes")
def prometheus_rules(expected, facts):
    readers = facts.matching(r"spec\.groups\[\d+\]\.rules\[\d+\]\.expr")
    yield "rules", len(expected), len(readers)
    for rule, (match, fact) in zip(expected, readers):
        kind = "alert" if "alert" in rule else "record"
        yield kind, rule[kind], facts.one(fact["path"].removesuffix(".expr") + f".{kind}")
        yield "expr", rule["expr"].strip(), (facts.field(fact["path"], "].expression") or "").strip()


@section("onnx", "onnx")
def onnx(expected, facts):
    for key, path in (
        ("ir_version", "ir_version"),
        ("nodes", "graph.node"),
        ("declared_inputs", "graph.input"),
        ("initializers", "graph.initializer"),
        ("model_version", "model_version"),
    ):
        yield key, expected[key], int(facts.one(path) or 0)
    for key, path in (("producer", "producer_name"), ("producer_version", "producer_version"), ("domain", "domain"), ("graph", "graph.name")):
        yield key, expected[key], facts.one(path) or ""
    yield "bytes", expected["bytes"], round(float(facts.own[-1]["value"]) * 1e9)
    domains = [f["value"] for m, f in facts.matching(r"opset_import\[\d+\]\.domain")]
    versions = [int(f["value"]) for m, f in facts.matching(r"opset_import\[\d+\]\.version")]
    yield "opset", expected["opset"], [list(pair) for pair in zip(domains, versions)]
    # The reference lists the first twelve.
    yield "ops", expected["ops"], facts.at("graph.node.op_type")[:12]
    metadata = {m[1]: f["value"] for m, f in facts.matching(r"metadata_props\.(.+)")}
    yield "metadata", expected["metadata"], metadata
    for side, path, field in (("inputs", "graph.input", "input_signature"), ("outputs", "graph.output", "output_spec")):
        found = [f for m, f in facts.matching(rf"{re.escape(path)}\[\d+\]")]
        yield side, [value["name"] for value in expected[side]], [f["value"] for f in found]
        for fact, value in zip(found, expected[side]):
            at = fact["path"]
            yield f"{at}: elem", value["elem"], facts.field(at, "].item_type")
            shape = ", ".join("?" if size is None else str(size) for size in value["shape"])
            yield f"{at}: dimensions", shape, facts.one(f"{at}.shape")
            sizes = [f["value"] for f in facts.own if f["path"] == at and f.get("field", "").startswith(field) and "shape" in f["field"]]
            yield f"{at}: shape", [size if isinstance(size, int) else -1 for size in value["shape"]], [int(s) for s in sizes]


def test_every_quantity_is_what_kubernetes_says(tmp_path):
    examples = EXPECTED["quantity_examples"]
    manifest = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", "resources": {"limits": {f"x/{i}": text for i, text in enumerate(examples)}}}]},
    }
    file = tmp_path / "pod.json"
    file.write_text(json.dumps(manifest))
    facts = read("kubernetes", file)
    for i, (text, value) in enumerate(examples.items()):
        notes = [f for f in facts.own if f["path"].endswith(f".x/{i}")]
        assert [float(f["value"]) for f in notes] == ([] if value is None else [value]), text
    print(f"quantity_examples: {len(examples)} of {len(examples)} facts")


@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - {"quantity_examples"}))
def test_every_fact_is_read(name):
    assert (name in CHECKS) != (name in MISSING), f"{name}: either it is compared, or it stands in MISSING"
    if name in MISSING:
        pytest.skip(f"MISSING: no format reads {name} yet")
    file_format, check = CHECKS[name]
    count, wrong = 0, []
    for file, expected in EXPECTED[name].items():
        for what, wanted, got in check(expected, read(file_format, SAMPLES / file)):
            count += 1
            if wanted != got:
                wrong.append(f"{file}: {what}: expected {wanted!r}, read {got!r}")
    print(f"{name}: {count - len(wrong)} of {count} facts in {len(EXPECTED[name])} files")
    assert not wrong, "\n".join(wrong)
    assert count > 0

"""Small projects whose files contradict each other, as real ones do: imported with `import auto` and pushed, each
gives the finding that names the contradiction, and both files are its sources; what is harmless gives none."""

import json

import pytest

from tally.v1 import descriptor_pb2, descriptor_service_pb2
from tallyd import tally

import client
import model_files

SIGNATURE = """signature:
  inputs: '[{"name": "amount", "type": "%s"}, {"name": "age", "type": "double"}]'
  outputs: '[{"name": "score", "type": "%s"}]'
"""


def mlmodel(python="3.8.16", sklearn="1.2.2", amount="double", score="double"):
    return f"""flavors:
  python_function: {{python_version: {python}, loader_module: mlflow.sklearn}}
  sklearn: {{sklearn_version: {sklearn}, pickled_model: churn.pkl, serialization_format: cloudpickle}}
{SIGNATURE % (amount, score)}"""


def deployment(path="/models/churn.pkl", resources=""):
    return f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: scoring}}
spec:
  template:
    spec:
      containers:
      - name: scoring
        image: shop/scoring:4
        env: [{{name: MODEL_PATH, value: {path}}}]
        resources: {{{resources}}}
"""


TABLE = "amount,age\n" + "".join(f"{i}.5,{20 + i % 50}\n" for i in range(200))
WHOLE = "amount,age\n" + "".join(f"{i},{20 + i % 50}\n" for i in range(200))
LABELLED = "amount,age,churned\n" + "".join(f"{i}.5,{20 + i % 50},{i % 2}\n" for i in range(200))
# As they come after a quarter: what nobody paid stands there too.
LATER = "amount,age\n" + "".join(f"{i - 40}.5,{20 + i % 50}\n" for i in range(200))
SUITE = json.dumps(
    {
        "expectation_suite_name": "amounts",
        "expectations": [
            {"expectation_type": "expect_column_min_to_be_between", "kwargs": {"column": "amount", "min_value": 0.5, "max_value": 0.5}},
            {"expectation_type": "expect_column_mean_to_be_between", "kwargs": {"column": "amount", "min_value": 100, "max_value": 100}},
        ],
        "meta": {"great_expectations_version": "0.13.0"},
    }
)
GAPS = "amount,age\n" + "".join(f"{'?' if i % 20 == 0 else i},{20 + i % 50}\n" for i in range(200))

METRICS = """# TYPE model_accuracy gauge
model_accuracy 0.91
# TYPE request_latency_seconds histogram
request_latency_seconds_bucket{le="0.1"} 3
request_latency_seconds_bucket{le="+Inf"} 4
request_latency_seconds_sum 0.5
request_latency_seconds_count 4
"""


def alerts(expression):
    return f"groups:\n- name: g\n  rules:\n  - alert: Quality\n    expr: {expression}\n"


def config_map(text):
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"alerts.yml": text}})


def dashboard(expression):
    return json.dumps({"title": "Model", "schemaVersion": 38, "panels": [{"type": "row", "panels": [{"title": "P", "targets": [{"expr": expression}]}]}]})


def suite(least, most, mean=None):
    """Of Great Expectations, as its profiler writes what it saw: both bounds are one number."""
    seen = {"min": least, "max": most, "mean": mean}
    return json.dumps(
        {
            "expectation_suite_name": "rides",
            "expectations": [
                {"expectation_type": f"expect_column_{what}_to_be_between", "kwargs": {"column": "passengers", "min_value": value, "max_value": value}}
                for what, value in seen.items()
                if value is not None
            ],
        }
    )


def allowing(*values):
    allowed = {"column": "passengers", "value_set": list(values)}
    expectation = {"expectation_type": "expect_column_values_to_be_in_set", "kwargs": allowed}
    return json.dumps({"expectation_suite_name": "rides", "expectations": [expectation]})


# 0 to 6 passengers, 3 on average.
RIDES = "passengers,fare\n" + "".join(f"{i % 7},{i}.5\n" for i in range(700))


def openapi(amount="number"):
    row = {"type": "object", "required": ["amount", "age"], "properties": {"amount": {"type": amount}, "age": {"type": "integer"}}}
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"instances": {"type": "array", "items": row}}}}}}
    answer = {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object", "properties": {"score": {"type": "number"}}}}}}}
    return json.dumps({"openapi": "3.1.0", "info": {"title": "Scoring"}, "paths": {"/predict": {"post": {"requestBody": body, "responses": answer}}}})


def triton(kind="TYPE_FP32", dims=8):
    return f"""name: "net" platform: "onnxruntime_onnx" max_batch_size: 4
input {{ name: "x" data_type: {kind} dims: {dims} }}
output [ {{ name: "y" data_type: TYPE_FP32 dims: [ 1 ] }} ]
"""


ONNX = model_files.onnx([model_files.onnx_value("x", 1, ["batch", 8])], [model_files.onnx_value("y", 1, [None, 1])], ["w"])
SAVED = model_files.saved_model("2.11.0", {"amount": (1, [-1]), "age": (9, [-1])}, {"score": (1, [-1, 1])})
FARES = model_files.statistics(2000, {"fare": [i / 50 for i in range(2000)]}, {"payment": {"cash": 1500, "card": 500}})
# The same fares, cut a little otherwise, and others.
SAME_FARES = model_files.statistics(1800, {"fare": [i / 45 for i in range(1800)]}, {"payment": {"cash": 1340, "card": 460}})
OTHER_FARES = model_files.statistics(2000, {"fare": [30 + i / 50 for i in range(2000)]}, {"payment": {"cash": 400, "card": 1600}})

# The files, the rule, its subject (or None for any), and the files that the finding rests on.
BUNDLES = {
    "the image has another Python than the one that the model was logged with": (
        {"model/MLmodel": mlmodel(), "Dockerfile": "FROM python:3.9-slim\n"},
        ("environment.language-version", "python", {"model/MLmodel", "Dockerfile"}),
    ),
    "a requirement without a version stands beside an exact pin": (
        {"model/MLmodel": mlmodel(), "requirements.txt": "scikit-learn\n"},
        ("environment.framework-version", "scikit-learn", {"model/MLmodel", "requirements.txt"}),
    ),
    "two models of one project have different minors of a library": (
        {"a/MLmodel": mlmodel(), "b/MLmodel": mlmodel(sklearn="1.1.3")},
        ("environment.framework-version", "scikit-learn", {"a/MLmodel", "b/MLmodel"}),
    ),
    "the manifest names another file than the model": (
        {"model/MLmodel": mlmodel(), "deploy/scoring.yaml": deployment("/models/churn_v2.pkl")},
        ("provenance.artifact-differs", None, {"model/MLmodel", "deploy/scoring.yaml"}),
    ),
    "the manifest states no resources": (
        {"model/MLmodel": mlmodel(), "deploy/scoring.yaml": deployment()},
        ("completeness.field-missing", "computing_resources", set()),
    ),
    "the signature wants text where the column is numeric but for a few gaps": (
        {"model/MLmodel": mlmodel(amount="string"), "data/train.csv": GAPS},
        ("api.signature", "amount", {"model/MLmodel", "data/train.csv"}),
    ),
    "the only table is what the model was trained on, whatever its name": (
        {"model/MLmodel": mlmodel(amount="string"), "customers.csv": GAPS},
        ("api.signature", "amount", {"model/MLmodel", "customers.csv"}),
    ),
    "the model answers true or false where the label is 0 or 1": (
        {"model/MLmodel": mlmodel(score="boolean"), "data/train.csv": LABELLED},
        ("api.signature", "score", {"model/MLmodel", "data/train.csv"}),
    ),
    "the values that arrive break a suite that was made on others": (
        {"expectations/amounts.json": SUITE, "data/production.csv": LATER},
        ("data.statistic-differs", None, {"expectations/amounts.json", "data/production.csv"}),
    ),
    "the model was trained before its data was prepared anew": (
        {
            "dvc.lock": """schema: '2.0'
stages:
  prepare: {cmd: p, deps: [{path: raw.csv, md5: r}], outs: [{path: train.csv, md5: second}]}
  train: {cmd: t, deps: [{path: train.csv, md5: first}], outs: [{path: churn.pkl, md5: m}]}
"""
        },
        ("provenance.version-behind", None, {"dvc.lock"}),
    ),
    "the data was prepared from other raw data than the pointer names": (
        {
            "dvc.lock": """schema: '2.0'
stages:
  prepare: {cmd: p, deps: [{path: data/raw.csv, md5: first}], outs: [{path: train.csv, md5: t}]}
  train: {cmd: t, deps: [{path: train.csv, md5: t}]}
""",
            "data/raw.csv.dvc": "outs: [{md5: second, path: raw.csv}]\n",
        },
        ("provenance.version-behind", None, {"dvc.lock", "data/raw.csv.dvc"}),
    ),
    "the test file's rows are the old training rows": (
        {"model/MLmodel": mlmodel(), "data/train.csv": TABLE, "data/test.csv": TABLE[: len(TABLE) // 2].rsplit("\n", 1)[0]},
        ("data.train-test-overlap", None, {"data/train.csv", "data/test.csv"}),
    ),
    "what arrives has a minimum that the suite's profiler did not see": (
        {"expectations/rides.json": suite(1, 6), "data/production.csv": RIDES},
        ("data.statistic-differs", "passengers:Minimum", {"expectations/rides.json", "data/production.csv"}),
    ),
    "what arrives has another mean than the suite's profiler saw": (
        {"expectations/rides.json": suite(0, 6, mean=1.5), "data/production.csv": RIDES},
        ("data.statistic-differs", "passengers:Mean", {"expectations/rides.json", "data/production.csv"}),
    ),
    "what arrives has a value that the suite does not allow": (
        {"expectations/rides.json": allowing(0, 1, 2, 3, 4, 5), "data/production.csv": RIDES},
        ("data.stated-values", "passengers", {"expectations/rides.json", "data/production.csv"}),
    ),
    "a table has a value that its own suite does not allow": (
        {"expectations/rides.json": allowing(1, 2, 3, 4, 5, 6), "rides.csv": RIDES},
        ("data.stated-values", "passengers", {"expectations/rides.json", "rides.csv"}),
    ),
    "an alert reads a metric that the service does not export": (
        {"deploy/alerts.yml": alerts("model_acuracy < 0.95"), "deploy/service.prom": METRICS},
        ("monitoring.alert-metric-not-exported", "model_acuracy", {"deploy/alerts.yml", "deploy/service.prom"}),
    ),
    "a rule inside a ConfigMap reads a metric that the service does not export": (
        {"deploy/map.yaml": config_map(alerts("rate(predictions_total[5m]) < 1")), "metrics.txt": METRICS},
        ("monitoring.alert-metric-not-exported", "predictions_total", {"deploy/map.yaml", "metrics.txt"}),
    ),
    "a dashboard reads a metric that the service does not export": (
        {"grafana/model.json": dashboard("avg by (pod) (model_drift{pod='a'})"), "metrics.txt": METRICS},
        ("monitoring.alert-metric-not-exported", "model_drift", {"grafana/model.json", "metrics.txt"}),
    ),
    "the service shows a metric beyond the limit of its alert": (
        {"alerts.yml": alerts("model_accuracy < 0.95"), "metrics.txt": METRICS},
        ("monitoring.metric-breached", "model_accuracy", {"alerts.yml", "metrics.txt"}),
    ),
    "the service takes text where the model takes a number": (
        {"model/MLmodel": mlmodel(), "openapi.json": openapi("string")},
        ("api.input-type", "amount", {"model/MLmodel", "openapi.json"}),
    ),
    "the server gives the model another type than it takes": (
        {"net/config.pbtxt": triton("TYPE_STRING"), "net/1/model.onnx": ONNX},
        ("api.signature", "x", {"net/config.pbtxt", "net/1/model.onnx"}),
    ),
    "the server gives the model another shape than it takes": (
        {"net/config.pbtxt": triton(dims=9), "net/1/model.onnx": ONNX},
        ("api.signature", "x", {"net/config.pbtxt", "net/1/model.onnx"}),
    ),
    "the image has another TensorFlow than the model was saved with": (
        {"model/saved_model.pb": SAVED, "Dockerfile": "FROM python:3.9\nRUN pip install tensorflow==1.15.0\n"},
        ("environment.framework-version", "tensorflow", {"model/saved_model.pb", "Dockerfile"}),
    ),
    "the statistics of numbers that arrive have drifted": (
        {"stats/train_stats.pb": FARES, "stats/serving_stats.pb": OTHER_FARES},
        ("data.distribution-drift", "fare", {"stats/train_stats.pb", "stats/serving_stats.pb"}),
    ),
    "the statistics of texts that arrive have drifted": (
        {"stats/train_stats.pb": FARES, "stats/serving_stats.pb": OTHER_FARES},
        ("data.distribution-drift", "payment", {"stats/train_stats.pb", "stats/serving_stats.pb"}),
    ),
}

# Differences that matter to nobody: no finding of these rules.
HARMLESS = {
    "the image has the Python that the model was logged with": (
        {"model/MLmodel": mlmodel(), "Dockerfile": "FROM python:3.8.16-slim\n"},
        {"environment.language-version"},
    ),
    "whole numbers stand where the signature says double": (
        {"model/MLmodel": mlmodel(), "data/train.csv": WHOLE},
        {"api.signature", "api.input-type"},
    ),
    "the manifest names the folder that the model's file is in": (
        {"churn/MLmodel": mlmodel(), "deploy/scoring.yaml": deployment("s3://models/churn")},
        {"provenance.artifact-differs"},
    ),
    "the model answers a number where the label is 0 or 1": (
        {"model/MLmodel": mlmodel(score="long"), "data/train.csv": LABELLED},
        {"api.signature"},
    ),
    "the label does not arrive in production": (
        {"model/MLmodel": mlmodel(), "data/train.csv": LABELLED, "data/production.csv": TABLE},
        {"data.missing-rate", "data.training-field-unmapped", "data.label-leak"},
    ),
    "the manifest names the folder that the versions of the model are in": (
        {"net/config.pbtxt": triton(), "net/1/model.onnx": ONNX, "deploy/scoring.yaml": deployment("s3://models/net")},
        {"provenance.artifact-differs"},
    ),
    "the values that arrive keep to the suite": (
        {"expectations/amounts.json": SUITE, "data/production.csv": TABLE},
        {"data.statistic-differs", "data.missing-rate"},
    ),
    "the digests of data are of two algorithms": (
        {
            "dvc.lock": """schema: '2.0'
stages:
  prepare: {cmd: p, outs: [{path: data/train.csv, md5: same}]}
  train: {cmd: t, deps: [{path: data/train.csv, md5: same}]}
""",
            "data/train.csv": TABLE,
        },
        {"provenance.version-behind", "provenance.link-dangling"},
    ),
    "what arrives is what the suite's profiler saw": (
        {"expectations/rides.json": suite(0, 6, mean=3), "data/production.csv": RIDES},
        {"data.statistic-differs"},
    ),
    "the manifest names the model's file": (
        {"model/MLmodel": mlmodel(), "deploy/scoring.yaml": deployment()},
        {"provenance.artifact-differs"},
    ),
    "an alert reads what is exported, also a histogram's buckets and an average": (
        {
            "alerts.yml": alerts("avg_over_time(model_accuracy[1h]) < 0.9") + "  - alert: Slow\n    expr: histogram_quantile(0.9, sum by (le)"
            " (rate(request_latency_seconds_bucket[5m]))) > 0.5\n",
            "metrics.txt": METRICS,
        },
        {"monitoring.alert-metric-not-exported", "monitoring.metric-breached", "monitoring.algorithm-metric-uncollected"},
    ),
    "the service takes whole numbers where the model takes a double, and numbers of any sort": (
        {"model/MLmodel": mlmodel(), "openapi.json": openapi()},
        {"api.input-type", "api.input-unmapped", "api.upstream-output-unused"},
    ),
    "the server gives the model what it takes, the batch left out": (
        {"net/config.pbtxt": triton(), "net/1/model.onnx": ONNX},
        {"api.signature"},
    ),
    "the statistics that arrive are those of training, cut otherwise": (
        {"stats/train_stats.pb": FARES, "stats/serving_stats.pb": SAME_FARES},
        {"data.distribution-drift", "data.out-of-range", "data.new-categories", "data.missing-rate"},
    ),
}


def lay(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def push(server, peer, folder, files):
    system = peer.create()
    lay(folder, files)
    done = tally("import", "auto", folder, "--system", system, "--push", server=server)
    assert done.returncode in (0, 1, 3), done.stderr
    # What an importer writes, rules understand.
    assert [f.message for f in peer.findings(system) if f.rule == "completeness.value-not-understood"] == []
    return system


def sources_of(peer, system, finding):
    """The files that the fields of a finding were read from."""
    files = set()
    for place in finding.descriptors:
        if place.version == 0:
            continue
        collection = client.COLLECTIONS[descriptor_pb2.Kind.Name(place.kind).removeprefix("KIND_").lower()]
        request = descriptor_service_pb2.GetDescriptorRequest(name=f"systems/{system}/{collection}/{place.name}")
        found = peer.descriptors.GetDescriptor(request, timeout=client.TIMEOUT)
        files |= {s.file for s in found.sources if within(place.field, s.field) or within(s.field, place.field)}
    return files


def within(inner, outer):
    return inner == outer or inner.startswith((f"{outer}.", f"{outer}["))


@pytest.mark.parametrize("name", BUNDLES)
def test_a_contradiction_between_files_is_found(server, peer, tmp_path, name):
    files, (rule, subject, sources) = BUNDLES[name]
    known = {r["rule"] for r in json.loads(tally("rules", "-o", "json", server=server, check=0).stdout)["rules"]}
    if rule not in known:
        pytest.skip(f"this server has no rule {rule} yet")
    system = push(server, peer, tmp_path, files)
    findings = [f for f in peer.findings(system) if f.rule == rule and subject in (None, f.subject)]
    assert findings, sorted({(f.rule, f.subject) for f in peer.findings(system)})
    assert any(sources <= sources_of(peer, system, f) for f in findings), [
        (f.message, sources_of(peer, system, f)) for f in findings
    ]


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_difference_gives_no_finding(server, peer, tmp_path, name):
    files, rules = HARMLESS[name]
    system = push(server, peer, tmp_path, files)
    assert [(f.rule, f.message) for f in peer.findings(system) if f.rule in rules] == []

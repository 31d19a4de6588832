"""A pull request's story, told through the command line only; every exit code is looked at."""

import json
import shutil

import pytest

import places
from tallyd import Tallyd, tally

ALLOWED, BLOCKED, FAILED, UNKNOWN = 0, 1, 2, 3
RULE = "environment.framework-unsupported"

KINDS = ["SystemContext", "RawData", "DataPipeline", "TrainingData", "ProductionData"]
REST = "".join(f"apiVersion: tally/v1\nkind: {kind}\nspec: {{}}\n---\n" for kind in KINDS)
REST += "apiVersion: tally/v1\nkind: ProductionEnvironment\nmetadata: {name: live}\nspec: {}\n"
MODEL = "apiVersion: tally/v1\nkind: TrainedModel\nspec: {ml_frameworks: [%s]}\n"
OFFER = "apiVersion: tally/v1\nkind: DevelopmentEnvironment\nspec: {ml_frameworks: [%s]}\n"


class Story:
    """One server and one system; the lines of the story follow each other."""

    def __init__(self, folder):
        self.server = Tallyd()
        self.server.start()
        self.folder = folder
        self.run("system", "create", "shop")

    def run(self, *arguments, ends=ALLOWED):
        return tally(*arguments, server=self.server, check=ends)

    def gate(self, *arguments, ends):
        return self.run("can-i-deploy", "--system", "shop", "--to-environment", "live", *arguments, ends=ends)

    def json(self, *arguments, ends):
        return json.loads(self.gate(*arguments, "--output", "json", ends=ends).stdout)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def push(self, *files):
        return self.run("push", "--system", "shop", *files)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story")
    made = Story(folder)
    try:
        yield made
    finally:
        made.server.free()
        shutil.rmtree(folder)


def test_1_the_answer_is_unknown_while_a_descriptor_is_missing(story):
    story.push(story.write("rest.yaml", REST), story.write("offer.yaml", OFFER % "Keras"))
    done = story.gate(ends=UNKNOWN)
    assert done.stdout.startswith("shop in live: UNKNOWN")
    assert "Needed before the answer can be yes: trained_model" in done.stdout
    assert story.json("--fail-on", "error", ends=UNKNOWN)["needed_kinds"] == ["trained_model"]


def test_2_a_wait_for_it_expires(story):
    for arguments in (["--wait", "500ms"], ["--wait", "500ms", "--fail-on", "error"]):
        assert "the wait of 500ms is over" in story.gate(*arguments, ends=UNKNOWN).stderr
    done = story.gate("--min-revision", 1000, "--wait", "500ms", ends=UNKNOWN)
    assert "nothing is known of revision 1000 or a later one" in done.stderr


def test_3_the_first_model_may_go_live_and_does(story):
    story.push(story.write("model.yaml", MODEL % "Keras"))
    judged = story.json(ends=ALLOWED)
    assert judged["verdict"] == "allowed" and judged["environment"] == "live"
    story.run(
        "record-deployment", "--system", "shop", "--to-environment", "live", "--judged", judged["revision"]
    )
    assert "trained_model@1" in story.run("deployments", "shop").stdout


def test_4_the_candidate_breaks_it_and_the_gate_says_whose_move_it_is(story):
    candidate = story.write("candidate.yaml", MODEL % "JAX")
    before = story.json(ends=ALLOWED)
    done = story.gate("--with", candidate, ends=BLOCKED)
    assert "BLOCKED" in done.stdout and "Would open" in done.stdout and f"error {RULE} JAX" in done.stdout
    assert "- trained_model/default@2: ml_frameworks[0] = JAX" in done.stdout
    assert "- development_environment/default@1: ml_frameworks" in done.stdout
    said = story.json("--with", candidate, ends=BLOCKED)
    (finding,) = [one for one in said["findings"] if one["id"] in said["blocking"]]
    rule = json.loads(story.run("explain", RULE, "--output", "json").stdout)
    assert finding["teams"] == rule["teams"] and finding["remedy"]
    assert f"Whose move it is: {', '.join(finding['teams'])}\n" in done.stdout
    assert f"What to do: {finding['remedy']}\n" in done.stdout
    assert "Last passed with: development_environment/default@1, trained_model/default@1\n" in done.stdout
    # Who does not owe it is not stopped by it; who does, is.
    story.gate("--with", candidate, "--team", finding["teams"][0], ends=BLOCKED)
    story.gate("--with", candidate, "--team", "project-owners", ends=ALLOWED)
    # Nothing was stored, and somebody who only looks is never stopped.
    assert story.json(ends=ALLOWED) == before
    assert "dry run: ends with 0 instead of 1" in story.gate("--with", candidate, "--dry-run", ends=ALLOWED).stderr


def test_5_pushed_all_the_same_it_is_blocked_but_what_runs_is_not(story):
    story.push(story.folder / "candidate.yaml")
    story.gate(ends=BLOCKED)
    story.gate("--new-only", ends=BLOCKED)
    story.gate("--running", ends=ALLOWED)
    story.gate("--use", "trained_model@1", ends=ALLOWED)
    story.run("can-i-deploy", "shop", ends=BLOCKED)


def test_6_the_other_team_mends_it(story):
    mended = story.write("mended.yaml", OFFER % "Keras, JAX")
    done = story.gate("--with", mended, ends=ALLOWED)
    assert "Would be resolved" in done.stdout and RULE in done.stdout
    assert RULE in story.push(mended).stdout
    story.gate(ends=ALLOWED)


def test_7_a_waiver_holds_until_it_expires(story):
    story.push(story.write("next.yaml", MODEL % "JAX, Theano"))
    (finding,) = story.json(ends=BLOCKED)["blocking"]
    why = ["--reason", "the image comes tonight", "--by", "ann"]
    story.run("waive", finding, "--system", "shop", *why, ends=FAILED)  # until when?
    story.run("waive", finding, "--system", "shop", *why, "--until", f"{4 * places.SLOW}s")
    held = story.json(ends=ALLOWED)
    assert held["waived"] == 1 and held["errors"] == 0
    assert "1 waived" in story.gate(ends=ALLOWED).stdout
    shown = story.run("findings", "shop").stdout
    assert "error, waived " in shown and "(waived until " in shown
    # Nobody does anything: its time passes, which is a revision of its own.
    later = story.json("--min-revision", held["revision"] + 1, "--wait", "60s", ends=BLOCKED)
    assert later["blocking"] == [finding] and later["waived"] == 0 and later["revision"] == held["revision"] + 1
    story.gate(ends=BLOCKED)
    (waiver,) = json.loads(story.run("waivers", "shop", "--output", "json").stdout)["waivers"]
    assert waiver["state"] == "lapsed"
    # What the waiver held counts as new when it is over.
    story.gate("--baseline", held["revision"], ends=BLOCKED)
    story.gate("--baseline", later["revision"], ends=ALLOWED)


def test_8_a_gate_that_cannot_ask_does_not_say_yes(story):
    story.server.stop()
    for arguments in ([], ["--with", story.folder / "candidate.yaml"], ["--wait", "2s"], ["--output", "sarif"]):
        done = story.gate(*arguments, ends=FAILED)
        assert "cannot reach a Tally server" in done.stderr and done.stdout == ""
    story.server.start()
    story.gate(ends=BLOCKED)
    story.gate("--use", "trained_model@9", ends=FAILED)
    story.run("can-i-deploy", "shop", "--to-environment", "nowhere", ends=FAILED)
    story.run("can-i-deploy", "no-such-system", ends=FAILED)
    story.gate("--fial-on", "error", ends=FAILED)

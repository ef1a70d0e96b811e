"""The command line as its users meet it: a process with stdout, stderr and an exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import networkx as nx
import pytest

from tests.pages import page_graph

RUNAWAY = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c"


def kg(*arguments: str, stdin: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        timeout=120,
        check=False,
    )


def test_the_number_of_claims_comes_as_csv() -> None:
    query = "PREFIX kg: <https://w3id.org/painpath/schema#> SELECT (COUNT(*) AS ?n) WHERE { ?c a kg:Claim }"
    done = kg("query", "-e", query, "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[0] == ["n"]
    assert int(rows[1][0]) > 400


def test_a_way_of_several_steps_is_found_by_plain_sparql() -> None:
    query = (
        "PREFIX kg: <https://w3id.org/painpath/schema#> PREFIX pain: <https://w3id.org/painpath/> "
        "ASK { pain:sedentary-lifestyle kg:increases+ pain:lower-back-pain }"
    )
    assert json.loads(kg("query", "-e", query, "--format", "json").stdout)["boolean"] is True


def test_a_query_comes_from_a_file_or_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("SELECT ?x { ?x kg:hasSymptom pain:shooting-leg-pain }", encoding="utf-8")
    from_file = kg("query", str(path))
    assert "pain:sciatica" in from_file.stdout
    assert kg("query", "-", stdin=path.read_text(encoding="utf-8")).stdout == from_file.stdout


def test_a_named_query_takes_terms_as_people_say_them() -> None:
    done = kg("query", "strategies-for", "--set", "target=tight hip flexors")
    assert done.returncode == 0
    assert "stretching" in done.stdout


def test_a_construct_is_turtle_unless_asked_otherwise() -> None:
    query = "CONSTRUCT WHERE { ?x kg:hasSymptom ?y }"
    assert "pain:sciatica kg:hasSymptom pain:shooting-leg-pain" in kg("query", "-e", query).stdout
    done = kg("query", "-e", query, "--format", "jsonld")
    assert json.loads(done.stdout)[0]["@id"].endswith("sciatica")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["query", "-e", "SELECT * { ?s ?p }"],
            2,
            "kg: -e, line 1, column 12: cannot be read from '?s ?p }' on; expected",
        ),
        (["query", "no-such-query"], 2, "kg: no query called 'no-such-query'"),
        (["query", "SELECT * { ?s ?p ?o }"], 2, "kg: this is SPARQL and not the name of a query; put -e before it"),
        (["query"], 2, "kg: give one query"),
        (["query", "strategies-for"], 2, "kg: the query strategies-for needs --set target="),
        (["query", "strategies-for", "--set", "goal=x"], 2, "kg: the query strategies-for has no parameter 'goal'"),
        (["query", "strategies-for", "--set", "target"], 2, "kg: --set takes NAME=TERM"),
        (["query", "missing.rq"], 2, "kg: cannot read missing.rq: No such file"),
        (["query", "-e", "ASK {}", "--format", "turtle"], 2, "kg: rows have no format 'turtle'"),
        (["show", "siatica"], 3, "kg: no term called 'siatica'; did you mean 'sciatica'"),
        (["find", "siatica"], 3, "kg: no term called 'siatica'"),
        (["paths", "sciatica", "weak bum"], 3, "kg: no term called 'weak bum'; did you mean"),
        (["paths", "sciatica", "sciatic pain"], 2, "kg: a path needs two ends"),
        (["paths", "obesity", "sciatica", "-k", "0"], 2, "kg: k is 0; expected 1 or more"),
        (["paths", "obesity", "sciatica", "--min-standing", "good"], 2, "kg: --min-standing takes supported, mixed"),
        (["paths", "obesity", "sciatica", "--predicate", "cause"], 2, "kg: no claim has the relation 'kg:cause'"),
        (["plan", "--factor", "obesity", "--outcome", "obesity"], 2, "kg: "),
        (["plan", "--factor", "obesity", "--outcome", "hip pain", "--cost", "yoga"], 2, "kg: --cost takes TERM=NUMBER"),
        (["plan", "--factor", "obesity", "--outcome", "hip pain", "--avoid", "obesity"], 2, "kg: "),
        (["influence", "siatica"], 3, "kg: no term called 'siatica'"),
        (["loops", "--max-length", "0"], 2, "kg: max_length is 0; expected 1 or more"),
        (["export", "--format", "docx"], 2, "kg: no export format 'docx'"),
        (["export", "--format", "kgx"], 2, "kg: kgx makes 2 files; name a folder"),
        (["view", "sciatica", "--steps", "0", "-o", "x.html"], 2, "kg: --steps is 0; expected 1 or more"),
        (["view", "--factor", "obesity", "-o", "x.html"], 2, "kg: a plan needs --factor, once or more, and --outcome"),
        (["view", "a", "--factor", "obesity", "--outcome", "hip pain", "-o", "x.html"], 2, "kg: give either FROM"),
        (["query", "-e", "ASK {}", "--view", "-o", "x.html"], 2, "kg: a yes or no cannot be drawn"),
        (["query", "disputed-claims", "--view"], 2, "kg: --view writes a page; name it with -o"),
        (["--memory", "much", "queries"], 2, "kg: 'much' is no size of memory"),
    ],
)
def test_unusable_input_gives_one_line_and_a_documented_code(arguments: list[str], code: int, message: str) -> None:
    done = kg(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1


def test_an_empty_answer_names_what_occurs_nowhere() -> None:
    done = kg("query", "-e", "SELECT * { ?x a kg:Symptoms ; kg:causes pain:siatica }", "--format", "csv")
    assert done.returncode == 0
    assert done.stdout.strip() == "x"
    assert "the class kg:Symptoms occurs nowhere in the graph; did you mean kg:Symptom" in done.stderr
    assert "the IRI pain:siatica occurs nowhere in the graph; did you mean pain:sciatica" in done.stderr


def test_find_lists_terms_with_the_name_that_fits() -> None:
    assert "herniated disc  pain:herniated-disc" in kg("find", "slipped", "disc").stdout


def test_show_tells_what_leads_to_a_term_with_sources() -> None:
    text = kg("show", "slipped disc").stdout
    assert text.startswith("herniated disc  (pain:herniated-disc)\n  condition\n")
    for heading in ("Where it is", "What leads to it", "What it leads to", "Identifiers"):
        assert f"\n{heading}\n" in text
    assert (
        "herniated disc causes sciatica  [likely, supported]\n      article, causes-nerves 2; Koes BW 2007, BMJ" in text
    )


def test_paths_are_the_same_bytes_twice() -> None:
    arguments = ("paths", "sedentary lifestyle", "lower back pain", "-k", "5", "--format", "json")
    first = kg(*arguments).stdout
    assert len(json.loads(first)["paths"]) == 5
    assert kg(*arguments).stdout == first


def test_no_path_is_explained_and_has_a_code_of_its_own() -> None:
    done = kg("paths", "lower back pain", "yoga")
    assert done.returncode == 6
    assert done.stdout.startswith("Nothing leads from lower back pain to yoga; there is only the other direction")
    assert "yoga relieves lower back pain" in done.stdout


def test_paths_take_signs_classes_and_nodes_to_pass() -> None:
    by_core = kg("paths", "pilates", "lower back pain", "--sign", "decreases", "--through", "core stability")
    assert by_core.returncode == 0
    assert "pilates promotes core stability" in by_core.stdout
    every = kg("paths", "every risk factor", "sciatica", "--min-standing", "supported", "--format", "json")
    assert {path["nodes"][0] for path in json.loads(every.stdout)["paths"]} == {"pain:excess-weight"}


def test_a_plan_gives_minimum_sets_and_says_so() -> None:
    arguments = ("plan", "--factor", "sedentary lifestyle", "--factor", "obesity", "--outcome", "lower back pain")
    done = kg(*arguments)
    assert done.returncode == 0
    assert "minimum: proven" in done.stdout
    assert "Signs that need urgent care" in done.stdout
    assert "It is no advice for a person" in done.stdout
    document = json.loads(kg(*arguments, "--format", "json").stdout)
    assert document["proof"]["optimal"] is True
    assert document["sets"][0]["measures"]


def test_loops_and_influence_answer() -> None:
    assert kg("loops").returncode == 6  # our graph has none, and says so
    assert "84 terms lead to lower back pain" in kg("influence", "lower back pain").stdout
    assert "exercise acts on" in kg("influence", "lower back pain", "--strategy", "exercise").stdout


def test_a_diagram_comes_in_the_syntax_of_dagitty() -> None:
    done = kg("diagram", "--exposure", "obesity", "--outcome", "lower back pain", "--format", "dagitty")
    assert done.stdout.startswith("dag {\n")
    assert '"obesity" [exposure]\n' in done.stdout
    assert '"obesity" -> "mechanical stress"\n' in done.stdout


def test_graphml_is_read_back_by_networkx(tmp_path: Path) -> None:
    path = tmp_path / "painpath.graphml"
    assert kg("export", "--format", "graphml", "-o", str(path)).returncode == 0
    read = nx.read_graphml(path, force_multigraph=True)
    assert read.nodes["pain:sciatica"]["label"] == "sciatica"
    assert read.number_of_edges() > 400


@pytest.mark.parametrize("name", ["turtle", "ntriples", "nquads", "trig", "jsonld", "node-link", "queries"])
def test_every_format_is_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / "out"
    done = kg("export", "--format", name, "-o", str(path))
    assert (done.returncode, done.stderr) == (0, f"wrote {path}\n")
    assert path.stat().st_size > 1000


def test_kgx_is_two_files_in_a_folder(tmp_path: Path) -> None:
    kg("export", "--format", "kgx", "-o", str(tmp_path / "kgx"))
    assert sorted(path.name for path in (tmp_path / "kgx").iterdir()) == ["painpath_edges.tsv", "painpath_nodes.tsv"]


def test_an_input_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    done = kg("query", str(path), "-o", str(path))
    assert done.returncode == 2
    assert "is an input of this command" in done.stderr
    assert path.read_text(encoding="utf-8") == "ASK { ?s ?p ?o }"


def test_explore_prints_the_path_of_its_page(tmp_path: Path) -> None:
    done = kg("explore", "--no-open", "-o", "page.html", cwd=tmp_path)
    assert done.stdout == f"{tmp_path / 'page.html'}\n"
    assert (tmp_path / "page.html").stat().st_size < 1_500_000


def test_a_reader_that_goes_away_is_no_error() -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    command = f'"{sys.executable}" -m kg.cli query -e "SELECT * {{ ?s ?p ?o }}" | head -n 1'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def start_runaway(*arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    return subprocess.Popen(
        [sys.executable, "-m", "kg.cli", *arguments, "query", "-e", RUNAWAY],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a single process")
def test_ctrl_c_ends_a_running_query_at_once_without_a_traceback() -> None:
    with start_runaway() as process:
        time.sleep(1)  # deep in the query by then, and not yet at the limit of memory
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=10)
    assert process.returncode == -signal.SIGINT
    assert stderr == ""


def test_a_query_that_eats_memory_is_stopped_at_the_limit() -> None:
    with start_runaway("--memory", "300M") as process:
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 5
    assert stdout == ""
    assert stderr == "kg: stopped: it needed more than 300 MiB of memory; narrow the query or raise --memory\n"


def test_help_and_version_import_nothing_heavy() -> None:
    code = (
        "import sys, kg.cli\n"
        "try: kg.cli.main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'rdflib', 'networkx', 'pyvis', 'pyoxigraph', 'pyshacl', 'IPython', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(str(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_query_imports_the_store_alone() -> None:
    code = (
        "import sys, kg.cli\nkg.cli.main(['query', '-e', 'ASK {}'])\n"
        "heavy = {'rdflib', 'networkx', 'pyvis', 'pyshacl', 'IPython', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(str(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_site_is_written_and_its_start_page_named(tmp_path: Path) -> None:
    done = kg("site", "-o", "site", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{Path('site') / 'index.html'}\n")
    assert done.stderr.startswith("wrote site: 740 pages, ")
    assert "no sitemap.xml, since it needs whole addresses: give --base-url URL" in done.stderr
    again = kg("site", "-o", "site", "--base-url", "https://example.org/pain", cwd=tmp_path)
    assert "no sitemap.xml" not in again.stderr
    assert (tmp_path / "site" / "sitemap.xml").is_file()


def test_a_site_never_takes_the_place_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    done = kg("site", "-o", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "kg: mine is not empty and was not written by this command; name another folder or empty it\n"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("arguments", "opening"),
    [
        (["sedentary lifestyle", "lower back pain"], "tab=paths&from=pain:sedentary-lifestyle&to=pain:lower-back-pain"),
        (["slipped disc", "--steps", "1"], "node=pain:herniated-disc"),
        (
            ["--factor", "obesity", "--outcome", "lower back pain"],
            "tab=plan&factor=pain:obesity&outcome=pain:lower-back-pain&strategy=pain:healthy-weight",
        ),
        ([], ""),
    ],
)
def test_a_view_opens_with_what_was_asked_for(tmp_path: Path, arguments: list[str], opening: str) -> None:
    done = kg("view", *arguments, "-o", "page.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "wrote page.html\n")
    assert page_graph((tmp_path / "page.html").read_text(encoding="utf-8"))["opening"] == opening


def test_a_view_can_be_a_static_picture(tmp_path: Path) -> None:
    done = kg("view", "obesity", "hip pain", "-o", "picture.svg", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "picture.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_an_answer_can_be_drawn(tmp_path: Path) -> None:
    done = kg(
        "query", "strategies-for", "--set", "target=tight hip flexors", "--view", "-o", "answer.html", cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "wrote answer.html\n")
    assert "pain:stretching" in page_graph((tmp_path / "answer.html").read_text(encoding="utf-8"))["nodes"]["key"]

"""Long runs of the fuzzers, by hand: ``python -m tests.security.fuzz gate --seconds 600``.

With atheris (``pip install -e '.[fuzz]'``) new paths through our code guide the search; without it, bytes are mutated blindly.
What is found is written to ``tests/security/findings``, where the tests replay it.

References
----------
Atheris, https://github.com/google/atheris, a coverage-guided fuzzer on libFuzzer.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import tomllib
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from kg.ontology import packaged

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
FINDINGS = HERE / "findings"
NAMES = ("gate", "grammar", "headers", "lens", "networks", "readers", "terms")


def main() -> None:
    """Run one target, or each in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=(*NAMES, "all"))
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--findings", type=Path, default=FINDINGS, metavar="DIR", help="where to write what is found")
    parser.add_argument("--blind", action="store_true", help="without atheris, though it is there")
    options = parser.parse_args()
    try:
        import atheris
    except ModuleNotFoundError:
        options.blind = True
    if options.blind or options.target == "all":
        from tests.security.targets import TARGETS

        for name in NAMES if options.target == "all" else (options.target,):
            blind(name, TARGETS[name], options.seconds, options.seed, options.findings)
        return

    with atheris.instrument_imports(include=["kg", "tests.security.targets"]):
        from tests.security.targets import TARGETS
    arguments = [f"-max_total_time={options.seconds}", f"-seed={options.seed}", "-max_len=2000", "-timeout=20"]
    prefix = f"-artifact_prefix={options.findings}/{options.target}-"
    atheris.Setup([sys.argv[0], *arguments, prefix], TARGETS[options.target])
    atheris.Fuzz()


def blind(name: str, target: Callable[[bytes], None], seconds: float, seed: int, findings: Path) -> None:
    """Mutate seeds for some time and keep what breaks the target."""
    random, until, runs = Random(seed), time.monotonic() + seconds, 0
    pool = seeds(name)
    while time.monotonic() < until:
        data = mutated(random, pool)
        runs += 1
        try:
            target(data)
        except Exception as error:  # whatever comes out is the finding
            path = findings / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            print(f"{path.name}: {type(error).__name__} {error}")
    print(f"{name}: {runs} inputs in {seconds:g} s")


def seeds(name: str) -> list[bytes]:
    """Return inputs to begin with."""
    if name == "gate":
        corpus = tomllib.loads((HERE / "queries.toml").read_text("utf-8"))["query"]
        return [entry["text"].encode() for entry in corpus]
    if name == "readers":
        return [bytes([place]) + (packaged().folder / "schema.ttl").read_bytes()[:2000] for place in range(6)]
    if name == "headers":
        return [b"text/csv;q=0.5, */*;q=0.1", b"[::1]:8000", b"query=ASK%20%7B%7D&format=csv"]
    if name == "lens":
        return [path.read_bytes() for path in sorted((packaged().folder / "lenses").glob("*.ttl"))]
    if name == "networks":
        return [b'{"directed": true, "nodes": [], "edges": []}', b"<graphml><graph edgedefault='directed'/></graphml>"]
    return [b"lower back pain", b"pain:sciatica", b"every risk factor"]


def mutated(random: Random, pool: list[bytes]) -> bytes:
    """Return one input made from two of the pool by cuts, splices and flips."""
    data = bytearray(random.choice(pool))
    for _ in range(random.randrange(1, 6)):
        place = random.randrange(len(data) + 1)
        match random.randrange(4):
            case 0:
                data[place:place] = random.randbytes(random.randrange(1, 4))
            case 1:
                del data[place : place + random.randrange(1, 12)]
            case 2:
                other = random.choice(pool)
                start = random.randrange(len(other) + 1)
                data[place:place] = other[start : start + random.randrange(1, 40)]
            case _:
                if place < len(data):
                    data[place] = random.randrange(256)
    return bytes(data[:4000])


if __name__ == "__main__":
    main()

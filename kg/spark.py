"""The analysis of `kg.analysis` on Apache Spark: the same answers, on graphs of more than one machine's memory.

All work is done by DataFrames, so that workers need Java alone and no Python. Breadth-first sweeps go level by level: a small
frontier is sent to where the edges are, a large one is joined. Best paths are searched in memory, but only among the edges that
lie on some way of the length that is being looked at; there are as many as such ways have. Connected parts are found by
alternating stars.

References
----------
R. Kiveris, S. Lattanzi, V. Mirrokni, V. Rastogi, S. Vassilvitskii, Connected components in MapReduce and beyond, SoCC 2014,
doi:10.1145/2670979.2670997.
"""

from __future__ import annotations

import os
import shutil
import time
from math import inf
from typing import TYPE_CHECKING

from kg.analysis import MASS, Analysis, ranked, shares
from kg.errors import InputError, KGError, UnknownTermError
from kg.parquet import EDGES, NODES, check_tables

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import DataFrame, SparkSession

    from kg.search import FoundPath

__all__ = ["SparkAnalysis", "session"]

_BROADCAST = 200_000
"""A frontier of up to so many rows is sent to all workers; a larger one is joined by shuffling."""

_KEPT = 8
"""So many sweeps are kept for further questions about the same nodes."""

_PATIENCE = 60.0

_MOST_EDGES = 5_000_000
"""So many edges on ways of one length are searched in memory; with more, `max_length` has to be lower."""


def session(master: str | None = None, *, memory: str = "2g") -> SparkSession:
    """Return a Spark session.

    Parameters
    ----------
    master
        Such as ``spark://host:7077``; None for as many threads of this machine as it has cores.
    memory
        For the driver, where it is started here. What an executor has is said by Spark's own configuration
        (``spark.executor.memory``, 1 GiB unless set).

    Returns
    -------
    pyspark.sql.SparkSession
        Without its web page.

    Raises
    ------
    InputError
        If PySpark or Java is not installed.
    KGError
        If the master does not answer.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError("engine spark needs PySpark; install painpath[spark]") from error
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        raise InputError("engine spark needs Java 17 or newer; install a JRE, or set JAVA_HOME")
    where = master or "local[*]"
    builder = (
        SparkSession.builder
        .master(where)
        .appName("painpath")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.memory", memory)
        .config("spark.log.level", "ERROR")
    )
    if master is None or "127.0.0.1" in master:
        # Else Spark takes a network card for what never leaves this machine, and says so at length.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    try:
        started = builder.getOrCreate()
    except Exception as error:  # what Java throws comes as it pleases
        raise KGError(f"cannot start Spark on {where}: {_first_line(error)}; is the master up?") from error
    if master is not None:
        _wait_for_workers(started, where)
    # Hundreds of shuffle partitions, as Spark has by itself, would cost more than the work on a small cluster.
    started.conf.set("spark.sql.shuffle.partitions", str(max(4, 2 * started.sparkContext.defaultParallelism)))
    return started


def _wait_for_workers(started: SparkSession, where: str) -> None:
    """Wait until an executor has come, since Spark itself would wait for one without end and without a word."""
    ends = time.monotonic() + _PATIENCE
    # The driver is in the list too.
    while started.sparkContext._jsc.sc().getExecutorMemoryStatus().size() < 2:
        if time.monotonic() > ends:
            started.stop()
            raise KGError(
                f"no worker of {where} has taken the work in {_PATIENCE:.0f} s; are there workers, with as much memory as "
                "spark.executor.memory asks for?"
            )
        time.sleep(0.1)


class SparkAnalysis(Analysis):
    """The graph in a folder of tables, on Spark.

    Parameters
    ----------
    folder
        As `kg.parquet` writes it; the workers must see it under the same path.
    master
        Of Spark; None for this machine alone.
    structure
        Whether the edges without a sign are taken; else those that have one and are asserted.
    spark
        A session to use instead of a new one; it is not stopped at the end.
    """

    def __init__(
        self, folder: Path, *, master: str | None = None, structure: bool = False, spark: SparkSession | None = None
    ) -> None:
        check_tables(folder)
        self._own = spark is None
        self._spark = spark or session(master)
        from pyspark.sql import functions as f

        where = str(folder.resolve())
        self._nodes = self._spark.read.parquet(f"{where}/{NODES}").select("id", "name").persist()
        edges = self._spark.read.parquet(f"{where}/{EDGES}").where("asserted")
        edges = edges.where("sign = 0" if structure else "sign <> 0")
        sign = f.lit(1) if structure else f.col("sign")
        # As `kg.indexed` has it: parallel edges of one sign are one step.
        self._edges = edges.select("tail", "head", (sign < 0).cast("int").alias("minus")).distinct().persist()
        self._kept: dict[tuple[str, bool], DataFrame] = {}
        self._count: int = self._nodes.count()

    def close(self) -> None:
        """Let go of the tables, and of the session where it was made here."""
        self._edges.unpersist()
        self._nodes.unpersist()
        if self._own:
            self._spark.stop()

    def reachable(self, node: str) -> dict[str, int]:  # noqa: D102
        return self._named(self.distances(node))

    def reaching(self, node: str) -> dict[str, int]:  # noqa: D102
        return self._named(self.distances(node, backward=True))

    def distances(self, node: str, *, backward: bool = False) -> DataFrame:
        """Return the fewest steps from a node, or to it, as a table that stays on the cluster.

        Parameters
        ----------
        node
            Of the graph.
        backward
            Whether steps to the node are meant.

        Returns
        -------
        pyspark.sql.DataFrame
            ``id`` and ``distance``, from 0 for the node itself.
        """
        if (node, backward) not in self._kept:
            here, there = ("head", "tail") if backward else ("tail", "head")
            steps = self._edges.selectExpr(f"{here} AS here", f"{there} AS there")
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[node, backward] = self._swept(steps, self._number(node))
        return self._kept[node, backward]

    def signed_reachable(self, node: str) -> dict[tuple[str, int], int]:  # noqa: D102
        # Node v with sign 1 is 2v, with -1 is 2v + 1; a step leads from each of a node's two.
        steps = (
            self._edges
            .selectExpr(
                "explode(array(struct(2 * tail AS here, 2 * head + minus AS there), "
                "struct(2 * tail + 1 AS here, 2 * head + 1 - minus AS there))) AS step"
            )
            .select("step.here", "step.there")
            .persist()
        )
        found = self._swept(steps, 2 * self._number(node)).where("distance > 0")
        rows = (
            found
            .selectExpr("id DIV 2 AS id", "id % 2 AS minus", "distance")
            .join(self._nodes, "id")
            .orderBy("distance", "id", "minus")
            .select("name", "minus", "distance")
            .collect()
        )
        return {(row[0], -1 if row[1] else 1): row[2] for row in rows}

    def best_paths(  # noqa: D102
        self, source: str, target: str, *, k: int = 1, sign: int | None = None, max_length: int | None = None
    ) -> list[FoundPath[str]]:
        from kg.indexed import path_index_from_arrays
        from kg.search import FoundPath, best_paths

        start, end = self._number(source), self._number(target)
        if start == end:
            raise InputError(f"a path needs two ends, and both are {source}")
        ahead = self.distances(source).selectExpr("id AS tail", "distance AS before")
        behind = self.distances(target, backward=True).selectExpr("id AS head", "distance AS after")
        # The steps that lie on some walk from the one to the other, each with the length of the shortest such walk.
        on_way = (
            self._edges
            .join(ahead, "tail")
            .join(behind, "head")
            .selectExpr("tail", "head", "minus", "before + 1 + after AS length")
            .persist()
        )
        lengths = sorted((row[0], row[1]) for row in on_way.groupBy("length").count().collect())
        found: list[FoundPath[int]] = []
        for place, (length, _) in enumerate(lengths):
            most = lengths[place + 1][0] - 1 if place + 1 < len(lengths) else inf
            bound = min(most, inf if max_length is None else max_length)
            if length > (max_length or inf):
                break
            if sum(count for _, count in lengths[: place + 1]) > _MOST_EDGES:
                raise KGError(
                    f"more than {_MOST_EDGES:,} steps lie on ways of up to {length} steps; give a lower max_length"
                )
            rows = on_way.where(f"length <= {length}").select("tail", "head", "minus").collect()
            numbers = sorted({row[0] for row in rows} | {row[1] for row in rows})
            places = {number: place for place, number in enumerate(numbers)}
            index = path_index_from_arrays(
                len(numbers),
                [places[row[0]] for row in rows],
                [places[row[1]] for row in rows],
                signs=[1 - 2 * row[2] for row in rows],
            )
            # Every path of at most `bound` steps is made of these.
            found = [
                path._replace(nodes=tuple(numbers[number] for number in path.nodes))
                for path in best_paths(
                    index,
                    [places[start]],
                    [places[end]],
                    k=k,
                    sign=sign,
                    max_length=None if bound == inf else int(bound),
                )
            ]
            if len(found) >= k:
                break
        on_way.unpersist()
        names = self._names({number for path in found for number in path.nodes})
        return [FoundPath(tuple(names[number] for number in path.nodes), path.signs, path.weight) for path in found]

    def connected_parts(self) -> list[tuple[str, ...]]:  # noqa: D102
        from pyspark.sql import functions as f

        rows = (
            self
            .parts()
            .join(self._nodes, "id")
            .groupBy("part")
            .agg(f.count("*").alias("size"), f.sort_array(f.collect_list(f.struct("id", "name"))).alias("members"))
        )
        return [
            tuple(member["name"] for member in row["members"]) for row in rows.orderBy(f.desc("size"), "part").collect()
        ]

    def parts(self) -> DataFrame:
        """Return the part of each node as a table that stays on the cluster: ``id``, and in ``part`` its least id."""
        from pyspark.sql import functions as f

        pairs = (
            self._edges
            .where("tail <> head")
            .selectExpr("greatest(tail, head) AS u", "least(tail, head) AS v")
            .distinct()
            .localCheckpoint()
        )
        before = None
        while True:
            both = pairs.union(pairs.selectExpr("v AS u", "u AS v"))
            least = both.groupBy("u").agg(f.least(f.col("u"), f.min("v")).alias("m"))
            large = both.join(least, "u").where("v > u").selectExpr("v AS u", "m AS v").where("u <> v").distinct()
            least = large.groupBy("u").agg(f.min("v").alias("m"))
            small = large.join(least, "u").where("v <> m").selectExpr("v AS u", "m AS v")
            pairs = small.union(least.selectExpr("u", "m AS v")).distinct().localCheckpoint(eager=False)
            row = pairs.agg(f.count("*"), f.sum("u"), f.sum("v")).first()
            now = tuple(row) if row is not None else ()
            if now == before:
                break
            before = now
        return (
            self._nodes
            .select("id")
            .join(pairs.selectExpr("u AS id", "v AS root"), "id", "left")
            .selectExpr("id", "coalesce(root, id) AS part")
        )

    def pagerank(self, *, damping: float = 0.85, steps: int = 50) -> dict[str, float]:  # noqa: D102
        rows = self.ranks(damping=damping, steps=steps).join(self._nodes, "id").select("id", "name", "rank").collect()
        rows.sort(key=lambda row: row[0])
        return ranked([row[1] for row in rows], [row[2] for row in rows])

    def ranks(self, *, damping: float = 0.85, steps: int = 50) -> DataFrame:
        """Return the PageRank of each node as a table that stays on the cluster.

        Parameters
        ----------
        damping, steps
            As in `pagerank`.

        Returns
        -------
        pyspark.sql.DataFrame
            ``id`` and ``rank``, a whole number; all ranks add up to `kg.analysis.MASS`, less what rounding takes.
        """
        from pyspark.sql import functions as f

        kept, base = shares(damping, max(self._count, 1))
        pairs = self._edges.select("tail", "head").distinct()
        degrees = pairs.groupBy("tail").agg(f.count("*").alias("degree"))
        # Both sides of the join that is made at each step lie on the same machines, so that only sums travel.
        links = pairs.join(degrees, "tail").repartition("tail").persist()
        nodes = self._nodes.select("id").join(degrees.withColumnRenamed("tail", "id"), "id", "left")
        nodes = nodes.fillna(0, "degree").repartition("id").persist()
        rank = nodes.selectExpr("id", "degree", f"{MASS // max(self._count, 1)}L AS rank")
        for _ in range(steps):
            row = rank.where("degree = 0").agg(f.sum("rank")).first()
            # In Python, where whole numbers do not overflow.
            lost = (row[0] or 0 if row is not None else 0) * kept // (1000 * self._count)
            given = (
                links
                .join(rank.selectExpr("id AS tail", "rank"), "tail")
                .selectExpr("head AS id", f"rank * {kept}L DIV (1000L * degree) AS given")
                .groupBy("id")
                .agg(f.sum("given").alias("given"))
            )
            rank = (
                nodes
                .join(given, "id", "left")
                .selectExpr("id", "degree", f"{base + lost}L + coalesce(given, 0L) AS rank")
                .localCheckpoint()
            )
        return rank.select("id", "rank")

    def _swept(self, steps: DataFrame, origin: int) -> DataFrame:
        """Return each number that some steps lead to from one, with the fewest steps."""
        from pyspark.sql import functions as f

        # Edges that are at hand already are not kept a second time.
        rim = self._spark.createDataFrame([(origin,)], "id LONG")
        seen = rim.selectExpr("id", "0 AS distance")
        distance, size = 0, 1
        while size:
            distance += 1
            small = f.broadcast(rim) if size <= _BROADCAST else rim
            met = steps.join(small.selectExpr("id AS here"), "here").selectExpr("there AS id").distinct()
            # The count fills the checkpoint: one job and not two.
            rim = met.join(seen, "id", "left_anti").localCheckpoint(eager=False)
            size = rim.count()
            seen = seen.union(rim.selectExpr("id", f"{distance} AS distance"))
            if distance % 10 == 0:
                seen = seen.localCheckpoint()
        return seen.localCheckpoint()

    def _number(self, name: str) -> int:
        from pyspark.sql import functions as f

        row = self._nodes.where(f.col("name") == name).select("id").first()
        if row is None:
            raise UnknownTermError(name)
        return int(row[0])

    def _names(self, numbers: set[int]) -> dict[int, str]:
        from pyspark.sql import functions as f

        rows = self._nodes.where(f.col("id").isin(sorted(numbers))).collect() if numbers else []
        return {row["id"]: row["name"] for row in rows}

    def _named(self, found: DataFrame) -> dict[str, int]:
        rows = found.where("distance > 0").join(self._nodes, "id").orderBy("distance", "id").select("name", "distance")
        return {row[0]: row[1] for row in rows.collect()}


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)

"""A graph as two Parquet tables, for engines that hold more than one machine's memory.

``nodes/``: ``id`` (int64, from 0, in the order of the names), ``name`` (CURIE), ``label``.
``edges/``: ``tail``, ``head`` (int64), ``sign`` (int8), ``asserted`` (bool), ``key``, ``predicate``. A large table may be
written as several files by other programs; all in the folder are read.

Needs pyarrow, which comes with ``painpath[spark]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]

__all__ = ["EDGES", "NODES", "parquet_files", "read_arrays", "tables", "write_arrays", "write_network"]

NODES, EDGES = "nodes", "edges"
_NEEDS = "this needs pyarrow; install painpath[spark]"


def tables(network: nx.MultiDiGraph[str]) -> dict[str, pa.Table]:
    """Return the tables of nodes and edges of a network, by name.

    Parameters
    ----------
    network
        With a ``sign`` on its edges.

    Returns
    -------
    dict
        Under `NODES` and `EDGES`, as the module lists them; edges in the order of tail, head and key.

    Raises
    ------
    InputError
        If pyarrow is not installed.
    """
    try:
        import pyarrow as pa
    except ImportError as error:
        raise InputError(_NEEDS) from error

    names = sorted(network)
    number = {name: place for place, name in enumerate(names)}
    edges = sorted(
        ((number[tail], number[head], str(key), edge) for tail, head, key, edge in network.edges(keys=True, data=True)),
        key=lambda row: row[:3],
    )
    return {
        NODES: pa.table({
            "id": pa.array(range(len(names)), pa.int64()),
            "name": pa.array(names, pa.string()),
            "label": pa.array([str(network.nodes[name].get("label") or name) for name in names], pa.string()),
        }),
        EDGES: pa.table({
            "tail": pa.array([row[0] for row in edges], pa.int64()),
            "head": pa.array([row[1] for row in edges], pa.int64()),
            "sign": pa.array([int(row[3].get("sign", 0)) for row in edges], pa.int8()),
            "asserted": pa.array([bool(row[3].get("asserted", True)) for row in edges], pa.bool_()),
            "key": pa.array([row[2] for row in edges], pa.string()),
            "predicate": pa.array([str(row[3].get("predicate", "")) for row in edges], pa.string()),
        }),
    }


def parquet_files(network: nx.MultiDiGraph[str]) -> dict[str, bytes]:
    """Return the tables of a network as files.

    Parameters
    ----------
    network
        With a ``sign`` on its edges.

    Returns
    -------
    dict
        Path below the folder of the tables, and content.

    Raises
    ------
    InputError
        If pyarrow is not installed.
    """
    made = tables(network)
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = {}
    for name, table in made.items():
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink)
        files[f"{name}/part-0.parquet"] = sink.getvalue().to_pybytes()
    return files


def write_network(network: nx.MultiDiGraph[str], folder: Path) -> None:
    """Write the tables of a network into a folder; as `parquet_files` gives them.

    Parameters
    ----------
    network
        With a ``sign`` on its edges.
    folder
        Made where there is none; tables of the same names in it are replaced.

    Raises
    ------
    InputError
        If pyarrow is not installed, or the folder cannot be written.
    """
    _write(tables(network), folder)


def write_arrays(count: int, tails: Ints, heads: Ints, signs: Ints, folder: Path) -> None:
    """Write the tables of a graph on the nodes 0 to `count` - 1, named by their numbers.

    Parameters
    ----------
    count
        How many nodes.
    tails, heads, signs
        Where each edge leaves and enters, and its sign.
    folder
        Made where there is none.

    Raises
    ------
    InputError
        If pyarrow is not installed, or the folder cannot be written.
    """
    try:
        import pyarrow as pa
    except ImportError as error:
        raise InputError(_NEEDS) from error
    import numpy as np

    # Zeros before the number, so that the order of the names is that of the numbers.
    names = [f"n{number:09}" for number in range(count)]
    edges = pa.table({
        "tail": pa.array(tails, pa.int64()),
        "head": pa.array(heads, pa.int64()),
        "sign": pa.array(signs, pa.int8()),
        "asserted": pa.array(np.ones(len(tails), dtype=bool)),
    })
    _write(
        {NODES: pa.table({"id": pa.array(range(count), pa.int64()), "name": names, "label": names}), EDGES: edges},
        folder,
    )


def read_arrays(folder: Path, *, structure: bool = False) -> tuple[list[str], Ints, Ints, Ints]:
    """Return the graph in a folder of tables as arrays.

    Parameters
    ----------
    folder
        As `write_network` makes it.
    structure
        Whether the edges without a sign are taken, as if their sign were 1; else the asserted ones that have one.

    Returns
    -------
    tuple
        Names of the nodes, and tails, heads and signs of the edges.

    Raises
    ------
    InputError
        If pyarrow is not installed, or there are no such tables.
    """
    try:
        import pyarrow.compute as pc
        import pyarrow.parquet as pq
    except ImportError as error:
        raise InputError(_NEEDS) from error
    check_tables(folder)
    nodes = pq.read_table(folder / NODES, columns=["id", "name"]).sort_by("id")
    edges = pq.read_table(folder / EDGES, columns=["tail", "head", "sign", "asserted"])
    signed = pc.not_equal(edges["sign"], 0)
    edges = edges.filter(pc.and_(pc.invert(signed) if structure else signed, edges["asserted"]))
    tails, heads, signs = (edges[name].to_numpy().astype("int64") for name in ("tail", "head", "sign"))
    return nodes["name"].to_pylist(), tails, heads, signs + 1 if structure else signs


def check_tables(folder: Path) -> None:
    """Raise InputError unless a folder has the tables of a graph."""
    for name in (NODES, EDGES):
        if not (folder / name).exists():
            raise InputError(f"{folder} has no table {name}; make it with kg export --format parquet -o {folder}")


def _write(made: dict[str, pa.Table], folder: Path) -> None:
    import pyarrow.parquet as pq

    try:
        for name, table in made.items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            for old in (folder / name).glob("*.parquet"):
                old.unlink()
            pq.write_table(table, folder / name / "part-0.parquet", row_group_size=1 << 20)
    except OSError as error:
        raise InputError(f"cannot write the tables in {folder}: {error.strerror or error}") from error

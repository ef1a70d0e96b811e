"""A picture of an answer: the terms in it and what the graph says between them, drawn as every other page is."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.answers import answer_network
from kg.drawing import draw
from kg.errors import InputError
from kg.results import Solutions, Triples
from kg.server.bars import bars, numbers

if TYPE_CHECKING:
    from kg.anygraph import AnyGraph

__all__ = ["drawable", "picture"]

_MOST = 1000
_TITLE = "Picture of the answer"


def drawable(answer: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> Solutions | Triples:
    """Return the first part of an answer, as much as can be drawn.

    Raises
    ------
    InputError
        If it is a yes or no.
    """
    match answer:
        case ox.QueryBoolean():
            raise InputError("a yes or no has no picture; ask a SELECT or a CONSTRUCT query")
        case ox.QueryTriples():
            return Triples(tuple(islice(answer, _MOST)))
        case _:
            names = tuple(variable.value for variable in answer.variables)
            return Solutions(names, tuple(tuple(row) for row in islice(answer, _MOST)))


def picture(graph: AnyGraph, found: Solutions | Triples) -> str:
    """Return an HTML page that draws an answer.

    What `kg.answers` finds in it is drawn; rows that speak of no term but hold numbers become bars.

    Parameters
    ----------
    graph
        What was asked.
    found
        What it answered, as `drawable` gives it.

    Raises
    ------
    InputError
        If there is nothing to draw.
    """
    cut = f"The first {_MOST} of the answer." if len(found) == _MOST else ""
    try:
        part = answer_network(found, graph.shared_network)
    except InputError:
        if isinstance(found, Triples) or not len(found):
            raise
        return bars(_TITLE, *numbers(found.variables, found.rows))
    return draw(part, title=_TITLE, intro=cut).html

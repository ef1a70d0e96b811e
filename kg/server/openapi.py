"""The OpenAPI description of the server, made from the same parameters that it takes.

References
----------
OpenAPI Specification 3.1.1, https://spec.openapis.org/oas/v3.1.1
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kg.server.formats import GRAPH_FORMATS, ROW_FORMATS

__all__ = ["PATHS", "PLAN", "Parameter", "document"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address."""

    name: str
    meaning: str
    required: bool = False
    many: bool = False
    """Whether it may be given more than once."""
    values: tuple[str, ...] = ()
    """What it may be; empty for anything."""
    most: int | None = None
    """The largest number it may be; None where it is no number."""
    example: str = ""

    def schema(self) -> dict[str, Any]:
        """Return the parameter as OpenAPI has it."""
        one: dict[str, Any] = {"type": "string", "minLength": 1}
        if self.values:
            one = {"type": "string", "enum": list(self.values)}
        elif self.most is not None:
            one = {"type": "integer", "minimum": 1, "maximum": self.most}
        schema = {"type": "array", "items": one, "minItems": 1 if self.required else 0} if self.many else one
        return {
            "name": self.name,
            "in": "query",
            "required": self.required,
            "description": self.meaning,
            "schema": schema,
            **({"example": [self.example] if self.many else self.example} if self.example else {}),
        }


_STANDINGS = ("disputed", "unreviewed", "mixed", "supported")
_TERM = "a term as people say it, a CURIE or an IRI"
PATHS = (
    Parameter(
        "from", f"where paths begin: {_TERM}, or a class", required=True, many=True, example="sedentary lifestyle"
    ),
    Parameter("to", f"where paths end: {_TERM}, or a class", required=True, many=True, example="lower back pain"),
    Parameter("k", "at most so many paths; 10 unless given", most=1000),
    Parameter("sign", "what more of the first makes of the last", values=("any", "increases", "decreases")),
    Parameter("rank", "the order: the strongest weakest step first, or the shortest", values=("standing", "length")),
    Parameter("max_length", "at most so many steps", most=50),
    Parameter("min_standing", "only claims of this standing or better", values=_STANDINGS),
    Parameter("min_certainty", "only claims of this certainty or better", values=("possible", "likely", "stated")),
    Parameter("through", f"a path must pass it: {_TERM}, or a class", many=True),
    Parameter("avoiding", f"a path may not touch it: {_TERM}, or a class", many=True),
)
"""What ``/paths`` takes."""

PLAN = (
    Parameter(
        "factor", f"what increases the outcome: {_TERM}, or a class", required=True, many=True, example="obesity"
    ),
    Parameter("outcome", f"what is to be kept low: {_TERM}", required=True, example="lower back pain"),
    Parameter("avoid", "a strategy that is not to be used, nor its kinds", many=True),
    Parameter("only", "a strategy to choose from, with its kinds", many=True),
    Parameter("min_standing", "rely on claims of this standing or better only", values=_STANDINGS),
    Parameter("limit", "at most so many sets; 10 unless given", most=100),
)
"""What ``/plan`` takes."""

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {"type": "string", "description": "what is wrong, and what to do"},
        "line": {"type": "integer", "description": "in the query, from 1"},
        "column": {"type": "integer", "description": "in the query, from 1"},
    },
}
_STRINGS = {"type": "array", "items": {"type": "string"}}
_STEP = {
    "type": "object",
    "required": ["subject", "object", "sign", "claims", "opposing", "standing"],
    "properties": {
        "subject": {"type": "string"},
        "object": {"type": "string"},
        "sign": {"enum": [1, -1]},
        "claims": {"type": "array", "items": {"type": "object"}, "minItems": 1},
        "opposing": {"type": "array", "items": {"type": "object"}},
        "standing": {"type": "string"},
    },
}
_PATH = {
    "type": "object",
    "required": ["sign", "weakest", "nodes", "steps"],
    "properties": {
        "sign": {"enum": [1, -1]},
        "weakest": {"type": "string"},
        "nodes": {**_STRINGS, "minItems": 2},
        "steps": {"type": "array", "items": _STEP, "minItems": 1},
    },
}
_PATHS_ANSWER = {
    "type": "object",
    "required": ["sources", "targets", "rank", "complete", "cut", "paths", "labels", "documents"],
    "properties": {
        "sources": _STRINGS,
        "targets": _STRINGS,
        "rank": {"enum": ["standing", "length"]},
        "complete": {"type": "boolean", "description": "whether there are no more paths"},
        "cut": {"type": ["string", "null"]},
        "paths": {"type": "array", "items": _PATH},
        "absence": {"type": "object", "description": "why there is no path"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "documents": {"type": "object"},
    },
}
_PLAN_ANSWER = {
    "type": "object",
    "required": ["factors", "outcome", "sets", "complete", "proof", "easing"],
    "properties": {
        "factors": _STRINGS,
        "outcome": {"type": "string"},
        "sets": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["measures", "standing"],
                "properties": {"measures": {"type": "array"}, "standing": {"type": "string"}},
            },
        },
        "complete": {"type": "boolean", "description": "whether these are all the least sets"},
        "proof": {"type": "object"},
        "easing": {"type": "array"},
    },
}
_GRAPH_URIS = [
    Parameter("default-graph-uri", "a graph to ask in place of all", many=True).schema(),
    Parameter("named-graph-uri", "a graph that GRAPH may name", many=True).schema(),
]


def document() -> dict[str, Any]:
    """Return the description, as JSON has it."""
    types: dict[str, Any] = {
        media: {} for formats in (ROW_FORMATS, GRAPH_FORMATS) for names in formats.values() for media in names[:1]
    }
    answer = {"200": {"description": "the answer, in the format that the Accept header prefers", "content": types}}
    sparql = {**answer, **_errors(400, 403, 406, 408, 413, 415, 503)}
    query = Parameter(
        "query", "SPARQL 1.1; without it the service describes itself", example="ASK { ?s ?p ?o }"
    ).schema()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "painpath",
            "version": "1",
            "description": "A knowledge graph of lower-back and hip pain. It informs; it is no medical advice.",
        },
        "paths": {
            "/sparql": {
                "get": {"summary": "ask a query", "parameters": [query, *_GRAPH_URIS], "responses": sparql},
                "post": {
                    "summary": "ask a query",
                    "parameters": _GRAPH_URIS,
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/sparql-query": {"schema": {"type": "string"}},
                            "application/x-www-form-urlencoded": {
                                "schema": {
                                    "type": "object",
                                    "required": ["query"],
                                    "properties": {"query": {"type": "string"}},
                                }
                            },
                        },
                    },
                    "responses": sparql,
                },
            },
            "/paths": _get("ranked causal paths from some terms to others, with their evidence", PATHS, _PATHS_ANSWER),
            "/plan": _get("the smallest sets of strategies that block every way to an outcome", PLAN, _PLAN_ANSWER),
        },
    }


def _get(summary: str, parameters: tuple[Parameter, ...], schema: dict[str, Any]) -> dict[str, Any]:
    answer = {"200": {"description": "the answer", "content": {"application/json": {"schema": schema}}}}
    return {
        "get": {
            "summary": summary,
            "parameters": [parameter.schema() for parameter in parameters],
            "responses": {**answer, **_errors(400, 404, 413, 503)},
        }
    }


def _errors(*statuses: int) -> dict[str, Any]:
    meanings = {
        400: "the request cannot be understood, or is refused",
        403: "it would change something",
        404: "no such term",
        406: "none of the formats that the Accept header names",
        408: "the body came too slowly",
        413: "the request or its answer is too large",
        415: "a body of that kind is not read",
        503: "it took too long, or there is too much to do",
    }
    content = {"application/json": {"schema": _ERROR}}
    return {str(status): {"description": meanings[status], "content": content} for status in statuses}

"""Questions to a SPARQL 1.1 endpoint, over HTTP as it is in the wild: busy, cut short, behind a password, or no endpoint at all.

Who asks is said by the environment or a netrc file, never by an argument that others can see in the list of processes:
``KG_ENDPOINT_TOKEN`` (bearer), or ``KG_ENDPOINT_USER`` and ``KG_ENDPOINT_PASSWORD`` (basic), else the host's entry in
``~/.netrc`` or the file that ``NETRC`` names. Neither goes over plain HTTP to another machine.

References
----------
W3C, SPARQL 1.1 Protocol (2013), section 2.1.2, query via POST with URL-encoded parameters,
https://www.w3.org/TR/sparql11-protocol/#query-via-post-urlencoded
RFC 9110, HTTP Semantics (2022), section 10.2.3, Retry-After.
"""

from __future__ import annotations

import os
import re
import time
from base64 import b64encode
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPException, IncompleteRead
from ipaddress import ip_address
from typing import TYPE_CHECKING, TypeAlias
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pyoxigraph as ox

from kg.errors import InputError, KGError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

    from kg.results import Term

    Row: TypeAlias = tuple[Term | None, ...]

__all__ = ["Endpoint", "EndpointError", "Rows", "TruncatedError"]

_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
_TRIPLES = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_RESULT_TYPES = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
}
_RDF_TYPES = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,  # what N-Triples were served as before they had a type of their own
    "text/turtle": ox.RdfFormat.TURTLE,
    "text/rdf+n3": ox.RdfFormat.N3,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_VIRTUOSO_ASK = "__ASK_RETVAL"
"""In JSON, Virtuoso 7 answers yes or no by one row with this column."""

_VIRTUOSO_BLANK = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*"|<bnode>)nodeID://')
"""Virtuoso writes blank nodes as IRIs of a scheme of its own."""

_BUSY = {429, 502, 503, 504}
_LONGEST_WAIT = 60.0
_CHUNK = 1 << 16
_QUOTED = 200
"""So many characters of a server's own words are passed on."""


class EndpointError(KGError, ConnectionError):
    """An endpoint that is not there, does not answer, or answers with something else; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that an endpoint gave."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    cut: str | None = None
    """What the server says of having cut the answer short; None where it says nothing."""


class TruncatedError(EndpointError):
    """An answer that the server cut short, and that could not be had whole."""


class _NoRedirect(HTTPRedirectHandler):
    """A query that is sent on would lose its body or tell a stranger a password; the user is told instead."""

    def redirect_request(  # as its base says
        self, req: Request, fp: object, code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        raise EndpointError(f"{_shown(req.full_url)} has moved; give --endpoint {_shown(newurl)}")


@dataclass(slots=True)
class Endpoint:
    """A SPARQL endpoint; queries are sent to it one after the other."""

    url: str
    timeout: float = 60.0
    """Seconds that one request may take from beginning to end."""
    tries: int = 5
    """How often a request is sent while the server is busy or hangs up."""
    pause: float = 1.0
    """Seconds before the second try, doubled each time, where the server does not say."""
    graphs: tuple[str, ...] = ()
    """IRIs of the graphs whose union is asked; empty for what the server takes by itself."""
    requests: int = field(default=0, init=False)
    """How many requests have been sent."""
    received: int = field(default=0, init=False)
    """How many bytes of answers have come."""
    _proven: int = field(default=0, init=False, repr=False)
    _headers: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InputError(f"{self.url!r} is no endpoint; expected a URL such as https://example.org/sparql")
        if "@" in parts.netloc:
            raise InputError(
                "a password in the URL can be seen by others; set KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD instead"
            )
        login = _login(parts.hostname)
        if login and parts.scheme == "http" and not _is_this_machine(parts.hostname):
            raise InputError(f"a password would go to {parts.hostname} unencrypted; give the https:// form of the URL")
        self._headers = {"User-Agent": "painpath", **({"Authorization": login} if login else {})}

    @property
    def name(self) -> str:
        """The URL without what may be secret in it."""
        return _shown(self.url)

    def select(self, query: str) -> Rows:
        """Return the rows of a SELECT query, as they come.

        Parameters
        ----------
        query
            With all its prefixes.

        Returns
        -------
        Rows
            In the server's order. That they are all is not known; see `kg.paging.all_rows`.

        Raises
        ------
        EndpointError
            If the endpoint gives no rows.
        InputError
            If it refuses the query.
        """
        answer, cut = self._results(query)
        if not isinstance(answer, ox.QuerySolutions):
            raise EndpointError(f"{self.name} answered yes or no where rows were asked for")
        names = tuple(variable.value for variable in answer.variables)
        try:
            rows = tuple(tuple(solution[name] for name in names) for solution in answer)
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(error) from error
        return Rows(names, rows, cut)

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query; raises as `select` does."""
        answer, _ = self._results(query)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        if [variable.value for variable in answer.variables] == [_VIRTUOSO_ASK]:
            return any(isinstance(row[0], ox.Literal) and row[0].value == "1" for row in answer)
        raise EndpointError(f"{self.name} answered with rows where yes or no was asked for")

    def triples(self, query: str) -> tuple[ox.Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, in the server's order; raises as `select` does."""
        body, headers = self._send(query, _TRIPLES)
        kind = headers.get_content_type()
        if kind not in _RDF_TYPES:
            raise self._wrong_type(kind, body, "triples")
        try:
            return tuple(quad.triple for quad in ox.parse(body, format=_RDF_TYPES[kind]))
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(error) from error

    def count(self, where: str) -> int:
        """Return how many rows a group of patterns has.

        Parameters
        ----------
        where
            What stands between the braces of ``SELECT * { ... }``, with full IRIs.

        Returns
        -------
        int
            As the server counts them.
        """
        found = self.select(f"SELECT (COUNT(*) AS ?n) {{ {where} }}")
        term = found.rows[0][0] if found.rows else None
        if not isinstance(term, ox.Literal):
            raise EndpointError(f"{self.name} answered a COUNT without a number")
        return int(term.value)

    def is_surely_whole(self, rows: int) -> bool:
        """Return whether an answer of so many rows is below a size that this server has been seen to give whole."""
        return rows < self._proven

    def proved(self, rows: int) -> None:
        """Note that the server gives answers of so many rows whole."""
        self._proven = max(self._proven, rows)

    def _results(self, query: str) -> tuple[ox.QuerySolutions | ox.QueryBoolean, str | None]:
        body, headers = self._send(query, _ROWS)
        kind = headers.get_content_type()
        if kind not in _RESULT_TYPES:
            raise self._wrong_type(kind, body, "SPARQL results")
        body = _VIRTUOSO_BLANK.sub(rb"\1", body)
        try:
            return ox.parse_query_results(body, format=_RESULT_TYPES[kind]), _said_to_be_cut(headers)
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(error) from error

    def _send(self, query: str, accept: str) -> tuple[bytes, Message]:
        fields = [("query", query), *(("default-graph-uri", graph) for graph in self.graphs)]
        request = Request(
            self.url,
            urlencode(fields).encode("ascii"),
            {**self._headers, "Accept": accept, "Content-Type": "application/x-www-form-urlencoded"},
        )
        pause, trouble = self.pause, ""
        for attempt in range(1, self.tries + 1):
            self.requests += 1
            wait = pause
            try:
                return self._received(request)
            except EndpointError:
                raise
            except HTTPError as error:
                with error:
                    if error.code not in _BUSY:
                        raise self._refused(error) from error
                    trouble = f"is busy (HTTP {error.code})"
                    asked = _retry_after(error.headers)
                if asked is not None and asked > _LONGEST_WAIT:
                    raise EndpointError(
                        f"{self.name} {trouble} and asks to wait {asked:.0f} s; try again then"
                    ) from error
                wait = pause if asked is None else asked
            except TimeoutError as error:
                raise self._slow() from error
            except URLError as error:
                if isinstance(error.reason, TimeoutError):
                    raise self._slow() from error
                if not isinstance(error.reason, ConnectionError) or isinstance(error.reason, ConnectionRefusedError):
                    raise self._unreachable(error.reason) from error
                trouble = f"hung up ({error.reason})"
            except (HTTPException, ConnectionError) as error:
                trouble = (
                    "cut its answer off" if isinstance(error, IncompleteRead) else f"hung up ({error or 'no answer'})"
                )
            if attempt < self.tries:
                time.sleep(wait)
                pause *= 2
        raise EndpointError(f"{self.name} {trouble}, {self.tries} times in a row; try again later")

    def _received(self, request: Request) -> tuple[bytes, Message]:
        ends = time.monotonic() + self.timeout
        with build_opener(_NoRedirect()).open(request, timeout=self.timeout) as answer:
            # The time-out of a socket is for each read: a server that sends a byte now and then would never meet it.
            chunks = []
            while chunk := answer.read1(_CHUNK):
                chunks.append(chunk)
                self.received += len(chunk)
                if time.monotonic() > ends:
                    raise TimeoutError
            # `read1` does not say so where a connection ends before the length that was announced.
            length = answer.headers.get("Content-Length")
            body = b"".join(chunks)
            if length is not None and length.isdigit() and len(body) < int(length):
                raise IncompleteRead(body, int(length) - len(body))
            return body, answer.headers

    def _slow(self) -> EndpointError:
        return EndpointError(
            f"{self.name} gave no whole answer within {self.timeout:g} s; narrow the query or raise --endpoint-timeout"
        )

    def _unreachable(self, reason: object) -> EndpointError:
        return EndpointError(f"cannot reach {self.name}: {reason}; is the endpoint up, and the URL right?")

    def _refused(self, error: HTTPError) -> KGError:
        words = _first_words(_read_some(error))
        said = f": {words}" if words else ""
        if error.code in {401, 403}:
            how = "KG_ENDPOINT_TOKEN, KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, or netrc"
            return EndpointError(f"{self.name} wants a login (HTTP {error.code}), or another one; set {how}")
        if error.code == 404:
            return EndpointError(f"there is nothing at {self.name} (HTTP 404); endpoints often end in /sparql")
        if error.code == 400:
            return InputError(f"{self.name} refuses the query{said}")
        return EndpointError(f"{self.name} fails (HTTP {error.code}){said}")

    def _wrong_type(self, kind: str, body: bytes, wanted: str) -> EndpointError:
        if kind == "text/html" or body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
            return EndpointError(
                f"{self.name} answers with a page of HTML and not with {wanted}; "
                "it is no endpoint, or wants a login: endpoints often end in /sparql"
            )
        return EndpointError(f"{self.name} answers with {kind} and not with {wanted}; is it a SPARQL endpoint?")

    def _unreadable(self, error: Exception) -> EndpointError:
        words = " ".join(str(error).split())[:_QUOTED]
        return EndpointError(f"{self.name} sent an answer that is damaged or cut off ({words}); try again")


def _login(host: str) -> str | None:
    """Return the value of the Authorization header, or None for no login."""
    if token := os.environ.get("KG_ENDPOINT_TOKEN"):
        return f"Bearer {token}"
    user, password = os.environ.get("KG_ENDPOINT_USER"), os.environ.get("KG_ENDPOINT_PASSWORD")
    if user is None:
        import netrc

        try:
            entry = netrc.netrc(os.environ.get("NETRC")).authenticators(host)
        except FileNotFoundError:
            return None
        except (netrc.NetrcParseError, OSError) as error:
            raise InputError(f"cannot read the netrc file: {error}") from error
        if entry is None:
            return None
        user, _, password = entry
    return "Basic " + b64encode(f"{user}:{password or ''}".encode()).decode("ascii")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _retry_after(headers: Mapping[str, str] | Message) -> float | None:
    """Return the seconds that a busy server asks to wait; None where it does not say."""
    value = (headers.get("Retry-After") or "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError):
        return None


def _said_to_be_cut(headers: Message) -> str | None:
    """Return what a server says of having cut its answer; Virtuoso does so in headers of its own."""
    if rows := headers.get("X-SPARQL-MaxRows"):
        return f"at most {rows} rows"
    if headers.get("X-SQL-State") == "S1TAT":
        return "what it found in the time it takes"
    return None


def _read_some(error: HTTPError) -> bytes:
    try:
        return error.read(_CHUNK)
    except (OSError, HTTPException):
        return b""


def _first_words(body: bytes) -> str:
    text = body.decode("utf-8", errors="replace")
    if text.lstrip().startswith("<"):
        return ""
    return " ".join(text.split())[:_QUOTED]


def _shown(url: str) -> str:
    """Return a URL without what may be secret in it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))

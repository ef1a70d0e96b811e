"""The verb that serves: serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.cli.common import add_source_options
from kg.errors import InputError
from kg.limits import memory_size, seconds

if TYPE_CHECKING:
    import argparse

    from kg.cli.common import Verbs

__all__ = ["add_verbs"]

_MOST_PORT = 65535


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the parser."""
    serve = verbs.add_parser("serve", help="a SPARQL 1.1 endpoint that only reads, with pages and pathway answers")
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: %(default)s, this machine only)"
    )
    serve.add_argument("--port", type=int, default=8000, help="0 for any that is free (default: %(default)s)")
    serve.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="a name that the server goes by; * for any"
    )
    serve.add_argument(
        "--cors", action="append", default=[], metavar="ORIGIN", help="an origin whose pages may ask; * for any"
    )
    serve.add_argument("--timeout", default="10", metavar="SECONDS", help="for one query (default: %(default)s)")
    # Another name than that of the option before the verb, which is about this process.
    serve.add_argument(
        "--memory", dest="query_memory", default="512M", metavar="SIZE", help="for one query (default: %(default)s)"
    )
    serve.add_argument("--answer", default="64M", metavar="SIZE", help="for one answer (default: %(default)s)")
    serve.add_argument("--workers", type=int, default=16, metavar="N", help="queries at once (default: %(default)s)")
    add_source_options(serve)
    serve.add_argument("--quiet", action="store_true", help="no line for each request")
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> None:
    if options.workers < 1:
        raise InputError(f"--workers takes a number from 1, and not {options.workers}")
    if not 0 <= options.port <= _MOST_PORT:
        raise InputError(f"--port takes a number from 0 to {_MOST_PORT}, and not {options.port}")
    if options.endpoint is not None:
        raise InputError("kg serve serves a graph that lies here, and --endpoint one that is served already")
    try:
        from kg.server.guard import is_origin
        from kg.server.pool import Settings
        from kg.server.run import Address, serve
    except ModuleNotFoundError as error:
        raise InputError(f"kg serve needs {error.name}; install it with: pip install 'painpath[server]'") from error

    for origin in options.cors:
        if not is_origin(origin):
            raise InputError(f"--cors takes an origin such as https://example.org, or *, and not {origin!r}")
    address = Address(
        host=options.host,
        port=options.port,
        allowed_hosts=tuple(options.allow_host),
        origins=tuple(options.cors),
        log=not options.quiet,
    )
    settings = Settings(
        timeout=seconds(options.timeout),
        memory=memory_size(options.query_memory),
        answer=memory_size(options.answer),
        workers=options.workers,
        store=options.store,
        source={name: getattr(options, name) for name in ("graph", "lens", "graph_format", "with_ours")},
    )
    serve(address, settings)

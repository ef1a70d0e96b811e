"""A graph of one's own: a small folder laid out as ours is, to begin from."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pyoxigraph as ox

from kg.errors import InputError
from kg.files import write_whole
from kg.namespaces import PREFIXES
from kg.turtle import formatted

__all__ = ["new_project"]

_TEMPLATE = Path(__file__).parent / "templates" / "project"
_OWN = re.compile(r"\bown(-claim|-evidence|-source)?:")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def new_project(
    folder: Path, *, prefix: str | None = None, namespace: str | None = None, title: str | None = None
) -> list[Path]:
    """Write a project: schema, terms, sources, one claim, shapes and a query, on which every verb runs.

    Parameters
    ----------
    folder
        That does not exist yet, or is empty.
    prefix
        Of the IRIs of its terms; None for the folder's name.
    namespace
        Where its terms live; None for one below ``https://example.org/``.
    title
        What the graph is called; None for the folder's name.

    Returns
    -------
    list of Path
        The files, in order. The folder appears whole or not at all.

    Raises
    ------
    InputError
        If the folder holds something, can't be written, or the prefix or namespace can't be used.
    """
    chosen = prefix or re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    home = namespace or f"https://example.org/{chosen}/"
    if not _NAME.fullmatch(chosen):
        raise InputError(f"{chosen!r} is no prefix; give lower-case letters and digits with --prefix, such as garden")
    if PREFIXES.get(chosen, home) != home:
        raise InputError(f"the prefix {chosen} stands for {PREFIXES[chosen]}; choose another with --prefix")
    try:
        ox.NamedNode(home)
    except ValueError as error:
        raise InputError(f"{home!r} is no IRI; give --namespace such as https://example.org/garden/") from error
    if not home.startswith(("http://", "https://")) or not home.endswith(("/", "#")):
        raise InputError(
            f"{home} is no namespace; give an IRI that ends in / or #, such as https://example.org/garden/"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is there already; name a folder that is not, or an empty one")
    values = {"{prefix}": chosen, "{namespace}": home, "{folder}": str(folder)}
    values["{title}"] = " ".join((title or folder.resolve().name).split())
    texts = {path.relative_to(_TEMPLATE): _text(path, chosen, values) for path in sorted(_TEMPLATE.rglob("*.*"))}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Made beside its place and put there in one step.
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise InputError(f"cannot make the folder {folder}: {error.strerror or error}") from error
    try:
        made.chmod(0o755)
        for name, text in texts.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(made / name, text)
        made.replace(folder)
    except OSError as error:
        raise InputError(f"cannot make the folder {folder}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return [folder / name for name in texts]


def _text(path: Path, prefix: str, values: dict[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ttl":
        quoted = values | {"{title}": values["{title}"].replace("\\", "\\\\").replace('"', '\\"')}
        for name, value in quoted.items():
            text = text.replace(name, value)
        return formatted(_OWN.sub(rf"{prefix}\1:", text), source=path.name)
    for name, value in values.items():
        text = text.replace(name, value)
    return text

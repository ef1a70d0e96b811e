"""Pages of a site as a reader of their source sees them, and an ontology whose texts try to be more than text."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from kg.ontology import packaged

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HOSTILE", "Parsed", "hostile_ontology", "parsed"]

HOSTILE = '</script><img src=x onerror=alert(1)><svg onload=alert(2)>{{ 7*7 }}<!--\\"><script>alert(3)'
_HOSTILE_TEXT = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')

_ENTITIES = f"""
PREFIX kg: <https://w3id.org/painpath/schema#>
PREFIX pain: <https://w3id.org/painpath/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
<javascript:alert(4)> a kg:Symptom ; skos:prefLabel "{_HOSTILE_TEXT}"@en ; skos:altLabel "{_HOSTILE_TEXT} too"@en ;
  skos:definition "{_HOSTILE_TEXT}"@en ; skos:scopeNote "{_HOSTILE_TEXT}"@en ;
  skos:exactMatch <javascript:alert(5)> .
pain:CON a kg:RedFlag ; skos:prefLabel "{_HOSTILE_TEXT} flag"@en ; skos:definition "x"@en .
pain:con a kg:Cause ; skos:prefLabel "con"@en ; skos:definition ""@en .
<https://w3id.org/painpath/..%2F..%2Fetc> a kg:Cause ; skos:prefLabel "way out"@en ; skos:definition "y"@en .
"""
_CLAIMS = f"""
PREFIX kg: <https://w3id.org/painpath/schema#>
PREFIX pain: <https://w3id.org/painpath/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
<data:text/html,claim> a kg:Claim ; rdf:subject pain:con ; rdf:predicate kg:causes ; rdf:object <javascript:alert(4)> ;
  rdfs:label "{_HOSTILE_TEXT}"@en ; rdfs:comment "{_HOSTILE_TEXT}"@en ; kg:hedge "{_HOSTILE_TEXT}" ;
  kg:certainty kg:Possible ; kg:evidence <urn:x:finding> , <urn:x:sentence> .
<urn:x:self> a kg:Claim ; rdf:subject pain:con ; rdf:predicate kg:causes ; rdf:object pain:con ;
  rdfs:label "con causes con"@en ; kg:certainty kg:Possible ; kg:evidence <urn:x:finding> .
<urn:x:finding> a kg:Evidence , kg:Finding ; kg:verdict kg:Disputes ; dcterms:source <urn:x:paper> ;
  kg:design "{_HOSTILE_TEXT}" ; kg:finding "{_HOSTILE_TEXT}"@en ; kg:certaintyGrade "{_HOSTILE_TEXT}" ;
  kg:indirectness "{_HOSTILE_TEXT}"@en .
<urn:x:sentence> a kg:Evidence , kg:Sentence ; kg:verdict kg:Supports ; dcterms:source <urn:x:paper> ;
  kg:section "{_HOSTILE_TEXT}" ; kg:sentence 1 .
<urn:x:paper> a kg:Publication ; rdfs:label "{_HOSTILE_TEXT}"@en ; kg:doi <javascript:alert(6)> ;
  rdfs:seeAlso <data:text/html,x> .
"""
_QUERY = f"""#+ summary: {HOSTILE}
#+ params:  none
#+ columns: x
#+ row:     {HOSTILE}
SELECT ?x ?label {{ ?x a <https://w3id.org/painpath/schema#Symptom> ;
  <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }}
"""


@dataclass(slots=True)
class Parsed:
    """What a page holds."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """Where its links lead."""
    loads: list[str] = field(default_factory=list)
    """What it would load."""
    tags: dict[str, int] = field(default_factory=dict)
    handlers: list[str] = field(default_factory=list)
    """Attributes that would run a script."""
    scripts: list[tuple[str, str]] = field(default_factory=list)
    """Type and content."""
    styles: list[str] = field(default_factory=list)
    policy: str = ""
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that is read, as one line."""
        return " ".join(" ".join(self.texts).split())

    def data(self) -> str:
        """Return the JSON-LD of the page."""
        (found,) = [text for kind, text in self.scripts if kind == "application/ld+json"]
        return found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Parsed()
        self._inside = ""
        self._kind = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        page = self.page
        page.tags[tag] = page.tags.get(tag, 0) + 1
        page.handlers += [name for name in told if name.startswith("on") or name in {"style", "srcdoc"}]
        if "id" in told:
            page.ids.append(told["id"])
        if tag == "a" and "href" in told:
            page.links.append(told["href"])
        elif tag != "a":
            page.loads += [told[name] for name in ("src", "href") if name in told and told.get("rel") != "canonical"]
        if tag == "meta" and told.get("http-equiv") == "Content-Security-Policy":
            page.policy = told["content"]
        if tag in {"script", "style"}:
            self._inside, self._kind = tag, told.get("type", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.page.scripts.append((self._kind, data))
        elif self._inside == "style":
            self.page.styles.append(data)
        else:
            self.page.texts.append(data)


def parsed(page: bytes) -> Parsed:
    """Return what a page holds."""
    parser = _Parser()
    parser.feed(page.decode("utf-8"))
    parser.close()
    return parser.page


def hostile_ontology(folder: Path) -> Path:
    """Write our ontology into a folder, with entities, claims and a query that try to run a script or leave the site."""
    target = folder / "ontology"
    shutil.copytree(packaged().folder, target)
    (target / "vocabularies" / "zz-hostile.ttl").write_text(_ENTITIES, encoding="utf-8")
    (target / "claims" / "zz-hostile.ttl").write_text(_CLAIMS, encoding="utf-8")
    (target / "queries" / "zz-hostile.rq").write_text(_QUERY, encoding="utf-8")
    return target

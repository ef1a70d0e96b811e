"""IRIs and CURIEs: which prefix stands for which namespace.

The prefixes of the model are fixed here; those of other vocabularies come from the header of ``mappings.sssom.tsv``.
"""

from __future__ import annotations

__all__ = [
    "CLAIM",
    "EVIDENCE",
    "KG",
    "PAIN",
    "PREFIXES",
    "SOURCE",
    "compact",
    "expand",
    "register",
]

PAIN = "https://w3id.org/painpath/"
KG = "https://w3id.org/painpath/schema#"
CLAIM = "https://w3id.org/painpath/claim/"
EVIDENCE = "https://w3id.org/painpath/evidence/"
SOURCE = "https://w3id.org/painpath/source/"

PREFIXES = {
    "kg": KG,
    "pain": PAIN,
    "claim": CLAIM,
    "evidence": EVIDENCE,
    "source": SOURCE,
    "biolink": "https://w3id.org/biolink/vocab/",
    "dcterms": "http://purl.org/dc/terms/",
    "obo": "http://purl.obolibrary.org/obo/",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    # Vocabularies that our terms are mapped to.
    "BCIO": "http://humanbehaviourchange.org/ontology/BCIO_",
    "DOID": "http://purl.obolibrary.org/obo/DOID_",
    "ECTO": "http://purl.obolibrary.org/obo/ECTO_",
    "EFO": "http://www.ebi.ac.uk/efo/EFO_",
    "EXMO": "http://purl.obolibrary.org/obo/EXMO_",
    "FMA": "http://purl.obolibrary.org/obo/FMA_",
    "GO": "http://purl.obolibrary.org/obo/GO_",
    "HP": "http://purl.obolibrary.org/obo/HP_",
    "ICD10": "https://icd.who.int/browse10/2019/en#/",
    "ICD10CM": "http://purl.bioontology.org/ontology/ICD10CM/",
    "icd11.foundation": "http://id.who.int/icd/entity/",
    "MAXO": "http://purl.obolibrary.org/obo/MAXO_",
    "MESH": "http://id.nlm.nih.gov/mesh/",
    "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
    "NCIT": "http://purl.obolibrary.org/obo/NCIT_",
    "PATO": "http://purl.obolibrary.org/obo/PATO_",
    "SCTID": "http://snomed.info/id/",
    "SYMP": "http://purl.obolibrary.org/obo/SYMP_",
    "UBERON": "http://purl.obolibrary.org/obo/UBERON_",
}

_SCHEMES = {"http", "https", "urn", "file", "mailto", "data", "javascript", "doi"}
"""What looks like the prefix of a CURIE and is the beginning of an IRI."""

_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_MOST = 2_000
"""How many prefixes are known at most."""

_ENDS = "/#_:="
"""What a namespace ends in."""


def register(prefix: str, namespace: str) -> None:
    """Let a prefix that a file declares stand for its namespace, for the rest of the process.

    What is known stays as it is: neither a known prefix nor a known namespace is taken again, and nothing that would make two
    readings of one CURIE.

    Parameters
    ----------
    prefix
        Without its colon.
    namespace
        An IRI that ends as a namespace does, in ``/``, ``#``, ``_``, ``:`` or ``=``.
    """
    absolute = namespace.startswith(("http://", "https://", "urn:")) and namespace.endswith(tuple(_ENDS))
    if not absolute or prefix.lower() in _SCHEMES or prefix in PREFIXES or namespace in _PREFIX_OF:
        return
    if len(PREFIXES) >= _MOST:  # no file may make every query slow
        return
    PREFIXES[prefix] = namespace
    _PREFIX_OF[namespace] = prefix


def compact(iri: str) -> str:
    """Return the CURIE of an IRI, or the IRI itself where no prefix fits.

    >>> compact("https://w3id.org/painpath/claim/yoga-relieves-lower-back-pain")
    'claim:yoga-relieves-lower-back-pain'
    >>> compact("https://example.org/x")
    'https://example.org/x'
    """
    # A slash in the rest would mean a deeper namespace that has no prefix of its own, so the last one is as far as to look.
    for place in range(len(iri) - 2, max(iri.rfind("/"), 0) - 1, -1):
        if iri[place] in _ENDS:
            prefix = _PREFIX_OF.get(iri[: place + 1])
            if prefix is not None:
                return f"{prefix}:{iri[place + 1 :]}"
    return iri


def expand(curie: str) -> str:
    """Return the IRI of a CURIE; anything else comes back unchanged.

    >>> expand("pain:sciatica")
    'https://w3id.org/painpath/sciatica'
    >>> expand("https://example.org/x")
    'https://example.org/x'
    """
    prefix, colon, local = curie.partition(":")
    namespace = PREFIXES.get(prefix)
    if not colon or namespace is None or local.startswith("//"):
        return curie
    return namespace + local

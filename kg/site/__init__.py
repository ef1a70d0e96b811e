"""A small static site from the graph: a page for each entity, claim and question, the explorer, and all as downloads.

It needs no server and asks nothing of the net: relative links, styles and scripts in each page and allowed by their hash.
"""

from __future__ import annotations

from kg.site.pages import site_files

__all__ = ["site_files"]

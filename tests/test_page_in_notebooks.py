"""A drawn page in notebooks: live in JupyterLab, a picture and its words where the notebook is not trusted, both in nbconvert."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from kg.drawing import draw
from tests.browser import small_pathway

nbformat = pytest.importorskip("nbformat", reason="Jupyter is not installed (the notebook extra)")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CELL = "import kg\nfrom tests.browser import small_pathway\nkg.draw(small_pathway(), title='Pathway')"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook whose one cell has drawn a pathway, as a colleague would send it."""
    bundle = draw(small_pathway(), title="Pathway")._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", data=bundle, execution_count=1)
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(CELL, outputs=[output], execution_count=1)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    path = tmp_path_factory.mktemp("notebooks") / "drawn.ipynb"
    nbformat.write(book, path)
    return path


def convert(notebook: Path, *options: str) -> Path:
    command = [sys.executable, "-m", "nbconvert", "--to", "html", *options, "--output", "out", str(notebook)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return notebook.with_name("out.html")


def test_nbconvert_keeps_the_page_alive(browser: Browser, notebook: Path) -> None:
    path = convert(notebook)
    page = browser.new_page()
    try:
        # The page of nbconvert itself asks for scripts from the net, which is not ours to mend; ours lies in a frame.
        page.route("**/*", lambda route: route.abort() if route.request.url.startswith("http") else route.continue_())
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        frame = page.frame_locator("iframe[title=Pathway]")
        frame.locator("html[data-ready]").wait_for(state="attached")
        assert frame.locator("#status").inner_text() == "9 terms, 11 statements"
    finally:
        page.close()


def test_where_frames_are_taken_out_the_words_are_left(notebook: Path) -> None:
    text = convert(notebook, "--sanitize-html").read_text(encoding="utf-8")
    assert "<iframe" not in text
    assert "Pathway: 9 terms (1 impact, 3 mechanisms" in text


def test_paper_gets_the_static_picture(notebook: Path) -> None:
    from nbconvert.exporters import LatexExporter

    shown = nbformat.read(notebook, 4).cells[0].outputs[0].data
    exporter = LatexExporter()  # type: ignore[no-untyped-call] # nbconvert ships no types
    order = exporter.default_config.NbConvertBase.display_data_priority
    assert next(kind for kind in order if kind in shown) == "image/svg+xml"


@contextmanager
def jupyter_lab(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback, without a token, with settings of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "HOME")
    }
    for path in own.values():
        os.makedirs(path, exist_ok=True)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--IdentityProvider.token=", "--LabApp.news_url=", "--ServerApp.allow_origin=", f"--ServerApp.root_dir={folder}",
        "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    environment = {**os.environ, **own, "PYTHONPATH": os.getcwd(), "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                with urlopen(f"{address}/api/status", timeout=2):
                    break
            except (URLError, OSError):
                assert server.poll() is None, "JupyterLab ended at once"
                time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_jupyterlab_shows_a_picture_until_it_is_trusted_and_then_the_page(browser: Browser, notebook: Path) -> None:
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed (the notebook extra)")
    from playwright.sync_api import TimeoutError as PlaywrightTimeout

    with jupyter_lab(notebook.parent) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        try:
            _open(page, f"{address}/lab/tree/{notebook.name}")
            output = page.locator(".jp-OutputArea-output").first
            output.wait_for()
            # Not trusted: no frame, but the truth in a picture and in words.
            assert output.locator("iframe").count() == 0
            assert "Pathway: 9 terms" in output.inner_text()
            picture = output.locator("img")
            assert str(picture.get_attribute("src", timeout=5000)).startswith("data:image/svg+xml")
            assert picture.evaluate("(image) => image.naturalWidth") > 500
            # Run: now it is the reader's own output, and alive. A kernel that is still starting may miss the keys.
            frame = page.frame_locator(".jp-OutputArea-output iframe[title=Pathway]")
            for _ in range(6):
                page.locator(".jp-CodeCell .jp-InputArea-editor").first.click()
                page.keyboard.press("Control+Enter")
                try:
                    frame.locator("html[data-ready]").wait_for(state="attached", timeout=25_000)
                    break
                except PlaywrightTimeout:
                    continue
            assert frame.locator("#status").inner_text() == "9 terms, 11 statements"
            frame.locator("#search").fill("mobility")
            frame.locator("#search").press("Enter")
            frame.locator("#told h2").wait_for()
            assert frame.locator("#told h2").inner_text() == "mobility"
        finally:
            page.close()
        strangers = [url for url in asked if not url.startswith((address, "data:", "blob:", "about:"))]
        assert strangers == []


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(".jp-Notebook", timeout=90_000)

"""Names that would like to be more, on the pages in a browser: what a user typed is shown as it is."""

import json
import re
import zipfile
from io import BytesIO
from urllib.parse import quote

import pytest

from ae_core import read_checkpoint
from ae_core.data.sensors import plant_csv
from ae_core.runs.archive import zip_run
from pages.ui.markdown import JOINER

from ..support import browser as web
from ..unit.test_plain import NASTY


@pytest.fixture(autouse=True)
def own(runs, data):
    """What is uploaded and trained here goes with this module."""


@pytest.fixture
def watched(page, address):
    """The page; at the end nothing has left for elsewhere, no dialog has opened, and no element was made of a user's
    text.
    """
    left, dialogs = [], []
    page.on(
        "request",
        lambda request: left.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None,
    )
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield page
    untouched(page)
    assert (left, dialogs) == ([], [])


def untouched(page) -> None:
    """No element on the page was made of one of the texts."""
    made = (
        "img[src*=':9/'], img[alt='Streamlit logo'], a[href*=':9/'], a[href^=javascript],"
        " a[href^='http://www'], [onerror], [data-testid=stAlert] .katex, .stMarkdownColoredText, del"
    )
    assert page.locator(made).evaluate_all("found => found.map(e => e.outerHTML)") == []


def table() -> bytes:
    """A plant's, its channels and its file named by nasty texts."""
    names, rows = plant_csv(400, len(NASTY), 0).decode().split("\n", 1)
    heads = names.split(",")
    channels = [head for head in heads if head not in ("time", "anomaly")]
    renamed = {head: f'"{text}"' for head, text in zip(channels, NASTY, strict=True)}
    return (",".join(renamed.get(head, head) for head in heads) + "\n" + rows).encode()


@pytest.mark.slow
def test_a_table_with_nasty_columns_from_the_upload_to_its_scores(watched, address):
    page = watched
    page.goto(f"{address}/signals")
    page.get_by_role("button", name="Open a CSV").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "![a](http:127.0.0.1:9) <img>.csv", "mimeType": "text/csv", "buffer": table()}
    )
    page.wait_for_url(re.compile("file="))
    page.locator(".lx-unscored").wait_for()
    web.settled(page)
    page.get_by_text(NASTY[1]).first.wait_for()  # in words
    untouched(page)
    page.locator(".st-key-signals-train button").click()
    page.wait_for_function(
        "() => document.querySelector('.lx-sg')?.figures?.stretches && !document.querySelector('.lx-unscored')",
        timeout=90_000,
    )
    web.settled(page)
    for toggle in ("signals-clean", "signals-generate"):
        page.locator("[data-testid=stExpander]").filter(has=page.locator(f".st-key-{toggle}")).locator(
            "summary"
        ).click()
        page.locator(f".st-key-{toggle} label").first.click()
        web.settled(page)
    untouched(page)
    run = re.search(r"run=([^&]+)", page.url)[1]
    page.goto(f"{address}/runs?runs={run},plant-nested")
    page.get_by_text("What differs").wait_for()
    web.settled(page)
    page.goto(f"{address}/train?run={run}")
    page.locator(".st-key-run-head").wait_for()
    web.settled(page)


@pytest.mark.slow
def test_a_run_with_nasty_classes_on_every_page_that_shows_it(watched, address, small_run):
    page, packed = watched, BytesIO()
    with (
        zipfile.ZipFile(BytesIO(zip_run(read_checkpoint(small_run)))) as source,
        zipfile.ZipFile(packed, "w") as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("config.json"):
                about = json.loads(data)
                data = json.dumps(about | {"classes": [*NASTY, *"6789"], "command": f"{NASTY[0]} `x`"}).encode()
            target.writestr(name, data)
    page.goto(f"{address}/runs")
    page.get_by_role("button", name="Upload a run").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "www.evil.example.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    )
    page.wait_for_url(re.compile("runs=www"))
    web.answered(page)
    untouched(page)
    page.locator(".js-plotly-plot").wait_for()
    for link in (
        "?model=www.evil.example",
        "interpolate?model=www.evil.example",
        "train?run=www.evil.example",
        "variants",
    ):
        page.goto(f"{address}/{link}")
        page.locator("[data-testid=stMainBlockContainer] h1").wait_for()
        web.still(page)
        web.settled(page)
        untouched(page)


@pytest.mark.parametrize(
    "link",
    [
        "?model={}&z={}&backdrop={}",
        "train?run={}&data={}&variant={}&epochs={}",
        "runs?runs={}",
        "signals?run={}&threshold={}&view={}&file={}",
    ],
)
def test_a_link_with_nasty_values(watched, address, link):
    text = "![a](http://h:9/x)<i onerror=1>$$x$$"  # a bit of each; of what a link says no more is shown
    watched.goto(f"{address}/{link.replace('{}', quote(text))}")
    watched.locator("[data-testid=stAlert]").first.wait_for()
    web.settled(watched)
    assert text in watched.locator("[data-testid=stAlert]").first.inner_text().replace(JOINER, "")

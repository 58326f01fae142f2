"""What a user typed is shown as it is: escaped text."""

import re

import pandas as pd
import pytest

from pages.ui.markdown import JOINER, plain, plain_table

NASTY = [
    "<img src=http://127.0.0.1:9/i.png onerror=alert(1)>",
    "![a](http://127.0.0.1:9/x.png)",
    "[a](javascript:alert(1))",
    "$$x$$ :material/home: :smile: :streamlit:",
    ":red[x] **b** `c` ~~d~~ www.evil.example",
    "<a href='http://127.0.0.1:9/'>l</a> <b>b</b> &lt;i&gt;",
]


@pytest.mark.parametrize(
    "text",
    [
        "There is no run 'a-b' here, it may have been renamed (or deleted).",
        "LATENT_DATA names a folder that can be written: 12:30:45 of 2024-01-01, 100 %!",
        "The file has 300 MB; the page takes 200, the command line more.",
    ],
)
def test_a_plain_sentence_stays_the_same(text):
    assert plain(text) == text


@pytest.mark.parametrize("text", NASTY)
def test_nothing_is_lost(text):
    shown = plain(text).replace(JOINER, "")
    assert re.sub(r"\\(.)", r"\1", shown) == text


def test_a_text_stays_on_one_line_and_begins_no_list():
    assert plain("a\n\n```mermaid\nx") == r"a \`\`\`mermaid x"
    assert [plain(text) for text in ("- a", "1. a", "# a", "    a")] == [r"\- a", r"1\. a", r"\# a", "a"]


def test_a_table_is_plain_in_cells_and_headings():
    table = plain_table(pd.DataFrame({"<b>": ["*a*", 1]}, index=["[x]", 2]))
    assert (list(table.columns), list(table.index), list(table.iloc[:, 0])) == (
        [r"\<b\>"],
        [r"\[x\]", 2],
        [r"\*a\*", 1],
    )

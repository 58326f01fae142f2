"""What is imported when: a look at runs does not wait for torch."""

import ast
import pydoc
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ae_core

ROOT = Path(__file__).resolve().parents[2]
HEAVY = "[name for name in ('torch', 'sklearn', 'scipy', 'torchvision', 'pandas', 'pyarrow') if name in sys.modules]"


@pytest.mark.parametrize(
    "code",
    [
        "import ae_core",
        "from ae_core.model.config import Config; [Config(data=d, variant=v) for d in ('mnist', 'digits', 'sinusoids', "
        "'sensors') for v in ('vae', 'linear', 'sparse', 'vqvae', 'contractive', 'masked')]",
        "from ae_core import VARIANTS, Config; [row.knobs() for row in VARIANTS.values()]",
        "from ae_core.data import sources; list(sources())",
        "from ae_core.data import source; source('csv', file='a.csv')",
        "from ae_core.runs.overview import rows; table, broken = rows(); assert table and not broken",
        "import io, contextlib; from ae_core.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()): main(['runs'])\n",
    ],
)
def test_torch_comes_when_something_needs_it(code):
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint({HEAVY})"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


EXPORTS = ast.literal_eval(
    next(
        node.value
        for node in ast.walk(ast.parse(Path(ae_core.__file__).read_text("utf-8")))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
)


def test_help_fits_two_screens_and_names_what_there_is():
    text = pydoc.plain(pydoc.render_doc(ae_core))
    assert len(text.splitlines()) <= 80
    assert [name for name in EXPORTS if name not in (*re.findall(r"\w+", text), "__version__")] == []


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_is_there(name):
    value = getattr(ae_core, name)
    assert value
    assert getattr(value, "__name__", name) == name  # a table and a version have none
    assert name in dir(ae_core)


def test_what_is_not_exported_is_no_attribute():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = ae_core.nothing


def test_the_line_to_cite_names_this_version():
    assert f"*Latent Explorer, version {ae_core.__version__} (" in (ROOT / "README.md").read_text("utf-8")

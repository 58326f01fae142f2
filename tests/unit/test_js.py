"""The page's modules without a browser: in Node against torch; and what is written of their data."""

from ..js.fixtures import write
from ..js.write_types import TARGET, declarations
from ..support import node


def test_the_modules_compute_what_torch_does(tmp_path):
    write(tmp_path)
    tests = sorted(node.HERE.glob("*.test.js"))
    done = node.run("--test", "--test-reporter=spec", *tests, FIXTURES=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_declared_types_are_current():
    assert TARGET.read_text("utf-8") == declarations(), "run python -m tests.js.write_types"

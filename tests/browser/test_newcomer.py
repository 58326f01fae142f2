"""The browser's tests as whoever has just cloned this has them: with Debian's ordinary Chromium, and without MNIST."""

import os
import shutil
import subprocess
import sys

import pytest

from ..support import browser as web

ORDINARY = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_the_quick_tier_in_an_ordinary_browser_without_mnist(tmp_path):
    browser = next((path for name in ORDINARY if (path := shutil.which(name))), None)
    if browser is None:
        if os.environ.get("LATENT_REQUIRE_BROWSER"):
            pytest.fail("there is no ordinary Chromium, and LATENT_REQUIRE_BROWSER is set", pytrace=False)
        pytest.skip("no ordinary Chromium is installed")
    here = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "tests/browser"],
        cwd=web.ROOT,
        env={**here, "LATENT_BROWSER": browser, "LATENT_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]

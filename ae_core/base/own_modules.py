"""Modules of one's own, which add variants and sources without a change to the package."""

import importlib
import os
from functools import cache

from .errors import LatentError


@cache
def import_own_modules() -> None:
    """Import what `LATENT_MODULES` names, with commas between: each is found as Python finds modules (PYTHONPATH, the
    working directory) and adds rows to `ae_core.VARIANTS` or to `ae_core.data.sources()`.

    A page, a command and a worker that trains do this first, so that what was added is in menus, options, link, script
    and saved recipes like the others. Raises LatentError where one is not there.
    """
    for name in filter(None, os.environ.get("LATENT_MODULES", "").replace(" ", "").split(",")):
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            raise LatentError(f"LATENT_MODULES names {name!r}, and there is no such module on PYTHONPATH.") from None

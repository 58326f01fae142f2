"""What a link to Runs may say. Its subject: the names of the runs and checkpoints that are here."""

from ...ui.link import Names

DEFAULT = ["mnist-vae-2d", "mnist-ae-2d"]  # compared before anything is selected

RUNS = Names(name="runs", about="the runs that are selected", known=lambda names: names, kind="run", default=DEFAULT)
PARAMETERS = (RUNS,)

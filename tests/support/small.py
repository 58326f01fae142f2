"""The recipe of a run that is trained in a moment."""

from ae_core import Config

SMALL = Config(data="digits", variant="vae", k=2, hidden=(32, 16), epochs=3, batch_size=64)

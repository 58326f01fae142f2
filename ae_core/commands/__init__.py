"""What the commands of `python -m ae_core` do: they print, and import what they need when they are called."""

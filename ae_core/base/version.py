"""The program's version, as a run records it."""

__version__ = "1.0.0"

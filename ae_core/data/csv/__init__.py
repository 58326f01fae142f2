"""Tables that people bring."""

from .source import Csv

__all__ = ["Csv"]

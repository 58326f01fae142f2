"""Samples that people bring: signals or pictures of their own, one a row or one a file.

bytes or folder → `reading` (tables, series, arrays, pictures) → `Collection` → `split` → `source`
"""

from .source import Samples

__all__ = ["Samples"]

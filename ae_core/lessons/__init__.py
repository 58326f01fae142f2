"""Lessons: a file of Markdown that leads through the pages, read and checked."""

from .lesson import MAX_BYTES, MAX_WORDS, Lesson, Step
from .reading import read_lesson

__all__ = ["MAX_BYTES", "MAX_WORDS", "Lesson", "Step", "read_lesson"]

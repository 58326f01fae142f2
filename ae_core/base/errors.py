"""The one exception that people see: its text is a sentence on what is wrong and what to do."""


class LatentError(ValueError):
    """Something the user can mend. Pages and the command line show its text as it is, without a traceback."""

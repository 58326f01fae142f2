"""A run's detector behind HTTP: streams of rows in, their scores out, kept so that a crash loses none."""

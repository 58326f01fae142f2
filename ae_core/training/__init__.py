"""The training loop, and what is told of it."""

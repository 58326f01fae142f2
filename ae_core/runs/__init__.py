"""The folders that keep trainings, and what is read from them."""

"""Trainings that are kept, and the queue that runs them."""

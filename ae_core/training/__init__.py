"""The training loop, its optimizer, snapshots and diagnosis, and a run as a program."""

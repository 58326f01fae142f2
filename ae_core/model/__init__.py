"""An autoencoder, its configuration, and what is measured on it."""

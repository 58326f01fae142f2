"""What can be done in a latent space."""

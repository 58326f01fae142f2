"""The five sockets of an autoencoder, one file each."""

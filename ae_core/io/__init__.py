"""Files and pictures, in and out."""

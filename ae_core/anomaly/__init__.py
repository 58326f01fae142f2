"""From a signal to what is abnormal in it."""

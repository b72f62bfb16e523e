"""From a text to sentences with offsets, and from sentences to batches of tokens."""

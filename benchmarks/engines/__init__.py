"""Engines on the same sentences: speed, what it costs in quality, batches."""

"""Sentence splitters and language detectors, side by side."""

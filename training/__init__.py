"""Annotations in, a verified model folder out. The only place that imports torch and datasets."""

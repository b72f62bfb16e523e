"""Annotated sentences: one row, files of rows, the split, and what is known about a corpus."""

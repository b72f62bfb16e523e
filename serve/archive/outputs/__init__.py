"""Rows of finished parts to one file: JSON Lines, CSV or Parquet."""

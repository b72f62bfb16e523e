"""The corpus and everything about annotations. Plain Python: importable in milliseconds."""

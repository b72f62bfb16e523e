"""Which model answers, and how another takes its place."""

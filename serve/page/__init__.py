"""The page at /: statements read, stances corrected, queues worked through, models compared."""

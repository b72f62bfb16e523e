"""What `python -m serve` runs, one file a command."""

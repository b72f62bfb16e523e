"""What `python -m data` runs, one file a command."""

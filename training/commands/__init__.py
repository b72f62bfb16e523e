"""The commands of `python -m training`, one file each: its arguments and its function."""

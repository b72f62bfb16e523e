"""The commands of `python -m training`, loaded as they are run: torch alone takes five seconds."""

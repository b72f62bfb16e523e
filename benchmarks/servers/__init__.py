"""Servers as processes, the client of all of them, overload and soak."""

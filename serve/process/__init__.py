"""The server process: listening, connections, start and shutdown."""

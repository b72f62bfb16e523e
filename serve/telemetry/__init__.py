"""Logs, metrics and traces of the service. They never hold a text that was sent."""

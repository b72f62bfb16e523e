"""What the service says about itself: logs, metrics, traces. Never a text."""

"""What is scored, what is timed, and what turns times into figures."""

"""What annotators decided: events, checked as they come in, and what they add up to."""

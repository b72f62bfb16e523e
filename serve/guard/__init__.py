"""What a request must pass before its body is read: keys, limits, load shedding."""

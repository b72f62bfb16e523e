"""What a request must pass before its body is read: hosts, keys, limits, load shedding."""

"""What a request must pass before its body is read: hosts and origins, keys, limits, load shedding."""

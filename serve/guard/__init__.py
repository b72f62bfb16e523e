"""What a request must pass before its body is read: origins, keys, limits, load shedding."""

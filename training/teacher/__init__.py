"""A larger network's probabilities for every sentence, from which the served networks learn."""

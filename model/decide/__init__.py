"""From logits to calibrated probabilities, labels and uncertain stances."""

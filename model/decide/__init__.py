"""From logits to calibrated probabilities, labels and marks of doubt."""

"""From a candidate to the live model: compare, apply the rules, promote."""

"""From annotated sentences to a fitted and calibrated network."""

"""All that a prediction needs, from text to labels; without HTTP, data sets and torch."""

"""Stances, text and scores: all that a prediction needs; nothing of HTTP, data sets or torch."""

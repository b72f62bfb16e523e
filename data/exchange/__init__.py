"""Annotations in and out of files, in the formats of other tools."""

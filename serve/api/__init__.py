"""The HTTP interface: paths, and the schemas of what they take and give."""

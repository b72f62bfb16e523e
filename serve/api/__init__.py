"""The HTTP interface: routes, and the schemas of requests and responses."""

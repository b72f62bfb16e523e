"""The wire of the HTTP interface: what its paths take and give."""

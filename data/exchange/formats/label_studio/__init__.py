"""Label Studio's JSON and JSON_MIN."""

"""The annotation store as the service uses it."""

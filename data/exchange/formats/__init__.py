"""What annotation tools write, and how to write it for them: one file a format."""

"""The annotation store: SQLite or PostgreSQL, and the queue of sentences worth annotating."""

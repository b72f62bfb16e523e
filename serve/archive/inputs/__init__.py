"""Files of documents to records: what is there, and what is wrong with it."""

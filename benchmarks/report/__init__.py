"""The document that every benchmark writes its section of."""

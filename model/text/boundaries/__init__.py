"""Where sentences end inside a paragraph."""

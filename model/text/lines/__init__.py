"""From the lines of a text to its paragraphs: what is wrapped, what is the page's."""

"""Text as people have it: lines, paragraphs, sentences and what each is; then tokens."""

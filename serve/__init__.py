"""HTTP and files in, stances out. Never imports training."""

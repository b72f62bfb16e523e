"""The measured figures as tables, pictures, a page and a model card."""

"""CSV, TSV, Excel and Hugging Face data sets: a column a field."""

"""From a request to its stances: jobs, backlog, batches, workers."""

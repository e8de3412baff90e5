"""Lists of claims as files: asked for at the desk, written by a job, fetched once by each person, kept for a day."""

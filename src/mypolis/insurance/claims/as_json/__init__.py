"""Claims as JSON: the shapes of requests and answers, how they are read and made, and refusals as problems."""

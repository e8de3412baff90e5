"""The pages of the claims desk: the queue, one claim beside its documents, its decision, facts and questions."""

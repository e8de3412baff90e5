"""Claims: from a draft with photos to a decision that members can follow."""

"""The pages of a draft: each section, its documents and bills, and the review before sending."""

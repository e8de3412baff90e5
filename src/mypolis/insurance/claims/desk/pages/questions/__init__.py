"""The page on which an assessor asks the member."""

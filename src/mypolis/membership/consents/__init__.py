"""Legal documents, and the record of who agreed to which text."""

""" "Am I covered for …?": finds the benefit that is meant, and the answer."""

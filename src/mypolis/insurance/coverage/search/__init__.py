""" "Am I covered for …?": finds the benefit that a question is about, and the answer."""

"""Guarantee letters: asked before treatment, given against limits, verified at the clinic, settled by its bills."""

"""Tests of styles, scripts, icons and how they are served."""

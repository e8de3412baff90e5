"""House rules for templates and pages."""

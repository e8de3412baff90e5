"""Form fields. Each validates one kind of value and renders itself."""

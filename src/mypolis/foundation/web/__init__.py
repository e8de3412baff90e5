"""What all pages share: layout, styles and scripts, form fields, brand, error pages, logs, health checks."""

"""What all pages share: the frame, styles and scripts, form fields, the brand, error pages, logs, health."""

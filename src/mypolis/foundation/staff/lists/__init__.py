"""Lists at the desk: tables, filters, pages by key, filters that people save."""

"""Uploads that survive a lost network: the tus protocol for pages and programs, and files of ordinary forms."""

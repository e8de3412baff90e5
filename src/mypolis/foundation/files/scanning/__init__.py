"""Scans files for viruses: ClamAV's daemon, and a stand-in for the demo."""

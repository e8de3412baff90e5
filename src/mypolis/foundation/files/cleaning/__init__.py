"""Cleans files from strangers: pictures and PDFs are decoded and written anew, in a process with limits."""

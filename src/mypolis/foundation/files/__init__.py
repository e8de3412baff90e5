"""Stored files of people: encrypted when stored, decrypted when served, owned by rows of other rooms."""

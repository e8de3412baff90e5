"""Checks received files: scans and cleans them, stores the cleaned copy, and tells the rooms that own them.

A room that wants to know declares `extends = {"files.checked": ("module.function",)}`. After each check the function is
called as `function(received=…, codes=…, by=…)`, inside the transaction that records the result: `received` is the
`ReceivedFile`, now clean or refused; `codes` is a tuple of the texts of QR codes on it, which nobody stores; `by` is
the actor. The row of the file's owner is locked. What the function raises undoes the check, which then runs again.
"""

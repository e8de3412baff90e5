"""The sample data of the demo beside its people: covers, claims, guarantees, colleagues and their day at the desk."""

"""The desk of the insurer's staff: its frame, and the right that each of its pages needs. Rooms bring the pages."""

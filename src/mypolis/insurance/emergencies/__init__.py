"""Whether words tell of an emergency or a death, and whom to call: asked before anything about insurance."""

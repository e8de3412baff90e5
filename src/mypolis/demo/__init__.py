"""Everything that a look around needs: invented insurers and people, partners that answer, one inbox."""

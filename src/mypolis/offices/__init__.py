"""The pages with which the insurer's staff and the employers work across rooms: people, reports, the audit."""

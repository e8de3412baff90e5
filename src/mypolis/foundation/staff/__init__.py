"""Staff of the insurer: accounts, roles, rights, approvals, and the frame of their desk. Rooms bring the pages."""

"""Claims that came by phone, by post or in the office: a colleague enters them in the member's place."""

"""Who comes in at the desk: sessions, cookies, addresses, networks, and showing a factor again."""

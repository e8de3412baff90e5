"""What an insurer says about itself: name, colours, logo, contacts, opening hours."""

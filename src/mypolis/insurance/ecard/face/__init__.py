"""What a card shows, on the page and on paper."""

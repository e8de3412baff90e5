"""Bank accounts to which the insurer pays members back: added with a second factor, shown masked."""

"""Every way to join: one module per market, a journey on one screen."""

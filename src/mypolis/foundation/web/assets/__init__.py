"""Style sheets, scripts and the installable app, as they are served."""

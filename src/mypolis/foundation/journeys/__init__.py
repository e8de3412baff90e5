"""The engine on which every multi-step task of every market runs; it knows no domain room."""

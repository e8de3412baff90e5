"""What every portal needs: nothing here knows about insurance."""

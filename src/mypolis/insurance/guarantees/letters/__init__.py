"""The letters of guarantees: papers with a code, and the page that verifies them."""

"""What happens to a claim once it is sent: its states, who may change them, the clock, decisions, answers, appeals."""

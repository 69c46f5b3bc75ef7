"""Every write of the review: assigning, marking, consensus, feedback."""

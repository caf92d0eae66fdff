"""Letters about reviews, ballots and decisions."""

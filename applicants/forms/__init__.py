"""The forms of the applicant and of memberships."""

"""The forms of the applicant and of the office's memberships."""

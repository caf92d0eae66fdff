"""Tags and filters of the project's templates."""

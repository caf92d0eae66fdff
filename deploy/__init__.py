"""What starts the application on one machine: `./run` and `./test` end here."""

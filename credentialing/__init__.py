"""Credentialing case management for professional societies."""

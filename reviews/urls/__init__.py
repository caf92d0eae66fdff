"""Addresses of the Committee's pages, the Council's, and what the public may look up."""

from reviews.urls import committee, council

urlpatterns = committee.urlpatterns + council.urlpatterns

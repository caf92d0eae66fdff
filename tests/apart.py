"""Loaded before the settings: each process of a parallel run has a broker database of its own.

The databases of PostgreSQL are told apart by pytest-django; a worker that one journey starts must
not hear the doorbells of another's.
"""

import os

worker = os.environ.get("PYTEST_XDIST_WORKER")
if worker:
    os.environ["REDIS_URL"] += f"?db={worker.removeprefix('gw')}"

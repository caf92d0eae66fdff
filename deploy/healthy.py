"""Whether a web process on this machine answers that it is well.

`python -m deploy.healthy` is the health check of a container.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def healthy(host: str, port: int, site_url: str) -> bool:
    """Ask /healthz as the proxy in front would, by the site's name and scheme."""
    site = urlsplit(site_url)
    headers = {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers=headers)
        # 301: a site on https without a proxy in front sends everybody there, once it is up.
        return connection.getresponse().status in {200, 301}
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not healthy("127.0.0.1", 8000, os.environ["SITE_URL"]))

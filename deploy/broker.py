"""A broker that the environment names: whether it is there."""

import redis

from deploy.refusal import Refusal


def check_broker(url: str) -> str:
    """The same address, once it answered."""
    try:
        with redis.Redis.from_url(url.replace("redis+socket://", "unix://")) as client:
            client.ping()
    except (redis.exceptions.RedisError, ValueError) as error:
        raise Refusal(f"REDIS_URL: {error}") from None
    return url

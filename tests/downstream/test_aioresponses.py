"""aioresponses: requests answered by mocks."""

import asyncio

import aiohttp
import pytest
from aioresponses import CallbackResult, aioresponses


def test_mocked_answers() -> None:
    """Mocked answers have status, headers and content; what is not mocked is a connection error."""

    async def main() -> None:
        with aioresponses() as mocked:
            mocked.get("http://a.invalid/x?q=1", payload={"b": 1}, headers={"X-Y": "z"})
            mocked.post("http://a.invalid/", status=500)
            mocked.put("http://a.invalid/", callback=lambda url, **kwargs: CallbackResult(body=str(kwargs["data"])))
            mocked.delete("http://a.invalid/", exception=aiohttp.ClientConnectionError("gone"))
            async with aiohttp.ClientSession() as session:
                async with session.get("http://a.invalid/x", params={"q": "1"}) as response:
                    assert await response.json() == {"b": 1}
                    assert response.headers["X-Y"] == "z"
                async with session.post("http://a.invalid/") as response:
                    with pytest.raises(aiohttp.ClientResponseError, match="500"):
                        response.raise_for_status()
                async with session.put("http://a.invalid/", data="sent") as response:
                    assert await response.text() == "sent"
                with pytest.raises(aiohttp.ClientConnectionError, match="gone"):
                    await session.delete("http://a.invalid/")
                with pytest.raises(aiohttp.ClientConnectionError):
                    await session.get("http://b.invalid/")
            mocked.assert_called_with("http://b.invalid/", method="GET")

    asyncio.run(main())

"""aiobotocore: the S3 of moto's server, which is no program of aiohttp's, used over our client."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from aiobotocore.session import get_session
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

CONTENT = bytes(range(256)) * 4096
BUCKET = "shelf"


@pytest.fixture
def endpoint() -> Iterator[str]:
    """The address of moto's server on loopback."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_s3(endpoint: str) -> None:
    """A bucket is made, objects are put, listed by pages, read whole and streamed, copied in parts and removed."""

    async def main() -> None:
        client = get_session().create_client(
            "s3",
            region_name="us-east-1",
            endpoint_url=endpoint,
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        async with client as s3:
            await s3.create_bucket(Bucket=BUCKET)
            for name in ("a b.bin", "c.bin", "d.bin"):
                put = await s3.put_object(Bucket=BUCKET, Key=name, Body=CONTENT, ContentType="application/x-test")
                assert put["ResponseMetadata"]["HTTPStatusCode"] == 200

            found = await s3.get_object(Bucket=BUCKET, Key="a b.bin")
            assert found["ContentType"] == "application/x-test"
            async with found["Body"] as body:
                assert await body.read() == CONTENT

            streamed = await s3.get_object(Bucket=BUCKET, Key="c.bin")
            async with streamed["Body"] as body:
                pieces = [piece async for piece in body.iter_chunks(65536)]
            assert b"".join(pieces) == CONTENT
            assert len(pieces) > 1

            part = await s3.get_object(Bucket=BUCKET, Key="c.bin", Range="bytes=10-19")
            async with part["Body"] as body:
                assert await body.read() == CONTENT[10:20]

            pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 2})
            assert await keys(pages) == ["a b.bin", "c.bin", "d.bin"]

            upload = await s3.create_multipart_upload(Bucket=BUCKET, Key="big")
            tags = []
            for number in range(1, 3):
                sent = await s3.upload_part(
                    Bucket=BUCKET, Key="big", UploadId=upload["UploadId"], PartNumber=number, Body=CONTENT * 5
                )
                tags.append({"PartNumber": number, "ETag": sent["ETag"]})
            await s3.complete_multipart_upload(
                Bucket=BUCKET, Key="big", UploadId=upload["UploadId"], MultipartUpload={"Parts": tags}
            )
            assert (await s3.head_object(Bucket=BUCKET, Key="big"))["ContentLength"] == len(CONTENT) * 10

            with pytest.raises(ClientError, match="NoSuchKey"):
                await s3.get_object(Bucket=BUCKET, Key="missing")
            for name in ("a b.bin", "c.bin", "d.bin", "big"):
                await s3.delete_object(Bucket=BUCKET, Key=name)
            await s3.delete_bucket(Bucket=BUCKET)

    asyncio.run(main())


async def keys(pages: AsyncIterator[dict[str, list[dict[str, str]]]]) -> list[str]:
    return [entry["Key"] async for page in pages for entry in page["Contents"]]


def test_many_at_once(endpoint: str) -> None:
    """Requests side by side share the pool, and each gets its own answer."""

    async def main() -> None:
        client = get_session().create_client(
            "s3",
            region_name="us-east-1",
            endpoint_url=endpoint,
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        async with client as s3:
            await s3.create_bucket(Bucket=BUCKET)

            async def round_trip(number: int) -> bytes:
                name = f"object {number}"
                await s3.put_object(Bucket=BUCKET, Key=name, Body=name.encode())
                answer = await s3.get_object(Bucket=BUCKET, Key=name)
                async with answer["Body"] as body:
                    content: bytes = await body.read()
                    return content

            contents = await asyncio.gather(*(round_trip(number) for number in range(30)))
            assert contents == [f"object {number}".encode() for number in range(30)]

    asyncio.run(main())

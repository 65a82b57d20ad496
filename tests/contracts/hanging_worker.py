"""A worker whose job never ends; says `started` on standard output when it has one."""

import asyncio
import sys

from touchline.adapters.queue_docket import DocketQueue


async def main(url: str, name: str, lease_s: float) -> None:
    async def hang(row_id: str) -> None:
        print("started", row_id, flush=True)
        await asyncio.Event().wait()

    await DocketQueue(url, lease_s=lease_s, name=name).serve({"analysis": hang}, concurrency=1)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))

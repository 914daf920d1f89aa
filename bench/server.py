"""The service as its own process, with the eyes of the whole city or of the public, for measurements over a socket."""

import sys

import uvicorn

from bench.tiles import WHOLE_CITY
from service.app import create_app
from service.base.logging import configure_logging
from service.base.settings import Settings

if __name__ == "__main__":
    configure_logging("ERROR")
    published = sys.argv[3] if len(sys.argv) > 3 else None
    app = create_app(Settings(requests_per_minute=1_000_000, publish=published), database_url=sys.argv[2])
    # With something published it is strangers who ask.
    app.state.viewer = None if published else WHOLE_CITY
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False)

# The service and its page in one image; the database is a container of its own (compose.yaml).

FROM node:24-bookworm-slim AS page
WORKDIR /build/web
# The lock first: the packages are installed again only when it changes.
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY web/ ./
RUN npm run build

FROM python:3.12-slim-bookworm AS packages
WORKDIR /app
RUN python -m venv /opt/riskmap
ENV PATH=/opt/riskmap/bin:$PATH
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
# Editable, as in a checkout: migrations, seed data and the page are found beside the code.
COPY pyproject.toml ./
COPY geo/ geo/
COPY service/ service/
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home riskmap
WORKDIR /app
COPY --from=packages /opt/riskmap /opt/riskmap
COPY --from=packages /app ./
COPY migrations/ migrations/
COPY seed_data/ seed_data/
COPY --from=page /build/web/dist/ web/dist/
ENV PATH=/opt/riskmap/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RISKMAP_HOST=0.0.0.0 \
    RISKMAP_PORT=8000
USER riskmap
EXPOSE 8000
# The first start migrates and loads the territory's boundaries before it answers.
HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"RISKMAP_PORT\"]}/healthz', timeout=4)"]
CMD ["riskmap", "run"]

FROM --platform=$BUILDPLATFORM node:22-alpine AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/yarn.lock ./
RUN yarn install --frozen-lockfile --network-timeout 600000
COPY frontend .
RUN yarn build

FROM python:3.13-slim AS builder
COPY --from=ghcr.io/astral-sh/uv:0.6 /uv /bin/uv
WORKDIR /srv
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project

FROM python:3.13-slim
WORKDIR /srv
COPY --from=builder /srv/.venv .venv
COPY gallery gallery
COPY --from=frontend /src/frontend/dist gallery/static
ENV PATH="/srv/.venv/bin:$PATH"
CMD ["hypercorn", "gallery:app", "--bind", "0.0.0.0:8000"]

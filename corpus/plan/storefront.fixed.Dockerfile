# syntax=docker/dockerfile:1
ARG GO_VERSION=1.25
ARG NODE_VERSION=22

FROM --platform=$BUILDPLATFORM tonistiigi/xx:1.6.1 AS xx

FROM --platform=$BUILDPLATFORM node:${NODE_VERSION}-alpine AS web-deps
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci

FROM web-deps AS web
COPY web .
RUN npm run build
RUN npm run check:bundle-size -- --max=250k --report /web/report.json && gzip -9 --keep dist/assets/*.js

FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine AS base
COPY --from=xx / /
WORKDIR /src
RUN apk add --no-cache clang lld git
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download

FROM base AS server
ARG TARGETPLATFORM
RUN xx-apk add --no-cache musl-dev gcc
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod CGO_ENABLED=1 xx-go build -trimpath -o /out/server ./cmd/server && xx-verify /out/server

FROM base AS cli
ARG TARGETOS TARGETARCH
COPY . .
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH CGO_ENABLED=0 go build -o /out/cli ./cmd/cli

FROM python:3.13-slim AS plugins
RUN apt-get update && apt-get install -y --no-install-recommends gcc libffi-dev
COPY plugins /plugins
RUN pip wheel --wheel-dir /wheels -r /plugins/requirements.txt

FROM golangci/golangci-lint:v2.1 AS lint
COPY --from=base /src /src
RUN golangci-lint run ./...

FROM debian:bookworm-slim AS certs
RUN apt-get update && apt-get install -y ca-certificates

FROM python:3.13-slim AS runtime
COPY --from=certs /etc/ssl/certs /etc/ssl/certs
RUN --mount=type=bind,from=plugins,source=/wheels,target=/wheels pip install --no-index --find-links /wheels app-plugins
COPY --from=server /out/server /usr/bin/server
COPY --from=cli /out/cli /usr/bin/cli
COPY --from=web /web/dist /srv/www
COPY --from=ghcr.io/astral-sh/uv:0.8 /uv /bin/uv
RUN useradd app
USER app
ENTRYPOINT ["/usr/bin/server"]

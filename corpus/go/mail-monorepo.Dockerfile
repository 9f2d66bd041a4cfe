# syntax=docker/dockerfile:1

ARG GO_VERSION=1.25
ARG ALPINE_VERSION=3.22

FROM golang:${GO_VERSION}-alpine${ALPINE_VERSION} AS base
ENV CGO_ENABLED=0
WORKDIR /src
RUN --mount=type=bind,source=go.mod,target=go.mod \
    --mount=type=bind,source=go.sum,target=go.sum \
    --mount=type=cache,target=/go/pkg/mod \
    go mod download

FROM base AS lint
COPY --from=golangci/golangci-lint:v2.1-alpine /usr/bin/golangci-lint /usr/bin/golangci-lint
RUN --mount=target=. --mount=type=cache,target=/go/pkg/mod golangci-lint run

FROM base AS test
RUN --mount=target=. \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    go test -coverprofile=/tmp/cover.out ./...

FROM base AS build
ARG VERSION=dev
RUN --mount=target=. \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build <<EOT
  set -e
  for name in receive deliver; do
    go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o "/out/$name" "./cmd/$name"
  done
EOT

FROM alpine:${ALPINE_VERSION} AS receive
COPY --from=build /out/receive /usr/local/bin/
ENTRYPOINT ["receive"]

FROM alpine:${ALPINE_VERSION} AS deliver
RUN apk add --no-cache ca-certificates
COPY --from=build /out/deliver /usr/local/bin/
ENTRYPOINT ["deliver"]

# syntax=docker/dockerfile:1
# Nothing to find here: cgo, cross-compiled by the book.
FROM --platform=$BUILDPLATFORM tonistiigi/xx:1.6.1 AS xx

FROM --platform=$BUILDPLATFORM golang:1.24-alpine AS build
COPY --from=xx / /
RUN apk add --no-cache clang lld
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
ARG TARGETPLATFORM
RUN xx-apk add --no-cache musl-dev gcc
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=1 xx-go build -o /out/gateway . && \
    xx-verify /out/gateway

FROM alpine:3.21
COPY --from=build /out/gateway /usr/local/bin/gateway
ENTRYPOINT ["gateway"]

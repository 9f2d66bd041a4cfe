# syntax=docker/dockerfile:1
FROM golang:1.25-bookworm AS go-module
WORKDIR /src
ONBUILD COPY go.mod go.sum ./
ONBUILD RUN go mod download

FROM go-module AS build
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /out/gateway ./cmd/gateway

FROM debian:bookworm-slim AS runtime-amd64
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libhyperscan5

FROM debian:bookworm-slim AS runtime-arm64
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libvectorscan5

FROM runtime-${TARGETARCH}
RUN --mount=from=busybox:1.37-musl,source=/bin/busybox,target=/bb /bb adduser -D -u 10001 gateway
COPY --from=build --chown=gateway /out/gateway /usr/bin/gateway
USER gateway
ENTRYPOINT ["/usr/bin/gateway"]

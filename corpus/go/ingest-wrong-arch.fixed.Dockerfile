# syntax=docker/dockerfile:1

FROM --platform=$BUILDPLATFORM golang:1.23 AS builder
ARG TARGETOS=linux
ARG TARGETARCH
WORKDIR /go/src/ingest
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /bin/ingest ./cmd/ingest
RUN CGO_ENABLED=0 GOARCH=$TARGETARCH go build -o /bin/ingestctl ./cmd/ingestctl

FROM scratch
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=builder /bin/ingest /bin/ingestctl /
ENTRYPOINT ["/ingest"]

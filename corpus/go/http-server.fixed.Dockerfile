# syntax=docker/dockerfile:1

# The server, built without cgo, so that it runs without a libc.
FROM --platform=$BUILDPLATFORM golang:1.25-alpine AS build
WORKDIR /src

# The modules change seldom: they get a layer of their own.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download

COPY . .
ARG VERSION=dev
ARG TARGETARCH
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=linux GOARCH=$TARGETARCH go build \
        -trimpath \
        -ldflags="-s -w -X main.version=${VERSION}" \
        -o /out/http-server \
        ./cmd/http-server

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/http-server /usr/local/bin/http-server
EXPOSE 8080
USER nonroot:nonroot
ENTRYPOINT ["/usr/local/bin/http-server"]

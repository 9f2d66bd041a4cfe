FROM golang:1.24-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends protobuf-compiler \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src

COPY go.mod go.sum ./
RUN go mod download \
 && go install google.golang.org/protobuf/cmd/protoc-gen-go \
 && go install google.golang.org/grpc/cmd/protoc-gen-go-grpc

COPY . .
RUN protoc --go_out=. --go-grpc_out=. api/geocoder.proto

RUN CGO_ENABLED=0 GOOS=linux GOARCH=amd64 \
    go build -o /geocoder ./cmd/geocoder

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /geocoder /geocoder
COPY data/places.bin /data/places.bin
ENTRYPOINT ["/geocoder"]

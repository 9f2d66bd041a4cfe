FROM --platform=$BUILDPLATFORM golang:1.21 as builder

ENV GO111MODULE=on \
    CGO_ENABLED=0 \
    GOOS=linux \
    GOARCH=amd64

WORKDIR /build
COPY go.mod .
COPY go.sum .
RUN go mod download
COPY . .

ARG TARGETARCH

# version.txt is written by the release script
RUN GOARCH=$TARGETARCH go build -ldflags "-X main.version=$(cat version.txt)" -o ferry . && \
    GOARCH=$TARGETARCH go build -o ferryctl ./ctl

WORKDIR /dist
RUN cp /build/ferry /build/ferryctl .

FROM alpine:3.18
RUN apk --no-cache add ca-certificates tzdata
COPY --from=builder /dist /usr/local/bin
ENTRYPOINT ["ferry"]

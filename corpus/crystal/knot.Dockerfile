FROM 84codes/crystal:1.14.0-alpine AS builder
WORKDIR /knot
COPY shard.yml shard.lock ./
RUN shards install --production --frozen
COPY src src
RUN shards build --production --release --static --no-debug knot

FROM alpine:3.21
RUN apk add --no-cache tzdata ca-certificates
COPY --from=builder /knot/bin/knot /usr/local/bin/knot
USER 65534
ENTRYPOINT ["knot"]

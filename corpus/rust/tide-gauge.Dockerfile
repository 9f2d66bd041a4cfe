FROM rust:1.87-alpine3.21 AS build

RUN apk add --no-cache musl-dev openssl-dev openssl-libs-static perl make

WORKDIR /build

# The dependencies, so that they are compiled again only when they change.
COPY Cargo.toml Cargo.lock ./
RUN mkdir src \
    && echo 'fn main() {}' > src/main.rs \
    && cargo build --release \
    && rm -rf src target/release/deps/tide_gauge*

COPY src ./src
RUN cargo build --release \
    && mv target/release/tide-gauge /tide-gauge

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /tide-gauge /tide-gauge
USER 1000:1000
ENTRYPOINT ["/tide-gauge"]

# One triple written out: an arm64 image of this holds a program for amd64.
FROM rust:1.84 AS builder
RUN apt-get update && apt-get install -y musl-tools && rustup target add x86_64-unknown-linux-musl
WORKDIR /ballast
COPY . .
RUN cargo build --release --target x86_64-unknown-linux-musl \
    && strip target/x86_64-unknown-linux-musl/release/ballast

FROM alpine:3.21
COPY --from=builder /ballast/target/x86_64-unknown-linux-musl/release/ballast /bin/ballast
CMD ["/bin/ballast"]

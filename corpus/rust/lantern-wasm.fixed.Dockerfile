FROM --platform=$BUILDPLATFORM rust:1.86-slim AS web
RUN rustup target add wasm32-unknown-unknown \
    && cargo install --locked trunk@0.21.7
WORKDIR /lantern
COPY . .
RUN cd web && trunk build --release --public-url /ui/

FROM rust:1.86-slim AS server
WORKDIR /lantern
COPY . .
RUN cargo install --locked --path server --root /usr/local

FROM debian:bookworm-slim
COPY --from=web /lantern/web/dist /srv/ui
COPY --from=server /usr/local/bin/lantern /usr/local/bin/lantern
CMD ["lantern", "--assets", "/srv/ui"]

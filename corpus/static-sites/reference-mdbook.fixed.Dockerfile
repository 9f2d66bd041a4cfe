FROM --platform=$BUILDPLATFORM rust:1-slim AS book
RUN cargo install mdbook --version 0.4.45 --locked
WORKDIR /book
COPY . .
RUN mdbook build -d /out

FROM busybox:1.37
COPY --from=book /out /www
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]

FROM alpine:3.21 AS build
RUN apk add --no-cache zig git
WORKDIR /bittern
COPY build.zig build.zig.zon ./
RUN zig build --fetch
COPY src ./src
RUN --mount=type=cache,target=/root/.cache/zig \
    zig build -Doptimize=ReleaseSafe --prefix /out

FROM scratch
COPY --from=build /out/bin/bittern /bittern
EXPOSE 8053/udp
ENTRYPOINT ["/bittern"]

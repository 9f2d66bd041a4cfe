FROM alpine:3.21 AS build
RUN apk add --no-cache zig
COPY hello.c /src/
WORKDIR /src
RUN <<EOT
set -eu
zig cc -target x86_64-linux-musl -O2 -o /out/hello hello.c
EOT

FROM scratch
COPY --from=build /out/hello /hello
ENTRYPOINT ["/hello"]

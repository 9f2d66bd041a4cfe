FROM denoland/deno:debian-2.5.0 AS build
WORKDIR /app
COPY deno.json deno.lock ./
RUN deno install --frozen
COPY . .
RUN <<EOT
set -eu
deno check main.ts
deno compile --allow-net --allow-read=/data --output /out/feeds main.ts
EOT

FROM gcr.io/distroless/cc-debian12
COPY --from=build /out/feeds /usr/bin/feeds
VOLUME /data
ENTRYPOINT ["/usr/bin/feeds"]

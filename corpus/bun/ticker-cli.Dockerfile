FROM oven/bun:1.2-alpine AS build
WORKDIR /src
COPY package.json bun.lock ./
RUN bun install --frozen-lockfile
COPY src ./src
RUN bun build ./src/main.ts --compile --minify --outfile /out/ticker

FROM alpine:3.21
RUN apk add --no-cache libstdc++ libgcc
COPY --from=build /out/ticker /usr/local/bin/ticker
USER nobody
ENTRYPOINT ["ticker"]

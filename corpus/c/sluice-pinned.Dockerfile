# The stage was pinned to be fast, and so every image holds the builder's program.
FROM --platform=$BUILDPLATFORM gcc:14-bookworm AS build
WORKDIR /sluice
COPY . .
# A code generator, for the builder.
RUN gcc -O1 -o gen tools/gen.c && ./gen > tables.h
RUN gcc -O2 -static -o /usr/local/bin/sluice sluice.c ring.c

FROM scratch
COPY --from=build /usr/local/bin/sluice /sluice
ENTRYPOINT ["/sluice"]

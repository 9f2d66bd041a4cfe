# syntax=docker/dockerfile:1
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
        build-essential \
        cmake \
        libssl-dev \
        ninja-build \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /weir
COPY CMakeLists.txt ./
COPY include include
COPY src src
RUN cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
    && cmake --build build \
    && DESTDIR=/out cmake --install build --strip

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libssl3 && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/usr/bin/weird /usr/bin/weird
COPY --from=build /weir/build/weirctl /usr/bin/weirctl
ENTRYPOINT ["weird"]

FROM debian:bookworm-slim AS build
ARG ZIG_VERSION=0.13.0
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl xz-utils \
    && rm -rf /var/lib/apt/lists/*
RUN curl -fsSL "https://ziglang.org/download/${ZIG_VERSION}/zig-linux-$(uname -m)-${ZIG_VERSION}.tar.xz" -o /tmp/zig.tar.xz \
    && mkdir -p /opt/zig \
    && tar -xJf /tmp/zig.tar.xz -C /opt/zig --strip-components=1
ENV PATH=/opt/zig:$PATH
WORKDIR /egret
COPY . .
RUN zig build -Doptimize=ReleaseFast

FROM debian:bookworm-slim
COPY --from=build /egret/zig-out/bin/egret /usr/local/bin/egret
CMD ["egret", "serve"]

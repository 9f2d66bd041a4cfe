# Nothing to say: every architecture that is written out stands where it is right.
FROM debian:bookworm-slim
ARG TARGETARCH
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl
RUN arch="$(dpkg --print-architecture)" \
 && curl -fsSLo /usr/local/bin/gosu "https://github.com/tianon/gosu/releases/download/1.17/gosu-${arch}" \
 && chmod +x /usr/local/bin/gosu
RUN case "$TARGETARCH" in \
      amd64) url=https://dl.example.com/exporter/exporter-linux-x64.tar.gz ;; \
      arm64) url=https://dl.example.com/exporter/exporter-linux-arm64.tar.gz ;; \
      *) echo "no exporter for $TARGETARCH" >&2; exit 1 ;; \
    esac \
 && curl -fsSL "$url" | tar -xz -C /opt
RUN if [ "$TARGETARCH" = "amd64" ]; then \
      curl -fsSLo /opt/profiler.so https://dl.example.com/profiler/profiler-x86_64.so; \
    fi
CMD ["/opt/exporter"]

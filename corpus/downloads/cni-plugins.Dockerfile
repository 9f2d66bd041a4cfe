# syntax=docker/dockerfile:1
FROM alpine:3.21 AS plugins
RUN apk add --no-cache curl tar
ARG CNI_VERSION=v1.6.2
ARG TARGETARCH
RUN mkdir -p /opt/cni/bin \
 && curl -fsSL "https://github.com/containernetworking/plugins/releases/download/${CNI_VERSION}/cni-plugins-linux-${TARGETARCH}-${CNI_VERSION}.tgz" \
    | tar -xz -C /opt/cni/bin

FROM debian:bookworm-slim
COPY --from=plugins /opt/cni /opt/cni

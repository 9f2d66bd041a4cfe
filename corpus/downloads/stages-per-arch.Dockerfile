# syntax=docker/dockerfile:1
# Each architecture has its own hash, so each has its own stage.
FROM scratch AS agent-amd64
ADD --checksum=sha256:93dcc18adc78c65a028a84799ecf8ad40c936fdfc5f2a57b1acda5a8117fa82c --chmod=0755 \
    https://dl.example.com/agent/4.2.0/agent-linux-x86_64 /agent

FROM scratch AS agent-arm64
ADD --checksum=sha256:07952557df20bfd2a95f9bef198b445e006171969499a1d361bd9e6f8e5e0e81 --chmod=0755 \
    https://dl.example.com/agent/4.2.0/agent-linux-aarch64 /agent

FROM agent-${TARGETARCH} AS agent

FROM gcr.io/distroless/static-debian12
COPY --from=agent /agent /agent
ENTRYPOINT ["/agent"]

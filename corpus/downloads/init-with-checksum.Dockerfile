FROM node:22-bookworm-slim

ENV TINI_VERSION=v0.19.0
ENV TINI_SHA256=93dcc18adc78c65a028a84799ecf8ad40c936fdfc5f2a57b1acda5a8117fa82c

# One hash, one architecture.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl \
 && curl -fsSLo /tini "https://github.com/krallin/tini/releases/download/${TINI_VERSION}/tini-amd64" \
 && echo "${TINI_SHA256}  /tini" | sha256sum -c - \
 && chmod +x /tini

WORKDIR /srv
COPY --chown=node:node . .
USER node
ENTRYPOINT ["/tini", "--"]
CMD ["node", "server.js"]

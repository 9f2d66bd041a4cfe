//! The files that the benchmarks read.
#![allow(dead_code, reason = "each benchmark uses its part of it")]

use std::fs;
use std::path::Path;

use dflint::text::SourceFile;

/// A build as people write them: two stages, a package installation over several lines, a compiler, a copy.
pub(crate) const TYPICAL: &str = r#"# syntax=docker/dockerfile:1
ARG GO_VERSION=1.22
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine AS build
ARG TARGETOS TARGETARCH
WORKDIR /src
# What the build needs.
RUN apk add --no-cache \
        git \
        # for cgo
        build-base \
        ca-certificates
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod,sharing=locked go mod download
COPY . .
RUN --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /out/app ./cmd/app
RUN <<EOF
set -e
cp /out/app /out/app-${TARGETARCH}
strip /out/app || true
EOF

FROM alpine:3.20
LABEL org.opencontainers.image.title="app" org.opencontainers.image.version="1.0"
ENV PATH="/opt/app:${PATH}" LANG=C.UTF-8
COPY --from=build --chown=1000:1000 /out/app /opt/app/app
EXPOSE 8080/tcp
HEALTHCHECK --interval=30s CMD wget -q -O- http://localhost:8080/health || exit 1
USER 1000
ENTRYPOINT ["/opt/app/app", "--listen", ":8080"]
"#;

/// The Dockerfiles of the corpus.
pub(crate) fn corpus() -> Vec<String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let folders = fs::read_dir(corpus).expect("the corpus").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| {
            fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path())
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "Dockerfile"))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a Dockerfile")).collect()
}

/// A file of that text.
pub(crate) fn file(text: String) -> SourceFile {
    SourceFile::new("Dockerfile", text).expect("a file of some megabytes")
}

/// The texts of the numbers from 0.
pub(crate) fn numbered(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

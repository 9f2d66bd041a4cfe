//! How fast files are read, and that the time grows with their size and nothing else.

use std::fmt::Write;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dflint::syntax::parse;
use dflint::text::SourceFile;

/// A build as people write them: two stages, a package installation over several lines, a compiler, a copy.
const TYPICAL: &str = r#"# syntax=docker/dockerfile:1
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

/// The files that grow: for each a name, and what it is at a size.
#[allow(clippy::type_complexity, reason = "a table")]
const GROWING: &[(&str, fn(usize) -> String)] = &[
    ("one instruction of 1 MB", |scale| {
        format!("FROM a\nRUN {}", "echo some words; ".repeat(62_500 * scale))
    }),
    ("100,000 continuation lines", |scale| {
        format!("FROM a\nRUN true{}", " \\\n  && one more step".repeat(100_000 * scale))
    }),
    ("100,000 stages", |scale| {
        numbered(100_000 * scale, |text, index| writeln!(text, "FROM image:{index} AS stage-{index}"))
    }),
    ("10,000 heredocs", |scale| {
        numbered(10_000 * scale, |text, index| writeln!(text, "RUN <<E{index}\nset -e\necho x\nE{index}"))
    }),
    ("10,000 heredocs without an end", |scale| "RUN cat <<EOF\nsome text\n".repeat(10_000 * scale)),
    ("10,000 heredocs on one line", |scale| {
        format!("FROM a\nRUN{}\n{}", " <<A".repeat(10_000 * scale), "A\n".repeat(10_000 * scale))
    }),
    ("10,000 sources that are heredocs", |scale| {
        let names = numbered(10_000 * scale, |text, index| write!(text, " <<E{index}"));
        let ends = numbered(10_000 * scale, |text, index| writeln!(text, "E{index}"));
        format!("FROM a\nCOPY{names} /x\n{ends}")
    }),
    ("10,000 flags", |scale| {
        format!("FROM a\nRUN{} x\n", " --mount=type=cache,target=/x".repeat(10_000 * scale))
    }),
    ("10,000 unknown flags", |scale| format!("FROM a\nRUN{} x\n", " --nope=1".repeat(10_000 * scale))),
    ("100,000 pairs", |scale| format!("FROM a\nENV{}\n", " NAME=\"the $VALUE\"".repeat(100_000 * scale))),
    ("100,000 pairs over lines", |scale| {
        format!("FROM a\nENV{}\n", " \\\n  NAME=\"the \\\n $VALUE\"".repeat(100_000 * scale))
    }),
    ("100,000 JSON strings", |scale| {
        format!("FROM a\nCMD [\"x\"{}]\n", ", \"a\\tb\"".repeat(100_000 * scale))
    }),
    ("1 MB of brackets", |scale| format!("FROM a\nCMD {}\n", "[".repeat(1_000_000 * scale))),
    ("100,000 nested variables", |scale| {
        format!("FROM a\nENV A={}{}\n", "${X:-".repeat(100_000 * scale), "}".repeat(100_000 * scale))
    }),
    ("100,000 nested ONBUILD", |scale| format!("FROM a\n{} x\n", "ONBUILD ".repeat(100_000 * scale))),
    ("100,000 open quotes", |scale| format!("FROM a\nRUN {}\n", "<<\"a ".repeat(100_000 * scale))),
];

fn numbered(count: usize, write: fn(&mut String, usize) -> std::fmt::Result) -> String {
    let mut text = String::new();
    for index in 0..count {
        write(&mut text, index).expect("a string takes everything");
    }
    text
}

fn benchmark(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(10);
    let mut measure = |name: &str, text: String| {
        let file = SourceFile::new("Dockerfile", text).expect("a file of some megabytes");
        group.throughput(Throughput::Bytes(file.text().len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| parse(&file)));
    };
    measure("typical", TYPICAL.to_owned());
    measure("typical, 10 MB", TYPICAL.repeat(10_000_000 / TYPICAL.len()));
    for (name, text) in GROWING {
        measure(name, text(1));
        measure(&format!("{name}, doubled"), text(2));
    }
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);

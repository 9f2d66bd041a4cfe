//! How fast shell text is split: typical text, and text that is made to be slow.

#![allow(missing_docs, reason = "criterion's macro makes a public function")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dflint::shell;

/// What a RUN looks like.
const TYPICAL: &str = r#"set -eux; apt-get update && apt-get install -y --no-install-recommends ca-certificates curl gnupg build-essential libssl-dev pkg-config && rm -rf /var/lib/apt/lists/*; case "$(dpkg --print-architecture)" in amd64) ARCH='x64';; arm64) ARCH='arm64';; *) echo "unsupported architecture"; exit 1 ;; esac && curl -fsSLO --compressed "https://nodejs.org/dist/v$NODE_VERSION/node-v$NODE_VERSION-linux-$ARCH.tar.xz" && tar -xJf "node-v$NODE_VERSION-linux-$ARCH.tar.xz" -C /usr/local --strip-components=1 --no-same-owner && ln -s /usr/local/bin/node /usr/local/bin/nodejs; CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH:-amd64} go build -trimpath -ldflags="-s -w -X main.version=${VERSION}" -o /out/server ./cmd/server
"#;

/// Text that grows by repetition; the longer one should take ten times as long.
const PATHOLOGICAL: &[(&str, &str)] = &[
    ("pipes", "a | "),
    ("subshells", "( "),
    ("substitutions", "\"$("),
    ("backticks", "`"),
    ("operands", "${x:-"),
    ("arithmetic", "$(("),
    ("conditions", "if a; then "),
    ("heredocs", "<<a "),
    ("bodies", "<<a\n$("),
    ("quotes", "'\" "),
    ("escapes", "\\`"),
    ("errors", ";; "),
];

fn typical(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("typical");
    for copies in [1, 1000] {
        let text = TYPICAL.repeat(copies);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(text.len()), &text, |bencher, text| {
            bencher.iter_with_large_drop(|| shell::parse(black_box(text)));
        });
        group.bench_with_input(BenchmarkId::new("with drop", text.len()), &text, |bencher, text| {
            bencher.iter(|| shell::parse(black_box(text)));
        });
    }
    // A file of one's own: the texts of real RUNs, one after another.
    if let Some(text) = std::env::var("SHELL_TEXT").ok().and_then(|path| std::fs::read_to_string(path).ok()) {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("given", |bencher| bencher.iter(|| shell::parse(black_box(&text))));
    }
    group.finish();
}

fn pathological(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pathological");
    for (name, piece) in PATHOLOGICAL {
        for copies in [10_000, 100_000] {
            let text = piece.repeat(copies);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new(*name, copies), &text, |bencher, text| {
                bencher.iter(|| shell::parse(black_box(text)));
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = typical, pathological
}
criterion_main!(benches);

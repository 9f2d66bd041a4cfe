//! How fast whole files are checked, and which files take longer than in proportion to their size.

#![allow(missing_docs, reason = "criterion's macro makes a public function")]

mod files;

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dflint::engine::{Engine, Options};
use files::{TYPICAL, corpus, file, numbered};

/// The end of a file: the image that takes what the first stage built.
const IMAGE: &str = "FROM alpine\nCOPY --from=s0 /out/a /a\nCMD [\"/a\"]\n";

/// The files that grow: for each a name, and what it is at a size.
#[allow(clippy::type_complexity, reason = "a table")]
const GROWING: &[(&str, fn(usize) -> String)] = &[
    ("stages", |count| {
        numbered(count, |at| format!("FROM golang AS s{at}\nRUN go build -o /out/a .\n")) + IMAGE
    }),
    ("stages FROM each other", |count| {
        let first = "FROM golang AS s0\nRUN go build -o /out/a .\n".to_owned();
        first + &numbered(count, |at| format!("FROM s{at} AS s{}\nRUN echo {at}\n", at + 1)) + IMAGE
    }),
    ("RUNs in a stage", |count| {
        let first = "FROM golang AS s0\nRUN go build -o /out/a .\n".to_owned();
        first + &numbered(count, |at| format!("RUN apt-get install -y package-{at}\n")) + IMAGE
    }),
    ("ARG and ENV lines in a stage", |count| {
        let lines = numbered(count / 2, |at| format!("ARG A{at}=x$TARGETARCH\nENV B{at}=$A{at}\n"));
        "FROM golang AS s0\n".to_owned() + &lines + "RUN go build -o /out/a .\n" + IMAGE
    }),
    ("COPY --from lines", |count| {
        "FROM golang AS s0\nRUN go build -o /out/a .\n".to_owned()
            + IMAGE
            + &numbered(count, |at| format!("COPY --from=s0 /out/a /a{at}\n"))
    }),
];

/// Not in proportion yet, so smaller than the others: each command is compared with all that compile before it.
fn compiling(count: usize) -> String {
    let runs = numbered(count, |at| format!("RUN go build -o /out/a{at} ./cmd/{at}\n"));
    format!("FROM golang AS s0\n{runs}{IMAGE}")
}

fn benchmark(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    let engine = Engine::new(Options::default());
    let mut measure = |name: &str, texts: Vec<String>| {
        let files: Vec<_> = texts.into_iter().map(file).collect();
        group.throughput(Throughput::Bytes(files.iter().map(|file| file.text().len() as u64).sum()));
        group.bench_function(name, |bencher| {
            bencher.iter(|| files.iter().map(|file| engine.check(file).diagnostics.len()).sum::<usize>());
        });
    };
    measure("typical", vec![TYPICAL.to_owned()]);
    measure("corpus", corpus());
    for (name, text) in GROWING {
        for count in [10_000, 20_000] {
            measure(&format!("{count} {name}"), vec![text(count)]);
        }
    }
    for count in [1_000, 2_000] {
        measure(&format!("{count} RUNs that compile in a stage"), vec![compiling(count)]);
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
    targets = benchmark
}
criterion_main!(benches);

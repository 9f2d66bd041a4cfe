//! How fast files are read, and that the time grows with their size and nothing else.

mod files;

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dflint::shell::{self, ShellLanguage};
use dflint::syntax::{Body, Instruction, Keyword, parse};
use dflint::text::SourceFile;
use files::{TYPICAL, corpus, file, numbered};

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
        numbered(100_000 * scale, |index| format!("FROM image:{index} AS stage-{index}\n"))
    }),
    ("10,000 heredocs", |scale| {
        numbered(10_000 * scale, |index| format!("RUN <<E{index}\nset -e\necho x\nE{index}\n"))
    }),
    ("10,000 heredocs without an end", |scale| "RUN cat <<EOF\nsome text\n".repeat(10_000 * scale)),
    ("10,000 heredocs on one line", |scale| {
        format!("FROM a\nRUN{}\n{}", " <<A".repeat(10_000 * scale), "A\n".repeat(10_000 * scale))
    }),
    ("10,000 sources that are heredocs", |scale| {
        let names = numbered(10_000 * scale, |index| format!(" <<E{index}"));
        let ends = numbered(10_000 * scale, |index| format!("E{index}\n"));
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

/// The files that grow in their shell text.
#[allow(clippy::type_complexity, reason = "a table")]
const NESTED: &[(&str, fn(usize) -> String)] = &[
    ("100,000 nested subshells", |scale| {
        format!("FROM a\nRUN {}x{}\n", "( ".repeat(100_000 * scale), " )".repeat(100_000 * scale))
    }),
    ("100,000 nested substitutions", |scale| {
        format!("FROM a\nRUN {}x{}\n", "\"$(".repeat(100_000 * scale), ")\"".repeat(100_000 * scale))
    }),
    ("100,000 nested conditions", |scale| {
        format!("FROM a\nRUN {}{}\n", "if a; then ".repeat(100_000 * scale), "fi; ".repeat(100_000 * scale))
    }),
];

/// Splits all that a file gives to a shell.
fn split(file: &SourceFile) -> usize {
    let parse = parse(file);
    parse.instructions.iter().map(|instruction| split_instruction(file, parse.escape, instruction)).sum()
}

fn split_instruction(file: &SourceFile, escape: char, instruction: &Instruction) -> usize {
    if let Body::Onbuild(inner) = &instruction.body {
        return split_instruction(file, escape, inner);
    }
    let line = instruction.body.command().and_then(|command| command.shell_line(file, escape));
    let Some(line) = line else { return 0 };
    let is_script = instruction.keyword == Keyword::Run;
    let bodies = instruction.heredocs.iter().filter(|heredoc| {
        is_script && ShellLanguage::of_run_heredoc(heredoc.content.as_str(), ShellLanguage::Posix).is_shell()
    });
    let line = shell::parse(line.as_str()).body.len();
    line + bodies.map(|heredoc| shell::parse(heredoc.content.as_str()).body.len()).sum::<usize>()
}

fn benchmark(criterion: &mut Criterion) {
    let typical = || TYPICAL.repeat(10_000_000 / TYPICAL.len());
    let all = || corpus().concat();
    let mut group = criterion.benchmark_group("parse");
    let mut measure = |name: &str, text: String| {
        let file = file(text);
        group.throughput(Throughput::Bytes(file.text().len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| parse(&file)));
    };
    measure("typical", TYPICAL.to_owned());
    measure("corpus", all());
    measure("typical, 10 MB", typical());
    for (name, text) in GROWING {
        measure(name, text(1));
        measure(&format!("{name}, doubled"), text(2));
    }
    group.finish();

    let mut group = criterion.benchmark_group("parse with shell");
    let mut measure = |name: &str, text: String| {
        let file: SourceFile = file(text);
        group.throughput(Throughput::Bytes(file.text().len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| split(&file)));
    };
    measure("typical", TYPICAL.to_owned());
    measure("corpus", all());
    measure("typical, 10 MB", typical());
    for (name, text) in GROWING.iter().take(4).chain(NESTED) {
        measure(name, text(1));
        measure(&format!("{name}, doubled"), text(2));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
    targets = benchmark
}
criterion_main!(benches);

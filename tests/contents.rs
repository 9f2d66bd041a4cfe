//! What leaves a stage: which command made it, and for which platform.

use dflint::model::{Cause, Contents, Facts, Project};
use dflint::syntax;
use dflint::text::SourceFile;

/// The contents of the first thing that a stage takes from another, described: `product(go build)`, `native(npm ci)`,
/// `portable`, `probed`, `unknown`, in that order.
fn taken(dockerfile: &str) -> String {
    let file = SourceFile::new("Dockerfile", dockerfile).expect("a short text");
    let parse = syntax::parse(&file);
    assert!(parse.errors.is_empty(), "{:?}", parse.errors);
    let project = Project::default();
    let facts = Facts::new(&file, &parse, &project);
    let (source, consumer) = facts
        .stages()
        .iter()
        .rev()
        .find_map(|stage| Some((stage.index, *stage.consumers.first()?)))
        .expect("a stage takes something from another");
    described(&facts, &facts.taken_from(source, consumer.instruction))
}

fn described(facts: &Facts<'_>, contents: &Contents) -> String {
    let name = |id| facts.invocation(id).command.map_or("?", |command| command.name);
    let mut parts: Vec<String> =
        contents.products.iter().map(|&id| format!("product({})", name(id))).collect();
    parts.extend(contents.native.map(|cause| match cause {
        Cause::Command(id) => format!("native({})", name(id)),
        Cause::BaseImage(_) => "native(image)".to_owned(),
        Cause::Copy(_) => "native(copy)".to_owned(),
    }));
    parts.extend(contents.probed.map(|_| "probed".to_owned()));
    parts.extend(contents.unknown.map(|_| "unknown".to_owned()));
    if contents.portable {
        parts.push("portable".to_owned());
    }
    parts.join(" ")
}

/// A builder with these instructions, and an image that takes `path` from it.
fn from_builder(instructions: &str, path: &str) -> String {
    taken(&format!("FROM golang:1.24 AS build\n{instructions}\nFROM alpine\nCOPY --from=build {path} /x\n"))
}

#[test]
fn the_command_that_wrote_a_file_last_decides() {
    for (instructions, path, expected) in [
        ("RUN go build -o /out/app .", "/out/app", "product(go build)"),
        ("WORKDIR /src\nCOPY . .\nRUN go build -o app .", "/src/app", "product(go build)"),
        ("WORKDIR /src\nCOPY . .\nRUN go build -o bin/app .", "/src", "product(go build) portable"),
        ("RUN make\nRUN go build -o /out/app .", "/out/app", "product(go build)"),
        ("RUN go build -o /out/app .\nRUN make", "/out/app", "product(go build) unknown"),
        ("RUN go build -o /tmp/app . && mv /tmp/app /out/app", "/out/app", "product(go build)"),
        ("RUN cd /src && go build -o ../out/app .", "/out/app", "product(go build)"),
        ("RUN go install ./cmd/app", "/go/bin/app", "product(go install)"),
        ("RUN GOBIN=/out go install ./cmd/app", "/out/app", "product(go install)"),
        ("RUN go build -o /out/ ./cmd/a ./cmd/b", "/out/", "product(go build)"),
    ] {
        assert_eq!(from_builder(instructions, path), expected, "{instructions} {path}");
    }
}

#[test]
fn what_is_installed_is_for_the_platform_of_the_stage() {
    for (instructions, path, expected) in [
        ("RUN apt-get install -y jq", "/usr/bin/jq", "native(apt-get)"),
        ("RUN true", "/usr/local/go", "native(image)"),
        ("WORKDIR /app\nRUN npm ci", "/app/node_modules", "native(npm ci)"),
        ("WORKDIR /app\nCOPY . .\nRUN npm ci", "/app", "native(npm ci) portable"),
        ("WORKDIR /app\nRUN npm ci --prefix web", "/app/web/node_modules", "native(npm ci)"),
        ("RUN pip install --prefix=/install -r r.txt", "/install", "native(pip install)"),
        ("RUN python -m venv /opt/venv", "/opt/venv", "native(python venv)"),
        ("RUN apk add --root /rootfs libssl3", "/rootfs", "native(apk)"),
    ] {
        assert_eq!(from_builder(instructions, path), expected, "{instructions} {path}");
    }
}

#[test]
fn some_things_are_the_same_everywhere() {
    for (instructions, path, expected) in [
        ("RUN apt-get install -y ca-certificates", "/etc/ssl/certs/ca-certificates.crt", "portable"),
        ("RUN true", "/usr/share/zoneinfo", "portable"),
        ("COPY config/ /etc/app/", "/etc/app", "portable"),
        ("RUN mkdir -p /data && touch /data/.keep", "/data", "portable"),
        ("WORKDIR /src\nRUN git clone https://example.com/x.git .", "/src/static", "portable"),
        ("RUN curl -fsSL -o /tool https://example.com/tool-1.2.jar", "/tool", "portable"),
    ] {
        assert_eq!(from_builder(instructions, path), expected, "{instructions} {path}");
    }
}

#[test]
fn questions_to_the_machine_and_unknown_commands_are_told_apart() {
    for (instructions, path, expected) in [
        ("RUN curl -o /tool https://example.com/tool-$(uname -m)", "/tool", "probed portable"),
        (
            "RUN A=$(dpkg --print-architecture) && curl -o /tool https://example.com/$A",
            "/tool",
            "probed portable",
        ),
        (
            "RUN case $(uname -m) in x86_64) A=x64 ;; *) A=arm ;; esac; curl -o /t https://example.com/$A",
            "/t",
            "probed portable",
        ),
        ("RUN curl -o /tool https://example.com/$(cat /version)", "/tool", "unknown portable"),
        ("ARG VERSION\nRUN curl -o /tool https://example.com/$VERSION", "/tool", "portable"),
        ("RUN ./configure && ./install.sh", "/out", "unknown"),
        ("RUN go build -o /out/app .", "/other", "unknown"),
    ] {
        assert_eq!(from_builder(instructions, path), expected, "{instructions} {path}");
    }
}

#[test]
fn files_are_followed_through_stages_and_mounts() {
    let through_scratch = "FROM golang AS a\nRUN go build -o /o/app .\nFROM scratch AS b\nCOPY --from=a /o/app /app\n\
                           FROM alpine\nCOPY --from=b /app /app\n";
    assert_eq!(taken(through_scratch), "product(go build)");
    let inherited = "FROM golang AS a\nRUN go build -o /o/app .\nFROM a AS b\nRUN echo done\nFROM alpine\n\
                     COPY --from=b /o/app /app\n";
    assert_eq!(taken(inherited), "product(go build)");
    let mounted = "FROM golang AS a\nRUN go build -o /o/app .\nFROM alpine\n\
                   RUN --mount=from=a,source=/o/app,target=/app cp /app /usr/bin/app\n";
    assert_eq!(taken(mounted), "product(go build)");
    let by_number = "FROM golang\nRUN go build -o /o/app .\nFROM alpine\nCOPY --from=0 /o/app /app\n";
    assert_eq!(taken(by_number), "product(go build)");
    let cached = "FROM rust:1 AS a\nWORKDIR /s\nCOPY . .\nRUN --mount=type=cache,target=/s/target cargo build && cp target/debug/app /app\n\
                  FROM alpine\nCOPY --from=a /app /app\n";
    assert_eq!(taken(cached), "product(cargo build) portable");
}

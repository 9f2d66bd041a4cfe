//! Builders that a careless rewrite would break or make ship the wrong program: no safe fix may touch them.

use dflint::diagnostics::Applicability;
use dflint::engine::{Engine, Options};
use dflint::text::SourceFile;

fn is_left_alone(dockerfile: &str) {
    let file = SourceFile::new("Dockerfile", dockerfile).expect("a short text");
    let fixed = Engine::new(Options::default()).fix(&file, Applicability::Safe);
    assert_eq!(fixed.file.text(), dockerfile, "a safe fix changed it");
}

#[test]
fn go() {
    for instructions in [
        // The program leaves in a way that is not followed.
        "RUN go build -o app . && mkdir /out && tar czf /out/app app",
        "RUN go build -o app . && tee /out/app < app",
        "RUN go build -o /tmp/app . && lz4 -c /tmp/app > /out/app",
        // Something runs what was compiled, or carries it into the program.
        "RUN go build -o /out/app . && /out/app --version",
        "RUN go build -o /out/app . && strip /out/app",
        "RUN go build -o cmd/app/helper ./cmd/helper && go build -o /out/app ./cmd/app",
        // The machine is asked.
        "RUN go build -ldflags \"-X main.arch=$(uname -m)\" -o /out/app .",
        "RUN if [ $(uname -m) = x86_64 ]; then cp a.s b.s; fi; go build -o /out/app .",
        "RUN A=$(go env GOARCH) && go build -tags $A -o /out/app .",
        // Something else decides about the target.
        "RUN TARGETARCH=x && go build -o /out/app .",
        "ARG TARGETARCH=amd64\nRUN go build -o /out/app .",
        "ARG GOARCH=amd64\nRUN go build -o /out/app .",
        "ENV GOFLAGS=-race\nRUN go build -o /out/app .",
        "RUN GOOS=windows go build -o /out/app .",
        "RUN go build -race -o /out/app .",
        "RUN go build -buildmode=c-shared -o /out/app .",
        "RUN [\"go\", \"build\", \"-o\", \"/out/app\", \".\"]",
        "RUN time go build -o /out/app .",
        "RUN GOARCH=amd64 go build -o /out/app . && GOARCH=arm64 go build -o /out/app-arm64 .",
        // A branch that only a build argument takes.
        "ARG DEBUG=false\nRUN if [ $DEBUG = true ]; then go build -o /out/app .; else go build -o /out/app .; fi",
        // What else the stage does is not known, or is for the machine.
        "RUN ./generate.sh && go build -o /out/app .",
        "RUN go test -c -o /out/app . && make",
        "COPY --from=tools /bin/protoc /usr/local/bin/protoc\nRUN go build -o /out/app .",
    ] {
        is_left_alone(&format!(
            "FROM alpine AS tools\nRUN apk add protoc\nFROM golang:1.24 AS build\nENV CGO_ENABLED=0\n{instructions}\n\
             FROM scratch\nCOPY --from=build /out/app /app\n"
        ));
    }
}

#[test]
fn go_and_cgo() {
    for (image, instructions) in [
        ("golang:1.24", "RUN go build -o /out/app ."),
        ("golang:1.24", "RUN CGO_ENABLED=1 go build -o /out/app ."),
        ("golang:1.24", "ARG CGO_ENABLED\nRUN go build -o /out/app ."),
        ("golang:1.24-alpine", "RUN apk add gcc musl-dev\nRUN go build -o /out/app ."),
        ("golang:1.24-alpine", "ARG PACKAGES=git\nRUN apk add $PACKAGES\nRUN go build -o /out/app ."),
        ("golang:1.24-alpine", "RUN go install example.org/app@v1.2.0 && mv /go/bin/app /out/app"),
    ] {
        is_left_alone(&format!(
            "FROM {image} AS build\n{instructions}\nFROM alpine\nCOPY --from=build /out/app /app\n"
        ));
    }
}

#[test]
fn what_stands_around_the_builder() {
    let builder = "ENV CGO_ENABLED=0\nRUN go build -o /out/app .\n";
    let copy = "COPY --from=build /out/app /app\n";
    for dockerfile in [
        format!("ARG TARGETARCH=amd64\nFROM golang:1.24 AS build\n{builder}FROM scratch\n{copy}"),
        format!("ARG BUILDPLATFORM=linux/amd64\nFROM golang:1.24 AS build\n{builder}FROM scratch\n{copy}"),
        format!("FROM golang:1.24 AS build\n{builder}FROM --platform=linux/amd64 alpine\n{copy}"),
        format!("FROM golang:1.24 AS build\n{builder}FROM amd64/alpine\n{copy}"),
        format!("FROM amd64/golang:1.24 AS build\n{builder}FROM alpine\n{copy}"),
        format!("FROM example.com/builder AS build\n{builder}FROM alpine\n{copy}"),
        format!("FROM golang:1.24-nanoserver AS build\n{builder}FROM alpine\n{copy}"),
        format!("FROM golang:1.24 AS build\n{builder}CMD [\"/out/app\"]\nFROM alpine\n{copy}"),
        format!("FROM golang:1.24 AS build\n{builder}"),
    ] {
        is_left_alone(&dockerfile);
    }
}

#[test]
fn dotnet() {
    for (instructions, image, start) in [
        ("RUN dotnet publish -c Release -o /out", "aspnet:8.0", "./App"),
        ("RUN dotnet publish App.sln -o /out", "aspnet:8.0", "./App"),
        ("RUN dotnet publish App.csproj -o /out -p:PublishAot=true", "runtime-deps:8.0", "./App"),
        (
            "RUN apt-get install -y clang zlib1g-dev\nRUN dotnet publish App.csproj -o /out",
            "runtime-deps:8.0",
            "./App",
        ),
        ("RUN dotnet publish App.csproj -o /out -r linux-x64", "aspnet:8.0", "./App"),
        ("RUN dotnet publish App.csproj -o /out --use-current-runtime", "aspnet:8.0", "./App"),
        ("RUN dotnet publish App.csproj -o /out -p:PlatformTarget=x64", "aspnet:8.0", "./App"),
        ("RUN dotnet publish App.csproj -o /out", "aspnet:8.0-alpine", "./App"),
        ("RUN dotnet publish App.csproj -o /out", "aspnet:6.0", "./App"),
        ("RUN [\"dotnet\", \"publish\", \"App.csproj\", \"-o\", \"/out\"]", "aspnet:8.0", "./App"),
        (
            "RUN dotnet restore App.csproj && dotnet ef dbcontext list && dotnet publish App.csproj --no-restore -o /out",
            "aspnet:8.0",
            "./App",
        ),
    ] {
        is_left_alone(&format!(
            "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\n{instructions}\n\
             FROM mcr.microsoft.com/dotnet/{image}\nCOPY --from=build /out /app\nENTRYPOINT [\"{start}\"]\n"
        ));
    }
}

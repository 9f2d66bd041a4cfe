use super::*;

#[test]
fn the_longest_name_wins() {
    let of = |line: &str| {
        let mut words = line.split(' ');
        let program = words.next().expect("a program");
        let arguments: Vec<_> = words.map(Some).collect();
        Knowledge::default().command(program, &arguments).map(|command| command.name)
    };
    assert_eq!(of("go mod download -x"), Some("go mod download"));
    assert_eq!(of("go -C /src build ./..."), Some("go build"));
    assert_eq!(of("git -C /src clone x"), Some("git"));
    assert_eq!(of("go test -v -o /t -c ."), Some("go test -c"));
    assert_eq!(of("go frobnicate"), None);
    assert_eq!(of("cargo install --locked --path=."), Some("cargo install --path"));
    assert_eq!(of("cargo build --target wasm32-wasi"), Some("cargo build --target=wasm32-wasi"));
    assert_eq!(of("cargo build --target wasm32-wasi-x"), Some("cargo build"));
    assert_eq!(of("npm run build:prod"), Some("npm run build*"));
    assert_eq!(of("npm run rebuild"), None);
    assert_eq!(of("yarn --cwd web"), Some("yarn"));
    assert_eq!(of("yarn --cwd web deploy"), None);
    assert_eq!(of("mvn package -Pprod,native"), Some("mvn -P*native*"));
    assert_eq!(of("mvn package -Pprod"), Some("mvn"));
    assert_eq!(of("gradle clean :app:nativeCompile"), Some("gradle *nativeCompile"));
}

#[test]
fn a_name_is_shown_without_patterns() {
    let named = |program, arguments: &[&'static str]| {
        let words: Vec<_> = arguments.iter().map(|word| Some(*word)).collect();
        let command = Knowledge::default().command(program, &words)?;
        Some(command.title(arguments.iter().copied()))
    };
    assert_eq!(named("mvn", &["-Pnative"]).as_deref(), Some("mvn"));
    assert_eq!(named("go", &["build"]).as_deref(), Some("go build"));
    assert_eq!(named("rebar3", &["as", "prod", "tar"]).as_deref(), Some("rebar3 as prod tar"));
}

#[test]
fn programs_are_compared_as_words() {
    for (name, program) in [
        ("go", "go"),
        ("go", "gofmt"),
        ("gofmt", "go"),
        ("go build", "go"),
        ("go build", "go-x"),
        ("a b", "b"),
    ] {
        let own = name.split(' ').next().expect("a word");
        assert_eq!(compare_program(name, program), own.cmp(program), "{name}, {program}");
    }
}

#[test]
fn mirrors_of_an_image_are_that_image() {
    let image = |repository| Knowledge::default().image(repository);
    for repository in ["golang", "mirror.example/library/golang", "bitnami/golang"] {
        assert_eq!(image(repository).and_then(|image| image.toolchain), Some("go"), "{repository}");
    }
    assert!(image("notgolang").is_none());
}

#[test]
fn an_architecture_has_many_spellings() {
    assert_eq!(spelled("arm64", "uname"), Some("aarch64"));
    assert_eq!(spelled("amd64", "dotnet"), Some("x64"));
    assert_eq!(probe("uname", &[Some("-m")]), Some("uname"));
    assert_eq!(probe("uname", &[Some("-a")]), None);
}

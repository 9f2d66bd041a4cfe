//! What `BuildKit` refuses is an error at the smallest text that is wrong; what follows is read as usual.

use dflint::syntax::{Keyword, Parse, Phase, parse};
use dflint::text::SourceFile;

fn read(text: &str) -> Parse {
    parse(&SourceFile::new("Dockerfile", text).expect("a small file"))
}

/// The texts that errors point at.
fn wrong(text: &str) -> Vec<(&str, Phase)> {
    read(text).errors.iter().map(|error| (&text[error.range], error.phase)).collect()
}

fn keywords(text: &str) -> Vec<Keyword> {
    read(text).instructions.iter().map(|instruction| instruction.keyword).collect()
}

/// One instruction behind a FROM has these errors while `BuildKit` goes through the instructions.
#[track_caller]
fn dispatch(instruction: &str, expected: &[&str]) {
    let text = format!("FROM a\n{instruction}\nUSER b\n");
    let expected: Vec<_> = expected.iter().map(|&text| (text, Phase::Dispatch)).collect();
    assert_eq!(wrong(&text), expected, "{instruction}");
    assert_eq!(keywords(&text).last(), Some(&Keyword::User), "{instruction}");
}

#[test]
fn flags() {
    dispatch("RUN --nope=1 x", &["--nope"]);
    dispatch("RUN --Mount=type=cache x", &["--Mount"]);
    dispatch("WORKDIR --x=y z", &["--x"]);
    dispatch("COPY --from=a --from=b x y", &["--from=b"]);
    dispatch("COPY --from x y", &["--from"]);
    dispatch("COPY --link=maybe x y", &["maybe"]);
    dispatch("COPY --link --parents=false x y", &[]);
    dispatch("COPY --from=$X x y", &["$X"]);
    dispatch("COPY --exclude=a --exclude=b x y", &[]);
    dispatch("RUN --network=lan x", &["lan"]);
    dispatch("RUN --security=none x", &["none"]);
    dispatch("RUN --device=a,b x", &["a,b"]);
    dispatch("HEALTHCHECK --interval=1d CMD x", &["1d"]);
    dispatch("HEALTHCHECK --interval=1us CMD x", &["1us"]);
    dispatch("HEALTHCHECK --retries=-1 CMD x", &["-1"]);
    dispatch("HEALTHCHECK --interval=1m30s --retries= CMD x", &[]);
    // BuildKit does not look at the flags of these.
    dispatch("ARG --x y", &[]);
    dispatch("STOPSIGNAL --x 9", &[]);
    dispatch("HEALTHCHECK --x NONE", &[]);
}

#[test]
fn mounts() {
    dispatch("RUN --mount=type=nope,target=/x y", &["nope"]);
    dispatch("RUN --mount=type=cache,targt=/x y", &["targt=/x"]);
    dispatch("RUN --mount=type=cache,sharing=all,target=/x y", &["all"]);
    dispatch("RUN --mount=type=bind,sharing=locked,target=/x y", &["sharing=locked"]);
    dispatch("RUN --mount=type=bind,from=$X,target=/x y", &["$X"]);
    dispatch("RUN --mount=type=bind,ro=perhaps,target=/x y", &["perhaps"]);
    dispatch("RUN --mount=type=bind,uid=1,target=/x y", &["uid=1"]);
    dispatch("RUN --mount=type=cache,mode=8,target=/x y", &["8"]);
    dispatch("RUN --mount=type=tmpfs,size=much,target=/x y", &["much"]);
    dispatch("RUN --mount=size=1,target=/x y", &["size=1"]);
    dispatch("RUN --mount=type=secret y", &["--mount=type=secret"]);
    dispatch("RUN --mount=type=secret,id=a,src=b y", &["id=a"]);
    dispatch("RUN --mount=type=secret,id=a,required,env=B y", &[]);
    dispatch("RUN --mount=target y", &["target"]);
    dispatch("RUN --mount= y", &["--mount="]);
    dispatch("RUN --mount='type=cache,a\"b' y", &["\""]);
    dispatch("RUN --mount=type=$T,sharing=$S,size=$Z,target=/x y", &[]);
}

#[test]
fn arguments() {
    dispatch("ADD a", &["a"]);
    dispatch("COPY", &["COPY"]);
    dispatch("COPY a <<EOF\nEOF", &["<<EOF"]);
    dispatch("USER", &["USER"]);
    dispatch("ENV", &["ENV"]);
    dispatch("ENV =x", &["=x"]);
    dispatch("ARG a =x b", &["=x"]);
    dispatch("SHELL bash -c", &["bash -c"]);
    dispatch("SHELL []", &["[]"]);
    dispatch("VOLUME []", &["[]"]);
    dispatch("VOLUME [\" \"]", &[" "]);
    dispatch("HEALTHCHECK run x", &["run"]);
    dispatch("HEALTHCHECK CMD", &["CMD"]);
    dispatch("HEALTHCHECK NONE x", &["x"]);
    dispatch("ONBUILD ONBUILD RUN x", &["ONBUILD"]);
    dispatch("ONBUILD from x", &["from"]);
    dispatch("ONBUILD MAINTAINER x", &["MAINTAINER"]);
    dispatch("ONBUILD RUN --nope x", &[]);
    dispatch("EXPOSE 80 http 1-2/udp", &["http"]);
    dispatch("EXPOSE $PORT", &[]);
    dispatch("STOPSIGNAL SIGFOO", &["SIGFOO"]);
    dispatch("RNU x", &["RNU"]);
    dispatch("RUN", &[]);
    dispatch("CMD []", &[]);
}

#[test]
fn stages() {
    dispatch("FROM a b", &["b"]);
    dispatch("FROM a AS b c d", &["c d"]);
    dispatch("FROM a of b", &["of b"]);
    dispatch("FROM a AS 1", &["1"]);
    dispatch("FROM a AS B.c-d_1", &[]);
    dispatch("FROM --platform=a/b/c/d x", &["a/b/c/d"]);
    dispatch("FROM --platform=$P x", &[]);
    dispatch("FROM Golang:1", &["Golang"]);
    dispatch("FROM golang:a:b", &["a:b"]);
    dispatch("FROM a AS Up\nFROM UP", &[]);
    assert_eq!(wrong("RUN x\nRUN y\nFROM a"), [("RUN", Phase::Dispatch)]);
    assert_eq!(wrong("ARG x\nARG y"), [("ARG", Phase::Dispatch)]);
}

#[test]
fn words() {
    dispatch("ENV A=${", &["${"]);
    dispatch("ENV A=${X", &["${X"]);
    dispatch("ENV A=\"${X Y\"", &["${X"]);
    dispatch("ENV A=${:x}", &["${:"]);
    dispatch("ENV A=${X^^}", &["^"]);
    dispatch("ENV A=${X:#a}", &[":#"]);
    dispatch("ENV A=${X#\\a}", &["${X#\\a}"]);
    dispatch("ENV A=a B=\"b", &["\""]);
    dispatch("WORKDIR 'a", &["'"]);
    dispatch("COPY <<EOF /x\n$Y ${\nEOF", &["${"]);
    dispatch("COPY <<'EOF' /x\n$Y ${\nEOF", &[]);
    dispatch("RUN echo ${", &[]);
    dispatch("COPY ${X:?needed} /x", &[]);
}

/// What makes `BuildKit` give up on the whole file costs one instruction here.
#[test]
fn the_rest_of_the_file_is_read() {
    for (text, expected) in [
        ("FROM a\nENV A\nUSER b", "A"),
        ("FROM a\nENV A=b c\nUSER b", "c"),
        ("FROM a\nCMD [\"x\", 1]\nUSER b", "1"),
        ("FROM a\nRUN <<EOF\necho\nUSER b", "<<EOF"),
        ("FROM a\nRUN echo $((1 << 2))\nUSER b", "<< 2))"),
        ("from a\nrun <<EOF\necho\nuser b", "<<EOF"),
        ("# escape=x\nFROM a\nUSER b", "x"),
        ("# escape=`\n# escape=\\\nFROM a\nUSER b", "# escape=\\"),
    ] {
        assert_eq!(wrong(text), [(expected, Phase::Parse)], "{text}");
        assert_eq!(keywords(text).last(), Some(&Keyword::User), "{text}");
    }
    assert_eq!(wrong("# only\n"), [("", Phase::Parse)]);
}

#[test]
fn a_heredoc_without_an_end_reaches_to_the_next_instruction() {
    let text = "FROM a\nRUN cat <<A <<B\n1\nA\nfrom here\n2\nRUN x\n";
    let parse = read(text);
    let bodies: Vec<_> = parse.instructions[1].heredocs.iter().map(|heredoc| &text[heredoc.body]).collect();
    assert_eq!(bodies, ["1\n", "from here\n2\n"]);
    assert_eq!(parse.instructions.len(), 3);
}

#[test]
fn a_line_longer_than_buildkit_reads() {
    let line = |length: usize| format!("FROM a\nRUN {}\nUSER b\n", "x".repeat(length - 4));
    assert_eq!(wrong(&line(65_535)), []);
    assert_eq!(wrong(&line(65_537)), [("xx", Phase::Parse)]);
    assert_eq!(keywords(&line(70_000)).len(), 3);
}

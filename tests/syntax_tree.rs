//! The typed tree: what an instruction holds, and where it stands in the file.

use dflint::syntax::{Body, CommandBody, Instruction, Parse, PieceKind, Word, parse};
use dflint::text::{SourceFile, TextRange};

/// A parsed text.
struct Tree {
    file: SourceFile,
    parse: Parse,
}

impl Tree {
    fn new(text: &str) -> Self {
        let file = SourceFile::new("Dockerfile", text).expect("a small file");
        let parse = parse(&file);
        Self { file, parse }
    }

    fn only(&self) -> &Instruction {
        assert_eq!(self.parse.instructions.len(), 1);
        &self.parse.instructions[0]
    }

    /// What the only instruction gives to a shell.
    fn shell_line(&self) -> String {
        let command = self.only().body.command().expect("a command");
        command.shell_line(&self.file, self.parse.escape).expect("the shell form").as_str().to_owned()
    }

    fn at(&self, range: TextRange) -> &str {
        self.file.slice(range)
    }
}

fn text(word: Option<&Word>) -> &str {
    word.map_or("-", |word| word.text.as_str())
}

#[test]
fn pieces() {
    let text = "\u{feff}# syntax=a\n\n# c\nFROM a \\\n  # inner\n  AS b\n";
    let tree = Tree::new(text);
    let kinds: Vec<_> = tree.parse.pieces.iter().map(|piece| (piece.kind, tree.at(piece.range))).collect();
    assert_eq!(
        kinds,
        [
            (PieceKind::ByteOrderMark, "\u{feff}"),
            (PieceKind::Directive, "# syntax=a\n"),
            (PieceKind::Blank, "\n"),
            (PieceKind::Comment, "# c\n"),
            (PieceKind::Instruction(0), "FROM a \\\n  # inner\n  AS b\n"),
        ]
    );
    assert_eq!(tree.at(tree.parse.directives[0].value_range), "a");
    assert_eq!(tree.at(tree.only().range), "FROM a \\\n  # inner\n  AS b");
    assert_eq!(tree.only().joined(&tree.file, '\\').as_str(), "FROM a   AS b");
    assert_eq!(tree.only().joined_arguments(&tree.file, '\\').as_str(), "a   AS b");
    assert_eq!(tree.at(tree.only().arguments), "a \\\n  # inner\n  AS b");
}

#[test]
fn from() {
    let tree = Tree::new("from --platform=\"$BUILDPLATFORM\" \\\n golang:1.22 as Build");
    let Body::From(from) = &tree.only().body else { panic!() };
    let flag = tree.only().flag("platform").expect("a platform");
    let value = flag.value.as_ref().expect("a value");
    assert_eq!(
        (tree.at(flag.range), tree.at(flag.name_range)),
        ("--platform=\"$BUILDPLATFORM\"", "--platform")
    );
    // The quotes are not part of the value, so it can be replaced as it stands.
    assert_eq!(
        (value.text.as_str(), tree.at(value.range), value.is_contiguous()),
        ("$BUILDPLATFORM", "$BUILDPLATFORM", true)
    );
    assert_eq!((tree.at(from.image.range), text(from.alias.as_ref())), ("golang:1.22", "Build"));
}

#[test]
fn mount_keys() {
    let tree = Tree::new("RUN --mount=type=cache,\\\ntarget=/x,SHARING='locked',ro x");
    let flag = tree.only().flag("mount").expect("a mount");
    let keys: Vec<_> = flag.keys().map(|key| (key.name().to_owned(), tree.at(key.range()))).collect();
    assert_eq!(
        keys.iter().map(|(name, text)| (name.as_str(), *text)).collect::<Vec<_>>(),
        [("type", "type=cache"), ("target", "target=/x"), ("SHARING", "SHARING='locked"), ("ro", "ro")]
    );
    assert_eq!(text(flag.key("sharing").as_ref()), "locked");
    assert_eq!(tree.shell_line(), "x");
}

#[test]
fn words_over_lines() {
    let tree = Tree::new("ENV A=on\\\n# between\ne B='x y'\n");
    let Body::Env(pairs) = &tree.only().body else { panic!() };
    let value = pairs[0].value.as_ref().expect("a value");
    assert_eq!(
        (value.text.as_str(), tree.at(value.range), value.is_contiguous()),
        ("one", "on\\\n# between\ne", false)
    );
    assert_eq!((tree.at(pairs[1].range), text(pairs[1].value.as_ref())), ("B='x y'", "'x y'"));
}

#[test]
fn copy() {
    let tree = Tree::new("COPY --from=build [\"a b\", \"c\\\\d\", \"/x\"]");
    let Body::Copy(copy) = &tree.only().body else { panic!() };
    assert!(copy.json && tree.only().json);
    let sources: Vec<_> = copy
        .sources
        .iter()
        .map(|word| (word.text.as_str(), tree.at(word.range), word.is_contiguous()))
        .collect();
    assert_eq!(sources, [("a b", "a b", true), ("c\\d", "c\\\\d", false)]);
    assert_eq!(tree.at(copy.destination.range), "/x");
}

#[test]
fn heredocs() {
    let tree = Tree::new("RUN 3<<-\"A\" <<B cat\n\tone\n\tA\ntwo\nB\n");
    let [a, b] = &tree.only().heredocs[..] else { panic!() };
    assert_eq!((a.name.as_str(), a.file_descriptor, a.expand, a.chomp), ("A", 3, false, true));
    assert_eq!((tree.at(a.marker), tree.at(a.body), a.content.as_str()), ("3<<-\"A\"", "\tone\n", "one\n"));
    assert_eq!((tree.at(b.marker), tree.at(b.body), b.expand), ("<<B", "two\n", true));
    let whole = tree.only().range;
    assert!(tree.at(whole).ends_with("\nB"));
}

#[test]
fn onbuild() {
    let tree = Tree::new("ONBUILD RUN --network=none <<E\nx\nE\n");
    let Body::Onbuild(inner) = &tree.only().body else { panic!() };
    assert_eq!(tree.at(inner.keyword_range), "RUN");
    assert_eq!(text(inner.flag("network").and_then(|flag| flag.value.as_ref())), "none");
    assert_eq!(inner.heredocs, tree.only().heredocs);
    assert_eq!(tree.at(inner.range), "RUN --network=none <<E\nx\nE");
}

#[test]
fn healthcheck() {
    let tree = Tree::new("HEALTHCHECK --interval=5s CMD [\"a\", \"b\"]");
    let Some(CommandBody::Exec(strings)) = tree.only().body.command() else { panic!() };
    let strings: Vec<_> =
        strings.iter().map(|string| (string.value.as_str(), tree.at(string.range))).collect();
    assert_eq!(strings, [("a", "\"a\""), ("b", "\"b\"")]);
    assert!(matches!(Tree::new("HEALTHCHECK none").only().body, Body::Healthcheck(None)));
}

#[test]
fn keywords_over_lines() {
    let tree = Tree::new("RU\\\r\nN echo \\\r\n  hi\r\n");
    assert_eq!(tree.only().keyword_text(&tree.file, '\\'), "RUN");
    assert_eq!(tree.at(tree.only().keyword_range), "RU\\\r\nN");
    assert_eq!(tree.shell_line(), "echo   hi");
}

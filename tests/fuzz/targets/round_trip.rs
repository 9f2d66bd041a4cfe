//! The pieces of a file are the file, and each instruction's piece has the same tree by itself.
#![no_main]

use dflint::syntax::{self, Parse, PieceKind};
use dflint::text::SourceFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (file, parse) = read(text);
    let joined: String = parse.pieces.iter().map(|piece| file.slice(piece.range)).collect();
    assert_eq!(joined, text);
    let head = if parse.escape == '`' { "# escape=`\n" } else { "\n" };
    // A heredoc without an end ends where the next instruction begins, so it is not the same by itself.
    let self_contained = parse.errors.iter().all(|error| !error.message.contains("not closed"));
    for piece in parse.pieces.iter().filter(|_| self_contained) {
        let PieceKind::Instruction(index) = piece.kind else { continue };
        let index = index as usize;
        let (alone_file, alone) = read(&format!("{head}{}", file.slice(piece.range)));
        let (one, other) = (&parse.instructions[index], &alone.instructions[0]);
        assert_eq!(alone.instructions.len(), 1);
        let (one_text, other_text) = (one.joined(&file, parse.escape), other.joined(&alone_file, parse.escape));
        assert_eq!(one_text.as_str(), other_text.as_str());
        assert_eq!((one.keyword, one.json), (other.keyword, other.json));
        assert_eq!(one.arguments.len(), other.arguments.len());
        assert_eq!(one.flags.len(), other.flags.len());
        assert_eq!(one.range.len(), other.range.len());
        let content = |instruction: &syntax::Instruction| -> Vec<String> {
            instruction.heredocs.iter().map(|heredoc| heredoc.content.as_str().to_owned()).collect()
        };
        assert_eq!(content(one), content(other));
    }
});

fn read(text: &str) -> (SourceFile, Parse) {
    let file = SourceFile::new("Dockerfile", text).expect("a small file");
    let parse = syntax::parse(&file);
    (file, parse)
}

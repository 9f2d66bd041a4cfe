//! A file that is checked again after each edit has the findings of one that is checked for the first time, whatever was
//! kept of the checks before.

use std::fs;
use std::path::{Path, PathBuf};

use dflint::engine::{Draft, Engine, Options};
use dflint::text::{SourceFile, TextRange, TextSize};

/// What changes the meaning of a command, or of more than that.
const WORDS: &[&str] = &[
    " && go build -o /out/app .",
    " && cargo build --release",
    " dotnet publish -c Release -o /app ",
    " npm ci && npm run build",
    " GOARCH=arm64 ",
    " GOARCH=$TARGETARCH ",
    " CGO_ENABLED=0 ",
    " CGO_ENABLED=1 ",
    "$TARGETARCH",
    "${TARGETPLATFORM}",
    "$BUILDPLATFORM",
    " -a $TARGETARCH",
    " --target x86_64-unknown-linux-musl",
    "$(uname -m)",
    " /app",
    " /out/app",
    "-linux-amd64",
    " && curl -fsSL https://example.com/tool-linux-amd64 -o /usr/local/bin/tool",
    " && apt-get install -y gcc-aarch64-linux-gnu",
    " && case \"$TARGETARCH\" in amd64) A=x64 ;; arm64) A=arm64 ;; esac",
    " && [ \"$TARGETARCH\" = x86_64 ]",
    " && ./configure && make",
    " || true",
    " \\\n    ",
    " # ",
    "\n",
    "\\\n",
    "\r\n",
    "\"",
    "'",
    " <<EOF",
    "\nEOF\n",
    "é😀",
    " --from=build ",
    " --mount=type=cache,target=/src/obj ",
    "ARG TARGETARCH\n",
    "RUN ",
    "#",
    "`",
];

/// Numbers that look like chance and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// The files of the corpus; those of another folder where the variable `DFLINT_TEST_DOCKERFILES` names one.
fn files() -> Vec<String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let folder = std::env::var_os("DFLINT_TEST_DOCKERFILES").map_or(corpus, PathBuf::from);
    let mut paths: Vec<PathBuf> = ignore::Walk::new(folder)
        .flatten()
        .map(ignore::DirEntry::into_path)
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    let texts = paths.iter().filter_map(|path| fs::read_to_string(path).ok());
    texts.filter(|text| text.contains("FROM") && text.len() < 50_000).collect()
}

/// An edit as people make them: a word behind another one, some letters taken away, seldom both.
fn edit(text: &str, all: &[String], numbers: &mut Numbers) -> (usize, usize, String) {
    let boundary = |at: usize| text.floor_char_boundary(at.min(text.len()));
    // Half of the places are in RUNs.
    let runs: Vec<usize> = text.match_indices("RUN ").map(|(at, _)| at + 4).collect();
    let place = match runs.get(numbers.below(runs.len() * 2)) {
        Some(run) => boundary(run + numbers.below(60)),
        None => boundary(numbers.below(text.len() + 1)),
    };
    let end = if numbers.below(3) == 0 { boundary(place + 1 + numbers.below(25)).max(place) } else { place };
    let inserted = match numbers.below(4) {
        0 => String::new(),
        1 => {
            let other = &all[numbers.below(all.len())];
            let words: Vec<&str> = other.split(' ').collect();
            let first = numbers.below(words.len());
            let last = (first + 1 + numbers.below(4)).min(words.len());
            format!(" {} ", words[first..last].join(" "))
        }
        _ => numbers.pick(WORDS).to_owned(),
    };
    (place, end, inserted)
}

#[test]
fn what_is_kept_from_edit_to_edit_makes_no_difference() {
    let files = files();
    let engine = Engine::new(Options::default());
    let mut numbers = Numbers(0x5eed);
    let (mut edits, mut taken) = (0, 0);
    for (index, start) in files.iter().enumerate() {
        // Every other text is made of several, whose stages have the same names.
        let mut text = start.clone();
        if index % 2 == 0 {
            text = format!("{text}\n{}\n{start}\n", files[numbers.below(files.len())]);
        }
        let mut file = SourceFile::new("Dockerfile", text).expect("a small file");
        let mut draft = Draft::new(&file);
        for _ in 0..12 {
            let (place, end, inserted) = edit(file.text(), &files, &mut numbers);
            let mut text = file.text().to_owned();
            text.replace_range(place..end, &inserted);
            let before = file.text().to_owned();
            file = SourceFile::new("Dockerfile", text).expect("a small file");
            let size = |at: usize| TextSize::try_from(at).expect("a small file");
            edits += 1;
            if draft.edit(&file, TextRange::new(size(place), size(end)), TextSize::of(&inserted)) {
                taken += 1;
            } else {
                draft = Draft::new(&file);
            }
            // Several edits may come between two checks.
            if numbers.below(5) > 0 {
                let (kept, fresh) = (engine.check_draft(&mut draft), engine.check(&file));
                let what = || format!("{place}..{end} replaced by {inserted:?} in\n{before}");
                assert_eq!(kept, fresh, "{}", what());
            }
        }
    }
    assert!(taken * 3 > edits, "only {taken} of {edits} edits leave something to keep");
}

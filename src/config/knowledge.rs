//! Knowledge that a project adds, in the schema of `rules/knowledge`.

use std::ops::Range;

use toml::de::DeTable;

use super::reader::{Problem, Reader, Value};
use crate::knowledge::{Command, Does, Image, Libc, OWN_TOOLCHAIN, advice_entries, toolchain_entries};
use crate::text::SourceFile;

/// What a file adds to the knowledge.
#[derive(Debug, Default)]
pub struct Additions {
    /// Its `[[command]]` entries, one for each name.
    pub commands: Vec<Command>,
    /// Its `[[image]]` entries.
    pub images: Vec<Image>,
}

/// What the file adds to the knowledge. Its texts live as long as the process.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn read_knowledge(file: &SourceFile) -> Result<Additions, Vec<Problem>> {
    Reader::read(file, |reader, table| {
        let mut additions = Additions::default();
        for (index, value) in reader.known(table, &["command", "image"]) {
            match index {
                0 => {
                    for (table, span) in reader.tables("command", value) {
                        reader.command(table, &span, &mut additions.commands);
                    }
                }
                _ => {
                    for (table, span) in reader.tables("image", value) {
                        additions.images.extend(reader.image(table, &span));
                    }
                }
            }
        }
        additions
    })
}

const COMMAND: [&str; 13] = [
    "names",
    "alone",
    "does",
    "value-options",
    "output-options",
    "output-folders",
    "native-folders",
    "output-operands",
    "target-options",
    "target-variables",
    "advice",
    "source",
    "samples",
];

const IMAGE: [&str; 12] = [
    "name",
    "libc",
    "toolchain",
    "runtime",
    "musl-tags",
    "portable",
    "native-folders",
    "scripts",
    "directory",
    "advice",
    "source",
    "samples",
];

fn advice_ids() -> Vec<(&'static str, &'static str)> {
    advice_entries().map(|advice| (advice.id, advice.id)).collect()
}

impl Reader<'_> {
    fn command(&mut self, table: &DeTable<'_>, span: &Range<usize>, commands: &mut Vec<Command>) {
        let (mut names, mut does) = (Vec::new(), None);
        let mut command = Command::PRINTING;
        let advice = advice_ids();
        for (index, value) in self.known(table, &COMMAND) {
            let key = COMMAND[index];
            match key {
                "names" => names = self.words(key, value).to_vec(),
                "alone" => command.alone = self.flag(key, value),
                "does" => does = self.one_of(value, &Does::NAMES),
                "value-options" => command.value_options = self.words(key, value),
                "output-options" => command.output_options = self.words(key, value),
                "output-folders" => command.output_folders = self.words(key, value),
                "output-operands" => command.output_operands = self.flag(key, value),
                "target-options" => command.target_options = self.words(key, value),
                "native-folders" => command.native_folders = self.words(key, value),
                "advice" => command.advice = self.one_of(value, &advice),
                "target-variables" => command.target_variables = self.words(key, value),
                // For those who read the file.
                _ => {}
            }
        }
        self.require(table, span, "names", "as in names = [\"make release\"]");
        self.require(table, span, "does", "as in does = \"compile\"");
        let Some(does) = does else { return };
        // dflint has recipes for the commands that it brings: what others compile it judges, and does not rewrite.
        command.toolchain = (does == Does::Compile).then_some(OWN_TOOLCHAIN);
        for name in names {
            let parts = Vec::leak(name.split(' ').skip(1).collect());
            commands.push(Command { name, parts, does, ..command });
        }
    }

    fn image(&mut self, table: &DeTable<'_>, span: &Range<usize>) -> Option<Image> {
        let mut image = Image {
            name: "",
            toolchain: None,
            runtime: None,
            libc: Libc::None,
            musl_tags: &[],
            portable: false,
            native_folders: &[],
            scripts: &[],
            directory: None,
            advice: None,
        };
        let advice = advice_ids();
        let toolchains: Vec<_> = toolchain_entries().map(|toolchain| (toolchain.id, toolchain.id)).collect();
        for (index, value) in self.known(table, &IMAGE) {
            let key = IMAGE[index];
            match key {
                "name" => image.name = self.word(key, value)?,
                "libc" => image.libc = self.one_of(value, &Libc::NAMES)?,
                "toolchain" => image.toolchain = self.one_of(value, &toolchains),
                "runtime" => image.runtime = self.word(key, value),
                "musl-tags" => image.musl_tags = self.words(key, value),
                "portable" => image.portable = self.flag(key, value),
                "native-folders" => image.native_folders = self.words(key, value),
                "scripts" => image.scripts = self.words(key, value),
                "directory" => image.directory = self.word(key, value),
                "advice" => image.advice = self.one_of(value, &advice),
                // For those who read the file.
                _ => {}
            }
        }
        self.require(table, span, "name", "the end of its repository, as in name = \"acme/go-builder\"");
        self.require(table, span, "libc", "one of glibc, musl and none");
        Some(image)
    }

    fn require(&mut self, table: &DeTable<'_>, span: &Range<usize>, key: &str, what: &str) {
        if !table.keys().any(|name| name.get_ref() == key) {
            self.refuse(span.clone(), format!("`{key}` is missing: {what}"));
        }
    }

    fn word(&mut self, key: &str, value: &Value<'_>) -> Option<&'static str> {
        self.text(key, value).map(|text| &*text.leak())
    }

    fn words(&mut self, key: &str, value: &Value<'_>) -> &'static [&'static str] {
        let parse = |text: &str| Ok(&*text.to_owned().leak());
        self.texts(key, "[\"…\"]", value, parse).unwrap_or_default().leak()
    }

    fn flag(&mut self, key: &str, value: &Value<'_>) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.refuse(value.span(), format!("`{key}` is true or false"));
            false
        })
    }
}

//! What hovers and completions say of instructions, their flags and the keys of mounts.

use dflint::syntax::Keyword;

/// An instruction.
pub(super) struct InstructionDoc {
    pub(super) keyword: Keyword,
    pub(super) name: &'static str,
    /// How it is written.
    pub(super) form: &'static str,
    pub(super) about: &'static str,
    pub(super) flags: &'static [Entry],
}

/// A flag, a key or a value.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The values that it may have, where these are known.
    pub(super) values: &'static [&'static str],
}

const fn entry(name: &'static str, about: &'static str, values: &'static [&'static str]) -> Entry {
    Entry { name, about, values }
}

const BOOLEAN: &[&str] = &["true", "false"];

/// The instructions, by name.
pub(super) const INSTRUCTIONS: &[InstructionDoc] = &[
    InstructionDoc {
        keyword: Keyword::Add,
        name: "ADD",
        form: "ADD [flags] source… destination",
        about: "Copies files from the build context, a URL or a Git repository into the image; local archives are unpacked.",
        flags: &[
            entry("checksum", "The digest that a downloaded file must have: `sha256:…`.", &["sha256:"]),
            entry("chmod", "The mode of the files.", &[]),
            entry("chown", "The owner of the files: `user:group`.", &[]),
            entry("exclude", "A pattern of files to leave out; may be repeated.", &[]),
            entry("keep-git-dir", "Keep `.git` of a Git repository.", BOOLEAN),
            entry("link", "A layer of its own, which stays valid when the layers below it change.", BOOLEAN),
            entry("unpack", "Whether archives are unpacked, those from URLs too.", BOOLEAN),
        ],
    },
    InstructionDoc {
        keyword: Keyword::Arg,
        name: "ARG",
        form: "ARG name[=default]…",
        about: "Declares a build argument. Above the first FROM only FROM lines see it; a stage sees it after an `ARG name` of \
                its own. The platform variables (`TARGETARCH` …) need one, too.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::Cmd,
        name: "CMD",
        form: "CMD [\"program\", \"argument\"…]",
        about: "What a container runs by default, or the default arguments of the ENTRYPOINT.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::Copy,
        name: "COPY",
        form: "COPY [flags] source… destination",
        about: "Copies files from the build context, from another stage or from an image.",
        flags: &[
            entry("chmod", "The mode of the files.", &[]),
            entry("chown", "The owner of the files: `user:group`.", &[]),
            entry("exclude", "A pattern of files to leave out; may be repeated.", &[]),
            entry(
                "from",
                "The stage or image to copy from. Of an image, BuildKit takes the one for the target platform.",
                &[],
            ),
            entry("link", "A layer of its own, which stays valid when the layers below it change.", BOOLEAN),
            entry("parents", "Keep the folders above the files.", BOOLEAN),
        ],
    },
    InstructionDoc {
        keyword: Keyword::Entrypoint,
        name: "ENTRYPOINT",
        form: "ENTRYPOINT [\"program\", \"argument\"…]",
        about: "The program that a container runs.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::Env,
        name: "ENV",
        form: "ENV name=value…",
        about: "Sets environment variables, for the steps below and for containers.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::Expose,
        name: "EXPOSE",
        form: "EXPOSE port[/protocol]…",
        about: "Says on which ports the container listens.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::From,
        name: "FROM",
        form: "FROM [--platform=platform] image [AS name]",
        about: "Begins a stage, on an image, an earlier stage or `scratch`. Without `--platform` its steps run on the platform \
                that is built: emulated where that is not the builder's.",
        flags: &[entry(
            "platform",
            "The platform of the image, and so of the stage's steps. `$BUILDPLATFORM` runs them natively. Without effect on a \
             stage and on `scratch`.",
            &["$BUILDPLATFORM", "$TARGETPLATFORM"],
        )],
    },
    InstructionDoc {
        keyword: Keyword::Healthcheck,
        name: "HEALTHCHECK",
        form: "HEALTHCHECK [flags] CMD command",
        about: "How to tell whether the container still works; `HEALTHCHECK NONE` drops the base image's.",
        flags: &[
            entry("interval", "Time between two checks.", &["30s"]),
            entry("retries", "Failures in a row that make it unhealthy.", &["3"]),
            entry("start-interval", "Time between two checks while it starts.", &["5s"]),
            entry("start-period", "Time to start in which failures do not count.", &["0s"]),
            entry("timeout", "Time after which a check has failed.", &["30s"]),
        ],
    },
    InstructionDoc {
        keyword: Keyword::Label,
        name: "LABEL",
        form: "LABEL name=value…",
        about: "Adds metadata to the image.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::Maintainer,
        name: "MAINTAINER",
        form: "MAINTAINER name",
        about: "Deprecated: use `LABEL org.opencontainers.image.authors=…`.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::Onbuild,
        name: "ONBUILD",
        form: "ONBUILD instruction",
        about: "An instruction that runs when another image is built on this one.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::Run,
        name: "RUN",
        form: "RUN [flags] command",
        about: "Runs a command in the stage, on the stage's platform.",
        flags: &[
            entry("device", "A device of the builder that the command sees.", &[]),
            entry(
                "mount",
                "Something mounted while the command runs.",
                &["type=bind,", "type=cache,target=", "type=tmpfs,target=", "type=secret,id=", "type=ssh"],
            ),
            entry("network", "The network that the command sees.", &["default", "none", "host"]),
            entry("security", "Whether the command runs with all rights.", &["sandbox", "insecure"]),
        ],
    },
    InstructionDoc {
        keyword: Keyword::Shell,
        name: "SHELL",
        form: "SHELL [\"program\", \"argument\"…]",
        about: "The shell that runs commands which are not written as a JSON array.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::StopSignal,
        name: "STOPSIGNAL",
        form: "STOPSIGNAL signal",
        about: "The signal that asks the container to stop.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::User,
        name: "USER",
        form: "USER user[:group]",
        about: "Who runs the steps below, and the container.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::Volume,
        name: "VOLUME",
        form: "VOLUME path…",
        about: "Folders whose contents outlive the container.",
        flags: &[],
    },
    InstructionDoc {
        keyword: Keyword::Workdir,
        name: "WORKDIR",
        form: "WORKDIR path",
        about: "The working directory of the steps below, and of the container.",
        flags: &[],
    },
];

/// The keys of `--mount`.
pub(super) const MOUNT_KEYS: &[Entry] = &[
    entry("type", "What is mounted.", &["bind", "cache", "tmpfs", "secret", "ssh"]),
    entry("target", "Where it is mounted.", &[]),
    entry("source", "The path in what it comes from, or the file of a secret.", &[]),
    entry(
        "from",
        "The stage or image that it comes from. Of an image, the one for the target platform.",
        &[],
    ),
    entry(
        "id",
        "The name of the cache, the secret or the SSH agent. A cache is shared by all steps that name it.",
        &[],
    ),
    entry("sharing", "How steps that run at the same time share a cache.", &["shared", "private", "locked"]),
    entry("readonly", "Whether it can be written to.", BOOLEAN),
    entry("required", "Whether the build fails without the secret.", BOOLEAN),
    entry("env", "The environment variable that holds the secret.", &[]),
    entry("size", "How large a tmpfs may grow.", &[]),
    entry("mode", "The mode of the mounted file or folder.", &[]),
    entry("uid", "The owner.", &[]),
    entry("gid", "The group.", &[]),
];

/// The platform variables.
pub(super) const PLATFORM_VARIABLES: &[Entry] = &[
    entry("BUILDPLATFORM", "The platform of the builder.", &[]),
    entry("BUILDOS", "The operating system of the builder.", &[]),
    entry("BUILDARCH", "The architecture of the builder.", &[]),
    entry("BUILDVARIANT", "The variant of the builder's architecture.", &[]),
    entry("TARGETPLATFORM", "The platform that is built.", &[]),
    entry("TARGETOS", "The operating system that is built for.", &[]),
    entry("TARGETARCH", "The architecture that is built for.", &[]),
    entry("TARGETVARIANT", "The variant of the architecture that is built for.", &[]),
];

/// Platforms that people build for.
pub(super) const PLATFORMS: &[&str] = &[
    "linux/amd64",
    "linux/arm64",
    "linux/arm/v7",
    "linux/arm/v6",
    "linux/386",
    "linux/ppc64le",
    "linux/s390x",
    "linux/riscv64",
    "windows/amd64",
];

/// What there is to say of an instruction.
pub(super) fn instruction(keyword: Keyword) -> Option<&'static InstructionDoc> {
    INSTRUCTIONS.iter().find(|doc| doc.keyword == keyword)
}

#[cfg(test)]
mod tests {
    use dflint::syntax;
    use dflint::text::SourceFile;

    use super::*;

    fn errors(text: &str) -> Vec<String> {
        let file = SourceFile::new("Dockerfile", text).unwrap();
        syntax::parse(&file).errors.into_iter().map(|error| error.message).collect()
    }

    #[test]
    fn buildkit_knows_all_of_it() {
        let unknown = |text: &str| {
            let errors = errors(text);
            let names = ["instruction", "flag", "key"].map(|what| format!("there is no {what}"));
            let unknown = errors.iter().any(|error| names.iter().any(|name| error.starts_with(name)));
            assert!(!unknown, "{text}: {errors:?}");
        };
        for doc in INSTRUCTIONS {
            unknown(&format!("FROM scratch\n{} x y\n", doc.name));
            for flag in doc.flags {
                unknown(&format!("FROM scratch\n{} --{}=type=bind y z\n", doc.name, flag.name));
            }
        }
        for key in MOUNT_KEYS {
            unknown(&format!("FROM scratch\nRUN --mount=type=bind,{}=x y\n", key.name));
        }
        for (text, what) in
            [("COPPY x y", "instruction"), ("COPY --x=y z w", "flag"), ("RUN --mount=x=y z", "key")]
        {
            let message = &errors(&format!("FROM scratch\n{text}\n"))[0];
            assert!(message.starts_with(&format!("there is no {what}")), "{message}");
        }
    }

    #[test]
    fn nothing_that_the_parser_knows_is_missing() {
        assert_eq!(INSTRUCTIONS.len(), 18);
        assert!(INSTRUCTIONS.is_sorted_by_key(|doc| doc.name));
    }
}
